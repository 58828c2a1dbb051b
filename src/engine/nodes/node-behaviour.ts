import type { Failure } from "../../core/errors";
import type { JsonObject, JsonValue } from "../../core/json";
import type { Result } from "../../core/result";
import type { Defaults, GraphNode, TaskSnapshot, WorkflowSnapshot } from "../../definition/graph-types";
import type { RenderError } from "../../definition/templates";
import type { AnswerInput, NodeView, NodeWaiting, RunTaskCommand } from "../engine-types";

/**
 * What a kind of node does. `src/definition/nodes/` says what may be written of it. A behaviour keeps nothing: what it
 * has to remember is the `progress` of its last `wait`, plain JSON that it gets back with whatever happens next.
 */
export interface NodeBehaviour<Node extends GraphNode = GraphNode> {
  readonly type: Node["type"];
  enter(node: Node, context: NodeContext): NodeAction;
  /** What something that happened makes of a running node. `progress` is what it said last with `wait`. */
  resume?(node: Node, context: NodeContext, progress: JsonValue, event: NodeEvent): NodeAction;
  /** Why a running node would not take this answer; null where it would. */
  refuse?(node: Node, progress: JsonValue, answer: AnswerInput): Failure | null;
  /** What expressions of the node itself and of its body see as `nodes.THIS.output` while it runs; null where absent. */
  output?(progress: JsonValue): JsonValue;
  /** For views. */
  waiting?(node: Node, progress: JsonValue): NodeWaiting | undefined;
  items?(progress: JsonValue): NodeView["items"];
  iteration?(progress: JsonValue): number;
  /** Whether the body of this item or iteration has been started; it may have ended. */
  hasBegun?(progress: JsonValue, number: number): boolean;
}

export interface NodeContext {
  readonly nowMs: number;
  /** Items at a time of this map, where the run was told so. */
  readonly concurrency?: number | undefined;
  /** What the definition gives nodes that do not say it themselves. */
  readonly defaults?: Defaults | undefined;
  /** Stored tasks of the run, by id. */
  task(taskId: string): TaskSnapshot | undefined;
  /** Stored workflows of the run, by id. */
  workflow(workflowId: string): WorkflowSnapshot | undefined;
  /** Renders a part of the node; `pointer` is that part's place in the node. `extra` are variables beside the usual ones. */
  render(
    template: JsonValue,
    pointer: string,
    extra?: Readonly<Record<string, JsonValue>>,
  ): Result<JsonValue, RenderError>;
  /**
   * CEL text, bare or in `${{ }}`; extra variables such as item, index, iteration, error. `progress` goes before the one
   * that was said last, so that a loop's `until` sees the iteration that has just ended in `nodes.THIS.output`.
   */
  evaluate(
    text: string,
    pointer: string,
    extra?: Readonly<Record<string, JsonValue>>,
    progress?: JsonValue,
  ): Result<JsonValue, RenderError>;
  /** Takes the oldest message of this name that the schema admits from the inbox. */
  takeMessage(name: string, schema?: JsonObject): { readonly payload: JsonValue } | undefined;
}

/** What happened to something that a running node waits for. */
export type NodeEvent =
  | { readonly type: "timer_fired"; readonly name: string }
  /** One of its name may be in the inbox: `takeMessage`. */
  | { readonly type: "message" }
  /** `concurrency` in the context has changed. */
  | { readonly type: "concurrency" }
  | { readonly type: "answer"; readonly answer: AnswerInput }
  /** `suffix` is that of its `start_body`, such as `[3]` or `#2`. */
  | { readonly type: "body_ended"; readonly suffix: string; readonly outcome: BodyOutcome }
  | { readonly type: "child_ended"; readonly outcome: BodyOutcome };

export type BodyOutcome =
  | { readonly status: "completed"; readonly output: JsonValue }
  | { readonly status: "failed"; readonly failure: Failure }
  | { readonly status: "cancelled" };

export type NodeAction =
  /** One task, whose end is the node's. */
  | { readonly type: "run"; readonly command: Omit<RunTaskCommand, "type" | "activityId" | "nodeId" | "summary"> }
  /** `cases`: those that a switch picked. */
  | { readonly type: "complete"; readonly output: JsonValue; readonly cases?: readonly string[] }
  | { readonly type: "fail"; readonly failure: Failure }
  /** Ends the node and its graph with this output. */
  | { readonly type: "end_graph"; readonly output: JsonValue }
  /** Goes on running. `input`: for the journal's `entered`, looked at with `enter` only. */
  | {
      readonly type: "wait";
      readonly progress: JsonValue;
      readonly effects?: readonly NodeEffect[];
      readonly input?: JsonValue;
    };

/** What a waiting node sets going. All that is left of it when the node ends is cancelled. */
export type NodeEffect =
  | { readonly type: "start_timer"; readonly name: string; readonly dueAtMs: number }
  | { readonly type: "cancel_timer"; readonly name: string }
  /** `variables`: item and index, or iteration. */
  | {
      readonly type: "start_body";
      readonly suffix: string;
      readonly variables: Readonly<Record<string, JsonValue>>;
    }
  /** Each still ends with `body_ended`, cancelled or as it may. */
  | { readonly type: "cancel_bodies" }
  | { readonly type: "start_child"; readonly workflowId: string; readonly input: JsonValue };

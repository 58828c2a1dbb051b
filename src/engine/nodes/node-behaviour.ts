import type { Failure } from "../../core/errors";
import type { JsonValue } from "../../core/json";
import type { Result } from "../../core/result";
import type { GraphNode, TaskSnapshot } from "../../definition/graph-types";
import type { RenderError } from "../../definition/templates";
import type { RunTaskCommand } from "../engine-types";

/** What a node does when it is entered. `src/definition/nodes/` says what may be written of it. */
export interface NodeBehaviour {
  readonly type: GraphNode["type"];
  enter(node: GraphNode, context: NodeContext): NodeAction;
}

export interface NodeContext {
  /** Stored tasks of the run, by id. */
  task(taskId: string): TaskSnapshot | undefined;
  /** Renders a part of the node; `pointer` is that part's place in the node. */
  render(template: JsonValue, pointer: string): Result<JsonValue, RenderError>;
}

/** A node that runs no task ends where it is entered. */
export type NodeAction =
  | { readonly type: "run"; readonly command: Omit<RunTaskCommand, "type" | "activityId" | "nodeId" | "summary"> }
  | { readonly type: "complete"; readonly output: JsonValue }
  | { readonly type: "fail"; readonly failure: Failure };

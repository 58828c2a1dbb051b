import type { Failure } from "../core/errors";
import type { JsonObject, JsonValue } from "../core/json";
import type { TaskOptions } from "../definition/task-options";

/** What happened outside the engine. */
export type EngineInput =
  | { readonly type: "task_completed"; readonly activityId: string; readonly output: JsonValue }
  | { readonly type: "task_failed"; readonly activityId: string; readonly failure: Failure }
  | { readonly type: "task_cancelled"; readonly activityId: string }
  | { readonly type: "cancel"; readonly reason: string };

/** What the driver has to do, in this order. The order becomes history: see `ENGINE_VERSION`. */
export type EngineCommand =
  | RunTaskCommand
  | { readonly type: "cancel_task"; readonly activityId: string }
  | { readonly type: "finish"; readonly outcome: RunOutcome };

export interface RunTaskCommand {
  readonly type: "run_task";
  /** The node id, `ID#n` on a later iteration, `ID[3]` in a map. Unique among what runs. */
  readonly activityId: string;
  readonly nodeId: string;
  /** The node's name, for the Temporal Web UI. */
  readonly summary: string;
  readonly taskType: string;
  /** Rendered and checked. */
  readonly config: JsonObject;
  /** Absent: the execution's own folder. */
  readonly workspacePath?: string;
  /** Absent for an inline task. */
  readonly taskId?: string;
  readonly options: TaskOptions;
}

export type RunOutcome =
  | { readonly status: "completed"; readonly output: JsonValue }
  | { readonly status: "failed"; readonly failure: Failure; readonly nodeId?: string; readonly output?: JsonValue }
  | { readonly status: "cancelled"; readonly reason: string };

export type NodeStatus = "pending" | "running" | "completed" | "failed" | "skipped" | "cancelled";

/**
 * What happened to a node without an activity to tell of it: skipped, or failed before it could run (a template that
 * did not evaluate). The driver writes these to the memo `journal`; the projection turns them into events.
 */
export interface JournalEntry {
  readonly kind: "entered" | "completed";
  readonly nodeId: string;
  readonly nodeType: string;
  /** With `completed`. */
  readonly status?: "completed" | "failed" | "skipped" | "cancelled";
  readonly output?: JsonValue;
  /** Bytes of UTF-8 of the output's JSON; the driver writes it in place of an output that is too large for the journal. */
  readonly outputBytes?: number;
  readonly failure?: Failure;
}

/** One node, for the `state` query and the table in the Temporal Web UI. */
export interface NodeView {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly status: NodeStatus;
  readonly failure?: Failure;
  /** Size of the output's JSON in UTF-16 units; absent where there is none. */
  readonly outputSize?: number;
  /** Ids of the nodes that it still waits for. */
  readonly waitsFor?: readonly string[];
}

import type { Failure } from "../core/errors";
import type { JsonObject, JsonValue } from "../core/json";
import type { Lane } from "../definition/graph-types";
import type { TaskOptions } from "../definition/task-options";
import type { SeedInput } from "./seeds";
import type { Control } from "./steering";

/**
 * What happened outside the engine. Instance ids name one run of a node: the node id, with `[3]` for the fourth item of the
 * map and `#2` for the second iteration of the loop that it is in, outermost first.
 */
export type EngineInput =
  | { readonly type: "task_completed"; readonly activityId: string; readonly output: JsonValue }
  | { readonly type: "task_failed"; readonly activityId: string; readonly failure: Failure }
  | { readonly type: "task_cancelled"; readonly activityId: string }
  | { readonly type: "timer_fired"; readonly timerId: string }
  | { readonly type: "child_completed"; readonly childId: string; readonly output: JsonValue }
  | { readonly type: "child_failed"; readonly childId: string; readonly failure: Failure }
  | { readonly type: "child_cancelled"; readonly childId: string }
  | MessageInput
  | AnswerInput
  | SteerInput
  | { readonly type: "cancel"; readonly reason: string }
  /** Whoever carries the run out cannot go on with its graph: it ends as failed, with what has to happen then. */
  | { readonly type: "fail"; readonly failure: Failure }
  /** Answers `yield`. */
  | { readonly type: "go_on" };

/** A message from outside, for nodes of type `signal`. */
export interface MessageInput {
  readonly type: "message";
  readonly name: string;
  readonly payload: JsonValue;
}

/** A person's word on an approval. */
export interface AnswerInput {
  readonly type: "answer";
  /** Instance id of the approval. */
  readonly nodeId: string;
  readonly approved: boolean;
  readonly by?: string;
  readonly comment?: string;
  readonly form?: JsonValue;
}

/** A person steers the run. */
export type SteerInput = SteerAction & {
  readonly type: "steer";
  /** Who. */
  readonly by?: string;
  /** For the event that tells of it. */
  readonly requestId?: string;
};

/** `nodeId` is an instance id. */
export type SteerAction =
  /** No new node starts; what runs goes on to its end. */
  | { readonly action: "pause" }
  /** `step`: no further than the next node. */
  | { readonly action: "resume"; readonly step?: true }
  /** The node ends now, or when it is reached, as if its `when` had been false. */
  | { readonly action: "skip"; readonly nodeId: string }
  /** The node ends now, or when it is reached, with this output. */
  | { readonly action: "set_output"; readonly nodeId: string; readonly output: JsonValue }
  /** A running node ends as cancelled; `catch` and edges take that as a failure with the code CANCELLED. */
  | { readonly action: "cancel_node"; readonly nodeId: string }
  /**
   * Says only that the next attempt of a task is made now: who makes it is Temporal, which also knows which `attempt` that is
   * (absent where it has none), and whether it still waits.
   */
  | { readonly action: "retry"; readonly nodeId: string; readonly attempt?: number; readonly isWaiting: boolean }
  /** `concurrency`: items at a time, by the id of a map as it stands in the definition. */
  | {
      readonly action: "update";
      readonly timeoutAtMs?: number;
      readonly concurrency?: Readonly<Record<string, number>>;
    };

/**
 * Why a message, an answer or a steering is not taken: the `code` of what `refusal` gives. `details` of INPUT_INVALID is `{problems}`, with
 * JSON pointers into the payload or form, and of APPROVAL_UNKNOWN `{waiting}`, the instance ids of the approvals that wait.
 */
export type RefusalCode =
  /** The payload or the form does not match its schema. */
  | "INPUT_INVALID"
  | "MESSAGE_TOO_LARGE"
  | "INBOX_FULL"
  /** No approval of that instance id waits. */
  | "APPROVAL_UNKNOWN"
  /** `by` is none of the approvers. */
  | "APPROVER_REFUSED"
  /** No node can have that instance id; `details` may hold a `suggestion`. */
  | "NODE_UNKNOWN"
  /** The node, or the run, is where this makes no sense. */
  | "STATE_UNFIT"
  /** The run is ending and takes nothing more. */
  | "RUN_ENDING";

/** What the driver has to do, in this order. The order becomes history: see `ENGINE_VERSION`. */
export type EngineCommand =
  | RunTaskCommand
  | { readonly type: "cancel_task"; readonly activityId: string }
  | { readonly type: "start_timer"; readonly timerId: string; readonly dueAtMs: number; readonly summary: string }
  | { readonly type: "cancel_timer"; readonly timerId: string }
  | StartChildCommand
  | { readonly type: "cancel_child"; readonly childId: string }
  /** Much is still to do that waits for nothing: end the workflow task, then say `go_on`. */
  | { readonly type: "yield" }
  | { readonly type: "finish"; readonly outcome: RunOutcome };

export interface RunTaskCommand {
  readonly type: "run_task";
  /** The instance id; unique among what runs. That of a compensation ends in `/compensate`. */
  readonly activityId: string;
  /** As in the definition. */
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
  /** 1 to 5; absent: Temporal's default, 3. */
  readonly priority?: number;
  /** Absent: standard. */
  readonly lane?: Lane;
  /** A result of the same task type and key that is no older may be taken in place of running the task. */
  readonly cache?: { readonly key: string; readonly ttlMs: number };
}

export interface StartChildCommand {
  readonly type: "start_child";
  /** The instance id of the node. */
  readonly childId: string;
  readonly nodeId: string;
  readonly summary: string;
  /** One of the snapshot's `workflows`. */
  readonly workflowId: string;
  readonly input: JsonValue;
  /** What it takes over from an earlier run; absent of one that begins anew. */
  readonly seeds?: SeedInput;
}

export type RunOutcome =
  | { readonly status: "completed"; readonly output: JsonValue }
  | { readonly status: "failed"; readonly failure: Failure; readonly nodeId?: string; readonly output?: JsonValue }
  | { readonly status: "cancelled"; readonly reason: string };

export type NodeStatus = "pending" | "running" | "completed" | "failed" | "skipped" | "cancelled";

/**
 * What happened to a node without an activity to tell of it: skipped, or failed before it could run (a template that
 * did not evaluate), or of a kind that runs no task. The driver writes these to the memo `journal`; the projection turns
 * them into events.
 */
export interface JournalEntry {
  /** `control`: the run was steered. */
  readonly kind: "entered" | "completed" | "control";
  /** Instance id; empty with a `control` that is of no node. */
  readonly nodeId: string;
  /** Empty with `control`. */
  readonly nodeType: string;
  readonly control?: Control;
  /** With `entered`: what it waits for, such as an approval's message and form. */
  readonly input?: JsonValue;
  /** Bytes of UTF-8 of the input's JSON; the driver writes it in place of an input that is too large for the journal. */
  readonly inputBytes?: number;
  /** With `completed`. */
  readonly status?: "completed" | "failed" | "skipped" | "cancelled";
  readonly output?: JsonValue;
  /** Bytes of UTF-8 of the output's JSON; the driver writes it in place of an output that is too large for the journal. */
  readonly outputBytes?: number;
  readonly failure?: Failure;
  /** With `completed`: the node was ended from outside, and this is its end whatever its activity says. */
  readonly isSteered?: true;
  /** With `completed`: the node did not run; it ended so in the execution of this id. */
  readonly reusedFrom?: string;
  /** With `completed`: the node did not run; whoever had the execution redriven gave its output. */
  readonly isInjected?: true;
}

/** One node, for the `state` query and the table in the Temporal Web UI. */
export interface NodeView {
  /** Instance id. */
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly status: NodeStatus;
  readonly failure?: Failure;
  /** Size of the output's JSON in UTF-16 units; absent where there is none. */
  readonly outputSize?: number;
  /** Ids of the nodes that it still waits for. */
  readonly waitsFor?: readonly string[];
  /** What a running node waits for. */
  readonly waiting?: NodeWaiting;
  /** The run is paused, and this node starts once it is resumed. */
  readonly isHeld?: true;
  /** It did not run in this execution: its end was taken over from another, or its output given. */
  readonly isReused?: true;
  /** What the node ends with as soon as it is entered. */
  readonly planned?: "skip" | "set_output";
  /** Of a map. */
  readonly items?: { readonly total: number; readonly ended: number; readonly failed: number };
  /** Of a loop, and of what back edges have started again: which iteration goes on, from 1. */
  readonly iteration?: number;
}

export type NodeWaiting =
  | { readonly for: "time"; readonly untilMs: number }
  | { readonly for: "message"; readonly name: string; readonly untilMs?: number }
  | {
      readonly for: "approval";
      readonly message: string;
      readonly schema?: JsonObject;
      readonly approvers?: readonly string[];
      /** Absent in runs that were under way before it was kept. */
      readonly sinceMs?: number;
      readonly untilMs?: number;
      /** What happens then; present where `untilMs` is. */
      readonly onTimeout?: "fail" | "approve" | "reject";
    }
  /** `executionId` is known once the child run is being started. */
  | { readonly for: "child"; readonly workflowId: string; readonly executionId?: string };

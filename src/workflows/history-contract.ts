/**
 * What is recorded in Temporal histories and read back from them by replay, by the projection and by runners. Nothing
 * here may be renamed or reshaped while a history that holds it is kept; `tests/replay` fails when it is. New optional
 * fields may be added.
 */
import type { JsonObject, JsonValue } from "../core/json";
import type { RunOrigin } from "../core/run-origin";
import type { Tariff } from "../definition/expressions/fuel";
import type { DefinitionSnapshot } from "../definition/graph-types";
import type { TaskOptions } from "../definition/task-options";
import type { EngineState } from "../engine/engine-state";
import type { EngineCommand, EngineInput, JournalEntry, SteerAction } from "../engine/engine-types";
import type { ChildSeed, NodeSeed } from "../engine/seeds";
import type { Breakpoints } from "../engine/steering";
import type { RunnerEventType } from "../events/event-types";
import type { ScheduleSpecText } from "../schedules/schedule-spec";

/** The engine that a run was started on, and stays on for life. */
export const ENGINE_VERSION = 1;

/** Workflow types. */
export const TASK_WORKFLOW = "executeTask";
export const GRAPH_WORKFLOW = "executeWorkflow";

/** Activities that keep what one run of a chain hands to the next where it is too large for a run's input (`state-parts.ts`). */
export const SAVE_STATE_PART = "save_state_part";
export const LOAD_STATE_PART = "load_state_part";
export const FREE_STATE_PARTS = "free_state_parts";

/** Id of the one activity of `executeTask`. */
export const TASK_ACTIVITY_ID = "task";

/** Signal that runners send; its one argument is a `RunnerEventBatch`. */
export const ACTIVITY_EVENTS_SIGNAL = "activity-events";

/** Query that answers with a `StateView` (`src/workflows/state-view.ts`). */
export const STATE_QUERY = "state";

/** Query that answers with a `WaitingApprovals`, with room for more than the memo has. */
export const APPROVALS_QUERY = "approvals";

/** Signal with the one argument `SendMessageInput`: a message that nobody wants to hear the fate of. */
export const MESSAGE_SIGNAL = "message";

/**
 * Updates, with the one argument `SendMessageInput` and `AnswerApprovalInput`. Their validators refuse with an
 * `ApplicationFailure` whose type is a `RefusalCode` and whose one detail is the failure's `details`.
 */
export const SEND_MESSAGE_UPDATE = "send_message";
export const ANSWER_UPDATE = "answer";
/** Update with the one argument `SteerRunInput`; refuses as the others do. */
export const STEER_UPDATE = "steer";

/** Workflow type that lets runs of one workflow with the same concurrency key go one at a time (`concurrency-mutex.ts`). */
export const MUTEX_WORKFLOW = "concurrencyMutex";
/** Signals to it: a run asks for its turn (`SlotClaim`), or leaves, whether it had it or not (`SlotLeave`). */
export const CLAIM_SLOT_SIGNAL = "claim-slot";
export const LEAVE_SLOT_SIGNAL = "leave-slot";
/** Signal from it to a run, with the one argument `SlotWord`. */
export const SLOT_SIGNAL = "slot";

/** Workflow type that a Temporal schedule of ours starts, and the activity that tells it what to start (`start-scheduled.ts`). */
export const START_SCHEDULED_WORKFLOW = "startScheduled";
export const PLAN_SCHEDULED_RUN = "planScheduledRun";

/**
 * Workflow type that carries out one reaction to the end of one execution, and the activity that does it (`react.ts`). Histories
 * hold ids only: URLs and secrets stay in the database.
 */
export const REACT_WORKFLOW = "react";
export const PERFORM_REACTION = "performReaction";

/** Memo keys. */
export const MEMO_EXECUTION_ID = "execution_id";
/** SHA-256 of the request, so that an attaching request can be told from a different one. */
export const MEMO_REQUEST_HASH = "request_hash";
/** Of a paused run a `Pause`; null, or absent, of any other. Written together with the journal that tells of it. */
export const MEMO_PAUSE = "pause";
/** What a run was called at its start; there only where it was called something. */
export const MEMO_DISPLAY_NAME = "display_name";
export const MEMO_LABELS = "labels";
/** Holds the `JournalEntry`s of one workflow task; each upsert replaces the last. */
export const MEMO_JOURNAL = "journal";
/** Holds a `WaitingApprovals`; absent while a run waits for nobody. */
export const MEMO_APPROVALS = "approvals";
/** Id of the schedule that started the run. */
export const MEMO_SCHEDULE_ID = "schedule_id";

/** Search attributes, all keywords. A run's status is Temporal's own `ExecutionStatus`. */
export const SEARCH_ATTRIBUTES = {
  executionId: "AcoExecutionId",
  taskId: "AcoTaskId",
  workflowId: "AcoWorkflowId",
  definitionHash: "AcoDefinitionHash",
  /** The `WAIT_KINDS` that a run waits for, in this order and with `+` between them (`waits-for.ts`); absent while there is none. */
  waitsFor: "AcoWaitsFor",
} as const;
/** What a run tells of that it waits for: people, a message, a time that is a minute away or more, being resumed, its turn. */
export const WAIT_KINDS = ["approval", "signal", "timer", "pause", "turn"] as const;
export type WaitKind = (typeof WAIT_KINDS)[number];

/** Temporal workflow ids. One run of a task at a time; any number of runs of a workflow. */
export function taskRunId(taskId: string): string {
  return `task/${taskId}`;
}
export function graphRunId(workflowId: string, executionId: string): string {
  return `workflow/${workflowId}/${executionId}`;
}

/** Temporal appends `-` and the time that the start is for. */
export function starterRunId(scheduleId: string): string {
  return `schedule/${scheduleId}`;
}

export function reactionRunId(executionId: string, reactionId: string): string {
  return `reaction/${executionId}/${reactionId}`;
}

/** `keyHash` is the SHA-256 of the concurrency key, lower-case hex. */
export function mutexRunId(workflowId: string, keyHash: string): string {
  return `concurrency/${workflowId}/${keyHash}`;
}

/** What a run is called by, for its record; nothing runs otherwise for it. */
export type RunLabels = Readonly<Record<string, string>>;

/** The only argument of `executeTask`. */
export interface TaskRunInput {
  readonly engineVersion: number;
  readonly executionId: string;
  readonly taskId: string;
  readonly title: string;
  readonly taskType: string;
  /** After merging the override. */
  readonly config: JsonObject;
  readonly workspacePath: string;
  readonly options: TaskOptions;
  readonly displayName?: string;
  readonly labels?: RunLabels;
  readonly origin?: RunOrigin;
  readonly redriven?: RedrivenRun;
}

/** Of which execution this one is a redrive. */
export interface RedrivenRun {
  readonly executionId: string;
  /** How nodes end that do not run again. Absent of a task, and in later runs of a chain, whose state has what is left of them. */
  readonly ends?: readonly NodeSeed[];
  /** Child runs that go on from earlier ones; absent as `ends`, and where there are none. */
  readonly children?: readonly ChildSeed[];
}

/** The only argument of `executeWorkflow`. */
export interface GraphRunInput {
  readonly engineVersion: number;
  readonly executionId: string;
  readonly workflowId: string;
  readonly workflowVersion: number;
  readonly name: string;
  readonly snapshot: DefinitionSnapshot;
  readonly input: JsonValue;
  /** Where it is to be paused. */
  readonly breakpoints?: Breakpoints;
  readonly displayName?: string;
  /** The definition's own among them. */
  readonly labels?: RunLabels;
  readonly origin?: RunOrigin;
  readonly redriven?: RedrivenRun;
  /** Continues as new from this many history events on, where Temporal does not suggest it before. */
  readonly continueAfterEvents?: number;
  /** Writes what it waits for from people to its memo. Absent: started before runs did so; its history has no such commands. */
  readonly announcesApprovals?: boolean;
  /** Tells of all that it waits for in its search attribute. Absent: started before runs did so, and tells of approvals alone. */
  readonly announcesWaits?: boolean;
  /**
   * What its expressions are charged, and that it continues as new by that too. Absent: started before runs did so, when they were
   * charged by the first tariff.
   */
  readonly tariff?: Tariff;
  /** What the run before this one handed on; absent in the first run of a chain. */
  readonly resumed?: ResumedRun;
}

/** What a run waits for from people: value of the memo `approvals`, and answer of the query `approvals`. */
export interface WaitingApprovals {
  /** How many there are. */
  readonly total: number;
  /** The first that fit, in the order in which they began to wait. */
  readonly approvals: readonly WaitingApproval[];
}

export interface WaitingApproval {
  /** Instance id. */
  readonly nodeId: string;
  readonly name: string;
  readonly message: string;
  /** JSON Schema of the form. */
  readonly schema?: JsonObject;
  /** Who may answer; anybody where absent. */
  readonly approvers?: readonly string[];
  readonly sinceMs?: number;
  readonly untilMs?: number;
  readonly onTimeout?: "fail" | "approve" | "reject";
  /** True where the message is cut and schema and approvers are left out, because they are too large. */
  readonly isBrief?: true;
}

/** The only argument of `startScheduled`; it stands in the schedule, so it is the same for all its times. */
export interface StartScheduledInput {
  readonly scheduleId: string;
  readonly kind: "task" | "workflow";
  readonly subjectId: string;
  /** Template; absent where there is none. */
  readonly input?: JsonValue;
  /** As its client wrote it; not for the run, but Temporal keeps a schedule's times only in a form of its own. */
  readonly spec: ScheduleSpecText;
}

/** The only argument of `planScheduledRun`. */
export interface PlanScheduledInput extends Omit<StartScheduledInput, "spec"> {
  /** The time that the start is for; RFC 3339, UTC, milliseconds. */
  readonly scheduledTime: string;
}

/** What `planScheduledRun` gives. */
export type ScheduledPlan =
  | { readonly kind: "task"; readonly requestHash: string; readonly run: Omit<TaskRunInput, "executionId"> }
  | { readonly kind: "workflow"; readonly requestHash: string; readonly run: Omit<GraphRunInput, "executionId"> };

/** What `startScheduled` gives; `skipped` says why there is no execution. */
export interface StartScheduledResult {
  readonly executionId: string;
  readonly skipped?: string;
}

/** The only argument of `react`, and of `performReaction`. */
export interface ReactInput {
  readonly executionId: string;
  readonly reactionId: string;
}

/** What `react` and `performReaction` give; `GONE`: there was nothing to do any more. */
export interface ReactResult {
  readonly status: "DONE" | "SKIPPED" | "FAILED" | "GONE";
}

/** What one run of a chain hands to the next. */
export interface ResumedRun {
  /** When the first run started; RFC 3339, UTC, milliseconds. */
  readonly startedAt: string;
  /** Which run of its chain this is, from 1 for the second; the stream's offsets go by it where earlier runs are gone. */
  readonly run: number;
  /** Absent where it is in `parts`. */
  readonly carried?: CarriedState;
  /** References of the blobs that hold the JSON of a `CarriedState`, in order. */
  readonly parts?: readonly string[];
  /** What came while the parts were being written: the engine has taken it, but not in the state that is carried. */
  readonly inputs: readonly CarriedInput[];
}

export interface CarriedState {
  /** Snapshot and input are beside it in the run's input. */
  readonly engine: Omit<EngineState, "snapshot" | "input">;
  /** What the engine waits for, was never started, and is not among what the engine itself would have started again. */
  readonly held: readonly EngineCommand[];
  /** Request ids of messages and answers that were taken, oldest first. */
  readonly requestIds: readonly string[];
}

export interface CarriedInput {
  readonly input: EngineInput;
  readonly requestId?: string;
}

/** Of what was asked. The result of the update repeats it: an id that comes again with another request is noticed by it. */
export type RequestHash = string;

/** A message for nodes of type `signal`. */
export interface SendMessageInput {
  readonly name: string;
  readonly payload: JsonValue;
  /** The same again is the same message. */
  readonly requestId?: string;
  readonly requestHash?: RequestHash;
}

/** A person's word on an approval. */
export interface AnswerApprovalInput {
  /** Instance id of the approval. */
  readonly nodeId: string;
  readonly approved: boolean;
  readonly by?: string;
  readonly comment?: string;
  readonly form?: JsonValue;
  /** The same again is the same answer. */
  readonly requestId?: string;
  readonly requestHash?: RequestHash;
}

/** A person steers the run. */
export type SteerRunInput = SteerAction & {
  readonly by?: string;
  /** The same again is the same request. */
  readonly requestId?: string;
  readonly requestHash?: RequestHash;
};

/** The only argument of a runner's activity; the activity's type is the task type. */
export interface RunnerInput {
  readonly executionId: string;
  /** Absent in the execution of a task. */
  readonly nodeId?: string;
  /** Absent for an inline task. */
  readonly taskId?: string;
  readonly config: JsonObject;
  /** Absent: the execution's own folder on the worker. */
  readonly workspacePath?: string;
  readonly options: TaskOptions;
  /** How many `activity-events` signals this activity may send in all its attempts; 0: it keeps silent. */
  readonly signalBudget: number;
  /** A result of the same task type and key that is no older may be taken in place of running the task. */
  readonly cache?: { readonly key: string; readonly ttlMs: number };
}

/** The only argument of `save_state_part`, beside the bytes. */
export interface StatePartInput {
  readonly executionId: string;
  /** Under which the bytes are kept. */
  readonly reference: string;
}

/** The only argument of the signal `activity-events`. */
export interface RunnerEventBatch {
  readonly activityId: string;
  readonly nodeId?: string;
  /** From 1. */
  readonly attempt: number;
  readonly events: readonly RunnerEvent[];
}

export interface RunnerEvent {
  readonly type: RunnerEventType;
  /** Counts the events of one attempt, from 1. */
  readonly sequence: number;
  /** When the runner said it; RFC 3339, UTC, milliseconds. */
  readonly timestamp: string;
  readonly data: JsonObject;
}

/** Value of the memo `journal`. */
export type Journal = readonly JournalEntry[];

/** The only argument of `concurrencyMutex`: nothing at first, what the run before knew after a continue-as-new. */
export interface MutexInput {
  readonly slot?: SlotState;
}

export interface SlotState {
  /** Whose turn it is. */
  readonly holder: SlotClaim | null;
  /** The holder was asked to make way. */
  readonly holderReplaced: boolean;
  /** Who waits, the next one first. */
  readonly queue: readonly SlotClaim[];
}

/** The only argument of the signal `claim-slot`. */
export interface SlotClaim {
  readonly executionId: string;
  readonly temporalWorkflowId: string;
  /** Who started first goes first. */
  readonly startedAtMs: number;
  readonly onConflict: "reject" | "queue" | "replace";
  /** Temporal workflow ids of runs that wait for this one to end. */
  readonly ancestors: readonly string[];
}

/** The only argument of the signal `leave-slot`. */
export interface SlotLeave {
  readonly executionId: string;
}

/** The only argument of the signal `slot`. `holder` is an execution id. */
export type SlotWord =
  | { readonly status: "granted" }
  | { readonly status: "queued"; readonly holder: string; readonly ahead: number }
  | { readonly status: "rejected"; readonly holder: string; readonly reason: string };

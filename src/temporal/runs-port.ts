import type { Failure } from "../core/errors";
import type { JsonObject } from "../core/json";
import type { Pause } from "../engine/steering";
import type { ExecutionEvent } from "../events/event-types";
import type { RunHistory } from "../events/project-history";
import type {
  AnswerApprovalInput,
  GraphRunInput,
  SendMessageInput,
  SteerRunInput,
  TaskRunInput,
  WaitingApprovals,
  WaitKind,
} from "../workflows/history-contract";

/** Where to find a run in Temporal. */
export interface RunReference {
  readonly executionId: string;
  readonly temporalWorkflowId: string;
  /** The first run of the chain. */
  readonly temporalRunId: string;
}

/** A run that was started, or the one that was running already. */
export interface StartedRun extends RunReference {
  readonly attached: boolean;
  /** The hash that the running one was started with; compare it with one's own when `attached`. */
  readonly requestHash: string;
}

export type RunState =
  | { readonly status: "RUNNING"; readonly pause?: Pause }
  | {
      readonly status: "COMPLETED" | "FAILED" | "CANCELLED";
      readonly closedAt: Date;
      readonly output?: import("../core/json").JsonValue;
      readonly failure?: Failure;
      readonly nodeId?: string;
    };

/** A run as Temporal lists it; `runId` is its own, not that of its chain's first. */
export interface ListedRun {
  readonly executionId: string;
  readonly temporalWorkflowId: string;
  readonly runId: string;
}

/** The history of one run of an execution. */
export interface ExportedRun extends RunHistory {
  readonly runId: string;
  /** `temporal.api.history.v1.History` as protobufjs writes it to JSON: bytes in base64, enums by name, 64-bit numbers as texts. */
  toJson(): JsonObject;
}

/** What became of a message or an answer. */
export type UpdateOutcome =
  /** It is in the run's history. */
  | { readonly status: "taken" }
  /** Nothing happened; the failure's code is a `RefusalCode`. */
  | { readonly status: "refused"; readonly failure: Failure }
  /** The request id was given to another request of this run before. */
  | { readonly status: "reused" }
  /** The run has closed, or Temporal does not know it. */
  | { readonly status: "ended" };

/** Where a task that has been given to Temporal stands. */
export interface TaskAttempt {
  /** From 1: the one that runs, or the next one. */
  readonly attempt: number;
  /** It waits for its backoff. */
  readonly isWaiting: boolean;
}

/** A task that has failed at least once, and is not given up. */
export interface TaskRetry {
  readonly activityId: string;
  /** From 2: the one that runs, or the next one. */
  readonly attempt: number;
  /** Absent where there is no limit, and where lost workers have made it more. */
  readonly maxAttempts?: number;
  /** Absent while an attempt runs. */
  readonly nextAttemptAt?: Date;
  /** Of the last attempt. */
  readonly failure?: Failure;
}

/** What a person may do about the attempts of a task. Throws UNAVAILABLE when Temporal cannot be reached. */
export interface RunRetries {
  /** Null where Temporal has no such task of the run. */
  attemptOf(run: RunReference, activityId: string): Promise<TaskAttempt | null>;
  /** The tasks that have failed at least once and are not given up; none where the run has closed or is not known. */
  listRetries(run: RunReference): Promise<readonly TaskRetry[]>;
  /** Makes the next attempt now, where it waits for its backoff; does nothing where it does not. */
  tryAgainNow(run: RunReference, activityId: string): Promise<void>;
}

/**
 * Brings a run of a workflow what it waits for. A request that is repeated with its id is taken once. All methods throw
 * UNAVAILABLE when Temporal cannot be reached, and when no worker answered in time: the request may then still be taken.
 */
export interface RunUpdates {
  sendMessage(run: RunReference, message: SendMessageInput & { readonly requestId: string }): Promise<UpdateOutcome>;
  answerApproval(
    run: RunReference,
    answer: AnswerApprovalInput & { readonly requestId: string },
  ): Promise<UpdateOutcome>;
  steer(run: RunReference, request: SteerRunInput & { readonly requestId: string }): Promise<UpdateOutcome>;
}

/** Which of the runs that wait for people. */
export interface WaitingFilter {
  readonly workflowId?: string;
  readonly executionId?: string;
}

/** A run that waits for people. */
export interface WaitingRun {
  readonly executionId: string;
  readonly workflowId: string;
  readonly temporalWorkflowId: string;
  /** When it started, for approvals that do not say since when they wait. */
  readonly startedAtMs: number;
  readonly waiting: WaitingApprovals;
}

/** Starts, cancels and inspects runs. Every method throws `OrchestratorError` UNAVAILABLE when Temporal cannot be reached. */
export interface Runs extends RunUpdates, RunRetries {
  /** Starts the task, or attaches to the run of it that is under way. `input.executionId` is the new run's if it starts. */
  startTask(input: TaskRunInput, requestHash: string): Promise<StartedRun>;
  /** Starts the workflow. A run with the same execution id, running or closed, is attached to. */
  startGraph(input: GraphRunInput, requestHash: string): Promise<StartedRun>;
  /** Asks the run to stop. Returns false when it has already closed. */
  cancel(run: RunReference, reason: string): Promise<boolean>;
  /** Null when Temporal no longer knows the run (retention) or never did. */
  state(run: RunReference): Promise<RunState | null>;
  /**
   * The runs of workflows that wait for people now, in no order; a run is seen within a second of its beginning or ceasing to
   * wait. Needs no worker, but where a run waits for so much that its memo cannot hold it. Throws RESOURCE_EXHAUSTED for too many.
   */
  listWaiting(filter: WaitingFilter): Promise<readonly WaitingRun[]>;
  /**
   * Execution ids of the runs of workflows that wait for one of these now, in no order and without repeats, as they say of
   * themselves. Throws RESOURCE_EXHAUSTED for too many.
   */
  listWaitingFor(kinds: readonly WaitKind[], filter: WaitingFilter): Promise<readonly string[]>;
  /**
   * Runs of ours that Temporal lists as started since, in no order, at most `limit` of them: first runs, later ones of a chain and
   * those that a reset made.
   */
  startedSince(since: Date, limit: number): Promise<readonly ListedRun[]>;
  /** When the run was made by a reset of another; null where it was not, or is not known any more. */
  resetAt(run: Pick<ListedRun, "temporalWorkflowId" | "runId">): Promise<Date | null>;
  /** How many workers poll the task queue; throws UNAVAILABLE when Temporal does not answer. */
  workerCount(): Promise<number>;
}

/** The event streams of executions: one shared tail of history per execution, any number of readers. */
export interface EventStreams {
  /**
   * Yields every event after `after` (all of them where absent), and returns after the last one. A reader pulls: a slow
   * one costs no memory and stalls nobody. Throws INVALID_ARGUMENT for an offset that is not of this execution,
   * NOT_FOUND when Temporal's history of the run is gone, UNAVAILABLE when Temporal stays out of reach.
   */
  watch(
    run: RunReference,
    options: { readonly after?: string; readonly signal: AbortSignal },
  ): AsyncIterable<ExecutionEvent>;
  /**
   * Yields every event that there is now, from the first, and waits for none. Throws NOT_FOUND and UNAVAILABLE as `watch`, and
   * what `signal` was aborted with.
   */
  soFar(run: RunReference, signal: AbortSignal): AsyncIterable<ExecutionEvent>;
  /**
   * The histories behind these events, in their order, each of them whole. Throws NOT_FOUND and UNAVAILABLE as `watch`, and
   * RESOURCE_EXHAUSTED where they have more bytes than are held in memory.
   */
  histories(run: RunReference): AsyncIterable<ExportedRun>;
  close(): Promise<void>;
}

import type { Failure } from "../core/errors";
import type { JsonValue } from "../core/json";

/**
 * One event of a Temporal history, decoded: what the projection needs to know of it and nothing of how Temporal writes it.
 * `src/temporal/decode-history.ts` makes them; events that mean nothing to the stream (timers, markers, ...) are
 * not made.
 */
export type HistoryItem = {
  /** From 1, within one run. */
  readonly eventId: number;
  /** Milliseconds since 1970. */
  readonly timeMs: number;
} & HistoryFact;

export type HistoryFact =
  | RunStarted
  | { readonly type: "activity_scheduled"; readonly activityId: string; readonly input: JsonValue }
  /** Written when the activity closes, with the attempt that closed it. */
  | { readonly type: "activity_started"; readonly scheduledEventId: number; readonly attempt: number }
  | { readonly type: "activity_completed"; readonly scheduledEventId: number; readonly output: JsonValue }
  | { readonly type: "activity_failed"; readonly scheduledEventId: number; readonly failure: Failure }
  | { readonly type: "activity_cancelled"; readonly scheduledEventId: number }
  /** The memo `journal` as it was written; unchecked. */
  | { readonly type: "journal_written"; readonly journal: JsonValue }
  /** The signal `activity-events`, with its argument unchecked. */
  | { readonly type: "runner_spoke"; readonly argument: JsonValue }
  /** The signal `slot`, with its argument unchecked. */
  | { readonly type: "slot_told"; readonly argument: JsonValue }
  | { readonly type: "workflow_task_completed" }
  | { readonly type: "cancel_requested"; readonly reason: string }
  | { readonly type: "continued_as_new"; readonly newRunId: string }
  | RunReset
  | RunClosed;

export interface RunStarted {
  readonly type: "run_started";
  readonly runId: string;
  readonly kind: "task" | "workflow";
  /** Not the first run of its chain: the stream goes on without a word. */
  readonly continued: boolean;
  /** A `TaskRunInput` or a `GraphRunInput`. */
  readonly input: JsonValue;
}

/** Up to here this run's history is a copy of another's; from here on it is its own: the other was reset, to this place. */
export interface RunReset {
  readonly type: "run_reset";
  readonly newRunId: string;
  readonly reason: string;
}

/** How a run closed. */
export type RunClosed =
  | { readonly type: "run_completed"; readonly output: JsonValue }
  | {
      readonly type: "run_failed";
      readonly failure: Failure;
      readonly nodeId?: string;
      readonly output?: JsonValue;
    }
  | { readonly type: "run_cancelled" }
  | { readonly type: "run_timed_out" }
  | { readonly type: "run_terminated"; readonly reason: string };

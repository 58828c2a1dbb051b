import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  RetryState,
  TimeoutFailure,
  TimeoutType,
} from "@temporalio/common";
import type { Failure } from "../core/errors";
import type { JsonValue } from "../core/json";
import type { EngineInput } from "../engine/engine-types";
import { type ActivityCause, type ActivityTimeout, failureOfActivity } from "../events/activity-failure";

/** How an activity ended that threw. */
export type ActivityEnd = { readonly cancelled: true } | { readonly cancelled: false; readonly failure: Failure };

/** Tells how a task ends, as the engine hears of it. Rejects with what is not about the activity, and with what `tell` throws. */
export function endOfTask(
  activityId: string,
  output: Promise<JsonValue | undefined>,
  tell: (end: EngineInput) => void,
): Promise<void> {
  return output.then(
    (value) => tell({ type: "task_completed", activityId, output: value ?? null }),
    (error: unknown) => {
      const end = endOfActivity(error);
      tell(
        end.cancelled
          ? { type: "task_cancelled", activityId }
          : { type: "task_failed", activityId, failure: end.failure },
      );
    },
  );
}

/** Reads what the SDK throws for an activity. Errors that are not about the activity are defects and are thrown on. */
export function endOfActivity(error: unknown): ActivityEnd {
  if (error instanceof CancelledFailure) return { cancelled: true };
  if (!(error instanceof ActivityFailure)) throw error;
  const cause = causeOf(error.cause);
  // A worker that was lost while its task was being cancelled never says so; its heartbeat timeout then ends the wait.
  if (cause.kind === "cancelled" || error.retryState === RetryState.CANCEL_REQUESTED) return { cancelled: true };
  return { cancelled: false, failure: failureOfActivity(cause) };
}

function causeOf(error: Error | undefined): ActivityCause {
  if (error instanceof CancelledFailure) return { kind: "cancelled" };
  if (error instanceof TimeoutFailure) return { kind: "timeout", timeout: timeoutOf(error.timeoutType) };
  if (error instanceof ApplicationFailure) {
    const details = error.details?.[0] as JsonValue | undefined;
    return {
      kind: "application",
      type: error.type ?? "",
      message: error.message,
      ...(details === undefined || details === null ? {} : { details }),
    };
  }
  return { kind: "other", message: error?.message ?? "the activity failed without saying why" };
}

function timeoutOf(type: TimeoutType): ActivityTimeout {
  switch (type) {
    case TimeoutType.HEARTBEAT:
      return "HEARTBEAT";
    case TimeoutType.SCHEDULE_TO_CLOSE:
      return "SCHEDULE_TO_CLOSE";
    case TimeoutType.SCHEDULE_TO_START:
      return "SCHEDULE_TO_START";
    case TimeoutType.START_TO_CLOSE:
    case TimeoutType.TIMEOUT_TYPE_UNSPECIFIED:
    case undefined:
      return "START_TO_CLOSE";
  }
}

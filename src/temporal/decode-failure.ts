import { temporal } from "@temporalio/proto";
import type { Failure } from "../core/errors";
import { type ActivityCause, type ActivityTimeout, failureOfActivity } from "../events/activity-failure";
import { firstPayload } from "./payloads";

type ProtoFailure = temporal.api.failure.v1.IFailure;

const { RetryState, TimeoutType } = temporal.api.enums.v1;

/** How an activity closed that did not complete. The driver comes to the same in `workflows/activity-error.ts`. */
export type DecodedEnd = { readonly cancelled: true } | { readonly cancelled: false; readonly failure: Failure };

/** Of the history events ActivityTaskFailed and ActivityTaskTimedOut. */
export function decodeActivityEnd(closed: {
  readonly failure?: ProtoFailure | null;
  readonly retryState?: temporal.api.enums.v1.RetryState | null;
}): DecodedEnd {
  const cause = causeOf(closed.failure ?? {});
  const cancelled = cause.kind === "cancelled" || closed.retryState === RetryState.RETRY_STATE_CANCEL_REQUESTED;
  return cancelled ? { cancelled } : { cancelled, failure: failureOfActivity(cause) };
}

function causeOf(failure: ProtoFailure): ActivityCause {
  const message = failure.message ?? "";
  if (failure.canceledFailureInfo) return { kind: "cancelled" };
  if (failure.timeoutFailureInfo)
    return { kind: "timeout", timeout: timeoutOf(failure.timeoutFailureInfo.timeoutType ?? 0) };
  if (failure.applicationFailureInfo) {
    const details = firstPayload(failure.applicationFailureInfo.details);
    const type = failure.applicationFailureInfo.type ?? "";
    return { kind: "application", type, message, ...(details === null ? {} : { details }) };
  }
  return { kind: "other", message };
}

function timeoutOf(type: temporal.api.enums.v1.TimeoutType): ActivityTimeout {
  switch (type) {
    case TimeoutType.TIMEOUT_TYPE_HEARTBEAT:
      return "HEARTBEAT";
    case TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_CLOSE:
      return "SCHEDULE_TO_CLOSE";
    case TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START:
      return "SCHEDULE_TO_START";
    case TimeoutType.TIMEOUT_TYPE_START_TO_CLOSE:
    case TimeoutType.TIMEOUT_TYPE_UNSPECIFIED:
      return "START_TO_CLOSE";
  }
}

import type { Failure } from "../core/errors";
import type { JsonValue } from "../core/json";

/**
 * Why an activity failed for good, as Temporal tells it. The driver makes one from the error that the SDK throws, the
 * projection from the failure in history; both must come to the same code, so both go through `failureOfActivity`.
 */
export type ActivityCause =
  | { readonly kind: "application"; readonly type: string; readonly message: string; readonly details?: JsonValue }
  | { readonly kind: "timeout"; readonly timeout: ActivityTimeout }
  | { readonly kind: "cancelled" }
  | { readonly kind: "other"; readonly message: string };

export type ActivityTimeout = "HEARTBEAT" | "START_TO_CLOSE" | "SCHEDULE_TO_CLOSE" | "SCHEDULE_TO_START";

/** What our codes look like; anything else is the name of a class that a defect threw. */
const CODE = /^[A-Z][A-Z0-9_]{0,63}$/;

/** `ApplicationFailure.type` that the SDK gives an activity whose result is over Temporal's payload limit. */
const SDK_PAYLOAD_TOO_LARGE = "PayloadsTooLarge";

/** The code and message of a failure, for the engine, the records and the stream. */
export function failureOfActivity(cause: ActivityCause): Failure {
  switch (cause.kind) {
    case "application":
      return {
        code: codeOf(cause.type),
        message: cause.message,
        ...(cause.details === undefined ? {} : { details: cause.details }),
      };
    case "timeout":
      return failureOfTimeout(cause.timeout);
    case "cancelled":
      return { code: "CANCELLED", message: "cancelled" };
    case "other":
      return { code: "INTERNAL", message: cause.message };
  }
}

/** The failure code that an `ApplicationFailure.type` stands for. */
export function codeOf(type: string): string {
  if (type === SDK_PAYLOAD_TOO_LARGE) return "OUTPUT_TOO_LARGE";
  return CODE.test(type) ? type : "INTERNAL";
}

function failureOfTimeout(timeout: ActivityTimeout): Failure {
  switch (timeout) {
    case "HEARTBEAT":
      return { code: "WORKER_LOST", message: "every worker that ran it was lost: its heartbeats stopped" };
    case "START_TO_CLOSE":
      return { code: "TIMEOUT", message: "an attempt took longer than its timeout" };
    case "SCHEDULE_TO_CLOSE":
      return { code: "TIMEOUT", message: "all attempts together took longer than the total timeout" };
    case "SCHEDULE_TO_START":
      return { code: "TIMEOUT", message: "no worker took it in time" };
  }
}

import type { JsonObject } from "../../core/json";
import type { ExecutionEvent } from "../../events/event-types";

/**
 * `data` of an event in an Execute stream. The contract has no field for the offset, so it stands there as `offset`: a
 * client that is cut off goes on from there with WatchExecution.
 */
export function encodeEventData({ data, offset }: ExecutionEvent): string {
  return JSON.stringify({ ...data, offset });
}

/** The inverse of `encodeEventData`; an absent offset is empty. */
export function decodeEventData(text: string | undefined): Pick<ExecutionEvent, "data" | "offset"> {
  const { offset, ...data } = JSON.parse(text ?? "{}") as JsonObject;
  return { offset: typeof offset === "string" ? offset : "", data };
}

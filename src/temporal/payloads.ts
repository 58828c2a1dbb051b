import { defaultPayloadConverter } from "@temporalio/common";
import type { temporal } from "@temporalio/proto";
import type { JsonValue } from "../core/json";

/** The first of some payloads as JSON; null where there is none. */
export function firstPayload(payloads: temporal.api.common.v1.IPayloads | null | undefined): JsonValue {
  const first = payloads?.payloads?.[0];
  return first ? decodePayload(first) : null;
}

/** A payload as JSON. Null where it is not JSON: somebody else wrote it, and what we read of it must not break. */
export function decodePayload(payload: temporal.api.common.v1.IPayload): JsonValue {
  try {
    return defaultPayloadConverter.fromPayload<JsonValue | undefined>(payload) ?? null;
  } catch {
    return null;
  }
}

/** Temporal's 64-bit numbers and timestamps are far below 2^53. */
export function toNumber(value: { toNumber(): number } | number | null | undefined): number {
  if (value === null || value === undefined) return 0;
  return typeof value === "number" ? value : value.toNumber();
}

/** A protobuf timestamp in milliseconds since 1970. */
export function toMs(time: temporal.api.history.v1.IHistoryEvent["eventTime"]): number {
  return toNumber(time?.seconds) * 1_000 + Math.floor((time?.nanos ?? 0) / 1_000_000);
}

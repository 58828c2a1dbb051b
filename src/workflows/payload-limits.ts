import type { JsonValue } from "../core/json";
import { jsonBytes } from "../core/json-size";
import { MAX_OUTPUT_BYTES } from "../engine/limits";

/** Largest JSON that a run puts into one payload; the engine keeps node outputs and configs to the same. */
export const MAX_PAYLOAD_BYTES = MAX_OUTPUT_BYTES;

/**
 * Most bytes of activity inputs in one workflow task. Temporal's frontend refuses gRPC messages over 4 MiB, and a workflow
 * task that is refused so is tried again for ever.
 */
export const MAX_COMMANDS_BYTES = 3_000_000;

/**
 * Largest output, and largest details of a failure, of a task in the fast lane: up to a hundred of them run in one workflow task,
 * and go to the server in one message.
 */
export const MAX_FAST_OUTPUT_BYTES = 64 * 1_024;

/** True where the value fits one payload. */
export function fitsPayload(value: JsonValue): boolean {
  return jsonBytes(value) <= MAX_PAYLOAD_BYTES;
}

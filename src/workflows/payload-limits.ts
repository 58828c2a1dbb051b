import type { JsonValue } from "../core/json";
import { isDeeperThan } from "../core/json-depth";
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
 * Deepest value that a run hands to its worker: what goes from thread to thread is cloned by recursion, and where the stack does
 * not suffice the workflow task is never answered, or the whole worker ends.
 */
const MAX_DEPTH = 500;

/** True where the value fits one payload, and is not nested too deeply to be handed to anybody. */
export function fitsPayload(value: JsonValue): boolean {
  return !isTooDeep(value) && jsonBytes(value) <= MAX_PAYLOAD_BYTES;
}

/** True for what cannot be handed to the worker. */
export function isTooDeep(value: JsonValue): boolean {
  return isDeeperThan(value, MAX_DEPTH);
}

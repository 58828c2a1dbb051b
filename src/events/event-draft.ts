import type { JsonObject, JsonValue } from "../core/json";
import { jsonBytes } from "../core/json-size";
import type { EventType } from "./event-types";

/** An event without what `project` adds to every one: offset, time, `execution_id`. */
export interface Draft {
  readonly type: EventType;
  /** Where the event has a time of its own, told by a runner. */
  readonly timestamp?: string;
  readonly nodeId?: string;
  readonly data: JsonObject;
  readonly error?: string;
}

/** Values in events are inline up to this size ("Exact shapes"); larger ones give way to their size. */
export const MAX_INLINE_BYTES = 64 * 1024;

/** `{NAME: value}`, or `{NAME_bytes: size}` where the value's JSON is over 64 KiB; nothing where there is no value. */
export function inlineOrSize(name: string, value: JsonValue | undefined): JsonObject {
  if (value === undefined) return {};
  const sizeBytes = jsonBytes(value);
  return sizeBytes <= MAX_INLINE_BYTES ? { [name]: value } : { [`${name}_bytes`]: sizeBytes };
}

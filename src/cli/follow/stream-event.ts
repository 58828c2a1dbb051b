import { isJsonObject, type JsonObject } from "../../core/json";
import type { ExecutionEvent } from "../../events/event-types";
import { EVENT_TYPES, type EventType } from "../../events/event-types";
import { type Event, EventType as WireEventType } from "../../gen/proto/executions";
import { enumName } from "../output/wire-enums";

/** An event as the command line shows it; null for a type of a later version of the server, which is passed over. */
export function decodeEvent(event: Event): ExecutionEvent | null {
  const name = enumName(WireEventType, event.eventType, "EVENT_TYPE_");
  const type = EVENT_TYPES.find((known: EventType) => known === name);
  if (type === undefined) return null;
  return {
    offset: event.offset,
    type,
    timestamp: event.timestamp,
    data: parseData(event.data),
    ...(event.nodeId === undefined ? {} : { nodeId: event.nodeId }),
    ...(event.error === undefined ? {} : { error: event.error }),
  };
}

function parseData(text: string): JsonObject {
  try {
    const data: unknown = JSON.parse(text);
    return isJsonObject(data) ? data : {};
  } catch {
    return {};
  }
}

/** One line of `--format json`: the message of the contract, its JSON unpacked. */
export function eventJson(event: ExecutionEvent, executionId: string): Record<string, unknown> {
  return {
    offset: event.offset,
    execution_id: executionId,
    event_type: event.type,
    timestamp: event.timestamp,
    ...(event.nodeId === undefined ? {} : { node_id: event.nodeId }),
    data: event.data,
    ...(event.error === undefined ? {} : { error: event.error }),
  };
}

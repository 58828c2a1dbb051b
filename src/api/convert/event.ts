import type { JsonObject } from "../../core/json";
import type { EventType, ExecutionEvent } from "../../events/event-types";
import { type Event, EventType as WireType } from "../../gen/proto/executions";
import { enumCodec } from "./enum-codec";

export const eventTypeCodec = enumCodec<EventType, WireType>({
  STARTED: WireType.EVENT_TYPE_STARTED,
  PROGRESS: WireType.EVENT_TYPE_PROGRESS,
  OUTPUT: WireType.EVENT_TYPE_OUTPUT,
  TOOL_CALL: WireType.EVENT_TYPE_TOOL_CALL,
  TOOL_RESULT: WireType.EVENT_TYPE_TOOL_RESULT,
  NODE_ENTERED: WireType.EVENT_TYPE_NODE_ENTERED,
  NODE_COMPLETED: WireType.EVENT_TYPE_NODE_COMPLETED,
  CHECKPOINT: WireType.EVENT_TYPE_CHECKPOINT,
  COMPLETED: WireType.EVENT_TYPE_COMPLETED,
  FAILED: WireType.EVENT_TYPE_FAILED,
});

/** For WatchExecution, which has every event. */
export function encodeEvent(executionId: string, event: ExecutionEvent): Event {
  return {
    offset: event.offset,
    executionId,
    eventType: eventTypeCodec.encode(event.type),
    timestamp: event.timestamp,
    nodeId: event.nodeId,
    data: JSON.stringify(event.data),
    error: event.error,
  };
}

/** The inverse of `encodeEvent`. Throws for what no server of this version sends. */
export function decodeEvent(event: Event): ExecutionEvent {
  const type = eventTypeCodec.decode(event.eventType);
  if (type === undefined) throw new Error(`unknown event type ${event.eventType}`);
  return {
    offset: event.offset,
    type,
    timestamp: event.timestamp,
    ...(event.nodeId === undefined ? {} : { nodeId: event.nodeId }),
    data: JSON.parse(event.data) as JsonObject,
    ...(event.error === undefined ? {} : { error: event.error }),
  };
}

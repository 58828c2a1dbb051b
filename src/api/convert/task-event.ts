import type { EventType, ExecutionEvent } from "../../events/event-types";
import { type ExecutionEvent as WireEvent, ExecutionEventType as WireType } from "../../gen/proto/tasks";
import { enumCodec } from "./enum-codec";
import { decodeEventData, encodeEventData } from "./event-data";

/** The events that ExecuteTask's stream has values for; WatchExecution has them all. */
type TaskEventType = Exclude<EventType, "NODE_ENTERED" | "NODE_COMPLETED" | "CHECKPOINT">;

export const taskEventTypeCodec = enumCodec<TaskEventType, WireType>({
  STARTED: WireType.EXECUTION_EVENT_TYPE_STARTED,
  PROGRESS: WireType.EXECUTION_EVENT_TYPE_PROGRESS,
  OUTPUT: WireType.EXECUTION_EVENT_TYPE_OUTPUT,
  COMPLETED: WireType.EXECUTION_EVENT_TYPE_COMPLETED,
  FAILED: WireType.EXECUTION_EVENT_TYPE_FAILED,
  TOOL_CALL: WireType.EXECUTION_EVENT_TYPE_TOOL_CALL,
  TOOL_RESULT: WireType.EXECUTION_EVENT_TYPE_TOOL_RESULT,
});

/** Undefined for an event that ExecuteTask's stream has no value for. */
export function encodeTaskEvent(taskId: string, event: ExecutionEvent): WireEvent | undefined {
  if (!isTaskEvent(event.type)) return undefined;
  return {
    taskId,
    eventType: taskEventTypeCodec.encode(event.type),
    timestamp: event.timestamp,
    data: encodeEventData(event),
    error: event.error,
  };
}

/** The inverse of `encodeTaskEvent`. Throws for what no server of this version sends. */
export function decodeTaskEvent(event: WireEvent): ExecutionEvent {
  const type = taskEventTypeCodec.decode(event.eventType);
  if (type === undefined) throw new Error(`unknown event type ${event.eventType}`);
  return {
    ...decodeEventData(event.data),
    type,
    timestamp: event.timestamp,
    ...(event.error === undefined ? {} : { error: event.error }),
  };
}

function isTaskEvent(type: EventType): type is TaskEventType {
  return type !== "NODE_ENTERED" && type !== "NODE_COMPLETED" && type !== "CHECKPOINT";
}

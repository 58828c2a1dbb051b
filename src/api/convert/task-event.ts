import type { JsonObject } from "../../core/json";
import type { EventType, ExecutionEvent } from "../../events/event-types";
import { ExecutionEventType as WireType, type ExecutionEvent as WireEvent } from "../../gen/proto/tasks";
import { enumCodec } from "./enum-codec";

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

/**
 * Undefined for an event that ExecuteTask's stream has no value for. The contract has no field for the offset, so it
 * stands in `data` as `offset`: a client that is cut off goes on from there with WatchExecution.
 */
export function encodeTaskEvent(taskId: string, event: ExecutionEvent): WireEvent | undefined {
  if (!isTaskEvent(event.type)) return undefined;
  return {
    taskId,
    eventType: taskEventTypeCodec.encode(event.type),
    timestamp: event.timestamp,
    data: JSON.stringify({ ...event.data, offset: event.offset }),
    error: event.error,
  };
}

/** The inverse of `encodeTaskEvent`. Throws for what no server of this version sends. */
export function decodeTaskEvent(event: WireEvent): ExecutionEvent {
  const type = taskEventTypeCodec.decode(event.eventType);
  if (type === undefined) throw new Error(`unknown event type ${event.eventType}`);
  const { offset, ...data } = JSON.parse(event.data ?? "{}") as JsonObject;
  return {
    offset: typeof offset === "string" ? offset : "",
    type,
    timestamp: event.timestamp,
    data,
    ...(event.error === undefined ? {} : { error: event.error }),
  };
}

function isTaskEvent(type: EventType): type is TaskEventType {
  return type !== "NODE_ENTERED" && type !== "NODE_COMPLETED" && type !== "CHECKPOINT";
}

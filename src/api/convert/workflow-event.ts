import type { EventType, ExecutionEvent } from "../../events/event-types";
import { WorkflowEventType as WireType, type WorkflowEvent } from "../../gen/proto/workflows";
import { enumCodec } from "./enum-codec";
import { decodeEventData, encodeEventData } from "./event-data";

/** The events that ExecuteWorkflow's stream has values for; WatchExecution has them all. */
type GraphEventType = Exclude<EventType, "PROGRESS" | "OUTPUT" | "TOOL_CALL" | "TOOL_RESULT">;

export const workflowEventTypeCodec = enumCodec<GraphEventType, WireType>({
  STARTED: WireType.WORKFLOW_EVENT_TYPE_STARTED,
  NODE_ENTERED: WireType.WORKFLOW_EVENT_TYPE_NODE_ENTERED,
  NODE_COMPLETED: WireType.WORKFLOW_EVENT_TYPE_NODE_COMPLETED,
  CHECKPOINT: WireType.WORKFLOW_EVENT_TYPE_CHECKPOINT,
  COMPLETED: WireType.WORKFLOW_EVENT_TYPE_COMPLETED,
  FAILED: WireType.WORKFLOW_EVENT_TYPE_FAILED,
});

/** Undefined for an event that ExecuteWorkflow's stream has no value for. */
export function encodeWorkflowEvent(workflowId: string, event: ExecutionEvent): WorkflowEvent | undefined {
  if (!isGraphEvent(event.type)) return undefined;
  return {
    workflowId,
    eventType: workflowEventTypeCodec.encode(event.type),
    timestamp: event.timestamp,
    data: encodeEventData(event),
    currentNode: event.nodeId,
    error: event.error,
  };
}

/** The inverse of `encodeWorkflowEvent`. Throws for what no server of this version sends. */
export function decodeWorkflowEvent(event: WorkflowEvent): ExecutionEvent {
  const type = workflowEventTypeCodec.decode(event.eventType);
  if (type === undefined) throw new Error(`unknown event type ${event.eventType}`);
  return {
    ...decodeEventData(event.data),
    type,
    timestamp: event.timestamp,
    ...(event.currentNode === undefined ? {} : { nodeId: event.currentNode }),
    ...(event.error === undefined ? {} : { error: event.error }),
  };
}

function isGraphEvent(type: EventType): type is GraphEventType {
  return type !== "PROGRESS" && type !== "OUTPUT" && type !== "TOOL_CALL" && type !== "TOOL_RESULT";
}

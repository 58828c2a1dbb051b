import type { Client } from "@temporalio/client";
import { temporal } from "@temporalio/proto";
import { isJsonObject } from "../core/json";
import { firstPayload } from "./payloads";
import type { ScheduleActionTaken, StarterEnd } from "./schedules-port";

const { HistoryEventFilterType } = temporal.api.enums.v1;
const { WORKFLOW_EXECUTION_STATUS_RUNNING } = temporal.api.enums.v1.WorkflowExecutionStatus;

/** How a starter ended that has no execution; null while it runs. Throws the SDK's error where Temporal does not know it. */
export async function starterEndOf(
  client: Client,
  namespace: string,
  { starterWorkflowId, executionId }: ScheduleActionTaken,
): Promise<StarterEnd | null> {
  const execution = { workflowId: starterWorkflowId, runId: executionId };
  const described = await client.workflowService.describeWorkflowExecution({ namespace, execution });
  // Asked for the close event of a run that is open, Temporal waits for it.
  if (described.workflowExecutionInfo?.status === WORKFLOW_EXECUTION_STATUS_RUNNING) return null;
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace,
    execution,
    historyEventFilterType: HistoryEventFilterType.HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT,
  });
  const last = history?.events?.at(-1);
  if (last?.workflowExecutionFailedEventAttributes) {
    const { failure } = last.workflowExecutionFailedEventAttributes;
    return { message: failure?.cause?.message || failure?.message || "the start failed" };
  }
  if (last?.workflowExecutionCanceledEventAttributes) return { message: "the start was cancelled" };
  if (last?.workflowExecutionTerminatedEventAttributes) return { message: "the start was terminated" };
  const result = firstPayload(last?.workflowExecutionCompletedEventAttributes?.result);
  if (!isJsonObject(result) || typeof result["skipped"] !== "string") return null;
  return { message: result["skipped"] };
}

import type { Client } from "@temporalio/client";
import { temporal } from "@temporalio/proto";

/** What an execution cost Temporal, over all runs of its chain. */
export interface ChainUse {
  readonly runs: number;
  readonly events: number;
  readonly bytes: number;
}

/** Reads the use of a chain of continue-as-new from its first run on. */
export async function useOfChain(client: Client, workflowId: string, firstRunId: string): Promise<ChainUse> {
  let [runs, events, bytes] = [0, 0, 0];
  for (let runId = firstRunId; runId !== ""; runId = await nextRun(client, workflowId, runId)) {
    const { raw, historyLength } = await client.workflow.getHandle(workflowId, runId).describe();
    runs += 1;
    events += historyLength;
    bytes += Number(raw.workflowExecutionInfo?.historySizeBytes ?? 0);
  }
  return { runs, events, bytes };
}

/** Empty after the last. */
async function nextRun(client: Client, workflowId: string, runId: string): Promise<string> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    historyEventFilterType: temporal.api.enums.v1.HistoryEventFilterType.HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT,
  });
  return history?.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? "";
}

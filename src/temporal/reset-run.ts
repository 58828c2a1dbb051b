import type { Client } from "@temporalio/client";
import type { HistoryItem } from "../events/history-item";
import { isNotFound } from "./grpc-errors";
import type { RunReference } from "./runs-port";

const CALL_TIMEOUT_MS = 10_000;

/**
 * The run that goes on in place of one that has closed because it was reset in Temporal. "from the start": another run of the
 * chain was, and what follows from that one is to be read from the chain's first. Undefined where nothing was reset.
 */
export async function resetOf(
  client: Client,
  run: RunReference,
  closed: { readonly runId: string; readonly last: HistoryItem },
): Promise<string | "from the start" | undefined> {
  const resetRunId = (await describe(client, run.temporalWorkflowId, closed.runId))?.raw.workflowExtendedInfo
    ?.resetRunId;
  if (resetRunId) return resetRunId;
  // Only a termination can come of a reset of another run: Temporal ends the present one for it.
  if (closed.last.type !== "run_terminated") return undefined;
  const newest = await describe(client, run.temporalWorkflowId);
  if (newest === undefined || newest.runId === closed.runId) return undefined;
  return newest.raw.workflowExecutionInfo?.firstRunId === run.temporalRunId ? "from the start" : undefined;
}

async function describe(client: Client, workflowId: string, runId?: string) {
  try {
    return await client.connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, () =>
      client.workflow.getHandle(workflowId, runId).describe(),
    );
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

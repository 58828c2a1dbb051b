import type { Client } from "@temporalio/client";
import { isNotFound } from "./grpc-errors";
import type { RunReference } from "./runs-port";

/** Runs of one chain that are looked at: at one a day more than a retention of ten years. */
const MAX_LOOKED_AT = 4_000;

const CALL_TIMEOUT_MS = 10_000;

/**
 * The oldest run of the execution's chain that Temporal still keeps, found from the newest backwards. Null where there is
 * none: a run is dropped some time after it closed, and all of a chain that has ended are in the end.
 */
export async function oldestRun(client: Client, run: RunReference): Promise<string | null> {
  const { temporalWorkflowId, temporalRunId } = run;
  const newest = await unlessNotFound(() =>
    client.connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, () =>
      client.workflow.getHandle(temporalWorkflowId).describe(),
    ),
  );
  // Another execution of the same task may have come since.
  if (newest === undefined || newest.raw.workflowExecutionInfo?.firstRunId !== temporalRunId) return null;
  let oldest = newest.runId;
  let before = await runBefore(client, temporalWorkflowId, oldest);
  if (before === undefined) return null;
  if (before === "") return oldest;
  for (let looked = 0; looked < MAX_LOOKED_AT; looked += 1) {
    const earlier = await runBefore(client, temporalWorkflowId, before);
    if (earlier === undefined) return oldest;
    if (earlier === "") return before;
    oldest = before;
    before = earlier;
  }
  return oldest;
}

/** The run that this one continues; empty for the first of a chain, undefined where this one is not kept. */
async function runBefore(client: Client, workflowId: string, runId: string): Promise<string | undefined> {
  const answer = await unlessNotFound(() =>
    client.connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, () =>
      client.workflowService.getWorkflowExecutionHistory({
        namespace: client.options.namespace,
        execution: { workflowId, runId },
        maximumPageSize: 1,
      }),
    ),
  );
  const started = answer?.history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  return started ? (started.continuedExecutionRunId ?? "") : undefined;
}

async function unlessNotFound<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

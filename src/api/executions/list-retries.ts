import { parseExecutionId } from "../../core/ids";
import type { ListRetriesRequest, ListRetriesResponse, Retry } from "../../gen/proto/executions";
import type { TaskRetry } from "../../temporal/runs-port";
import type { ApiContext } from "../api-context";
import { MAX_PAGE_SIZE } from "../limits";
import { loadExecution } from "./load-execution";
import { runReference } from "./repair-execution";

/** One call of Temporal's, whatever the number of nodes: a view may ask every second. */
export async function listRetries(context: ApiContext, request: ListRetriesRequest): Promise<ListRetriesResponse> {
  const id = parseExecutionId(request.executionId, "execution_id");
  const execution = await loadExecution(context, id);
  const run = runReference(execution);
  if (run === undefined || execution.status !== "RUNNING") return { retries: [], total: 0 };
  const retries = await context.runs.listRetries(run);
  const isOfTask = execution.kind === "task";
  return { retries: retries.slice(0, MAX_PAGE_SIZE).map((retry) => encode(retry, isOfTask)), total: retries.length };
}

function encode({ activityId, attempt, maxAttempts, nextAttemptAt, failure }: TaskRetry, isOfTask: boolean): Retry {
  return {
    nodeId: isOfTask ? "" : activityId,
    attempt,
    maxAttempts,
    nextAttemptAt: nextAttemptAt?.toISOString(),
    lastError: failure?.message,
    lastErrorCode: failure?.code,
  };
}

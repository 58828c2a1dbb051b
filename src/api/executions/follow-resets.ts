import { type ExecutionId, parseExecutionId } from "../../core/ids";
import type { ExecutionRecord } from "../../store/records";
import type { ListedRun } from "../../temporal/runs-port";
import type { ApiContext } from "../api-context";
import { repairExecution } from "./repair-execution";

/** Runs that one sweep looks at: more than are started between two sweeps on the fastest machine measured. */
const MAX_RUNS = 5_000;
/** Ids in one query; SQLite and PostgreSQL take more. */
const MAX_IDS = 500;

/**
 * Finds executions whose records say that they have ended and whose runs were reset since in Temporal: such a record is RUNNING
 * again, or has the new run's end. Returns how many records changed. Temporal's list may lag a moment behind.
 */
export async function followResets(
  context: Pick<ApiContext, "store" | "runs" | "logger">,
  since: Date,
  isStopped: () => boolean = () => false,
): Promise<number> {
  const { store, runs, logger } = context;
  const listed = (await runs.startedSince(since, MAX_RUNS)).flatMap((run) => {
    const id = executionIdOf(run);
    return id === null ? [] : [{ ...run, id }];
  });
  let reopened = 0;
  for (let start = 0; start < listed.length; start += MAX_IDS) {
    const some = listed.slice(start, start + MAX_IDS);
    const ended = new Map((await store.listEndedExecutions(some.map(({ id }) => id))).map((one) => [one.id, one]));
    for (const run of some) {
      if (isStopped()) return reopened;
      const record = ended.get(run.id);
      if (record === undefined || !(await wasResetSince(runs, run, record))) continue;
      logger.info({ execution_id: run.id, run_id: run.runId }, "the execution's run was reset; its record follows");
      await store.recordReopened(run.id);
      ended.delete(run.id);
      reopened += 1;
      const execution = await store.getExecution(run.id);
      if (execution !== null) await repairExecution(context, execution);
    }
  }
  return reopened;
}

async function wasResetSince(runs: ApiContext["runs"], run: ListedRun, record: ExecutionRecord): Promise<boolean> {
  // The first run, as most of them are, comes of no reset.
  if (run.runId === record.temporalRunId || record.completedAt === null) return false;
  const resetAt = await runs.resetAt(run);
  return resetAt !== null && resetAt > record.completedAt;
}

/** Null where the run is none of ours, whatever its type is called. */
function executionIdOf({ executionId }: ListedRun): ExecutionId | null {
  try {
    return parseExecutionId(executionId);
  } catch {
    return null;
  }
}

import type { ApiContext } from "../api-context";
import { type RunningSweep, startSweep } from "../periodic-sweep";
import { followResets } from "./follow-resets";
import { repairExecution } from "./repair-execution";

/** Twice in the minute within which every record must follow the end of its run. */
const INTERVAL_MS = 25_000;
/** How far the first sweep looks back for resets: a restart of the API takes less. */
const FIRST_LOOK_BACK_MS = 10 * 60_000;
/** A sweep looks again at what the one before it may not have found listed yet. */
const LIST_LAG_MS = 30_000;
/** A younger record is most likely of a run that is really under way. */
const MIN_AGE_MS = 5_000;
/** Executions that one sweep looks at; a describe takes Temporal 2-4 ms. */
const MAX_PER_SWEEP = 5_000;
/** Describes in flight, so that a sweep leaves Temporal and the database to the calls. */
const CONCURRENCY = 4;

type SweepContext = Pick<ApiContext, "store" | "runs" | "logger">;

/**
 * Looks at RUNNING executions from time to time and records the end of those whose run was terminated, timed out or
 * deleted while nobody read them. Every API does so; what one has repaired is no longer there for the next.
 */
export function startRepairSweep(context: SweepContext, intervalMs: number = INTERVAL_MS): RunningSweep {
  let resetsSince = new Date(Date.now() - FIRST_LOOK_BACK_MS);
  const sweep = async (isStopped: () => boolean) => {
    const startedAt = Date.now();
    await sweepExecutions(context, isStopped);
    await followResets(context, resetsSince, isStopped);
    resetsSince = new Date(startedAt - LIST_LAG_MS);
  };
  return startSweep({ purpose: "missed ends", intervalMs, sweep }, context.logger);
}

/** One sweep; returns how many records it repaired. */
export async function sweepExecutions(context: SweepContext, isStopped: () => boolean = () => false): Promise<number> {
  const before = new Date(Date.now() - MIN_AGE_MS);
  const executions = (await context.store.listRunningExecutions(before, MAX_PER_SWEEP)).values();
  let repaired = 0;
  const workers = Array.from({ length: CONCURRENCY }, async () => {
    // All workers draw from the one iterator.
    for (const execution of executions) {
      if (isStopped()) return;
      if (await repairExecution(context, execution)) repaired += 1;
    }
  });
  await Promise.all(workers);
  return repaired;
}

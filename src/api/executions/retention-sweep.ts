import { setTimeout as sleep } from "node:timers/promises";
import type { RecordRetention } from "../../core/record-retention";
import { FINAL_STATUSES } from "../../store/records";
import type { PruneRule } from "../../store/store-port";
import type { ApiContext } from "../api-context";
import { type RunningSweep, startSweep } from "../periodic-sweep";

/** Nobody counts on a record's going in time; a sweep that finds nothing costs a look into an index. */
const INTERVAL_MS = 60_000;
/** A server that was just started has better things to do. */
const FIRST_PAUSE_MS = 15_000;
/** Records that are deleted in one go, and how long calls then have the database to themselves. */
const BATCH = 200;
const BATCH_PAUSE_MS = 100;

type SweepContext = Pick<ApiContext, "store" | "logger">;

/**
 * Deletes the records of ended executions that are no longer to be kept. Every API does so; what one has deleted is no
 * longer there for the next. Undefined where all are kept.
 */
export function startRetentionSweep(context: SweepContext, keep: RecordRetention): RunningSweep | undefined {
  if (keep.forMs === null && keep.last === null) return undefined;
  const sweep = async (isStopped: () => boolean) => {
    const count = await sweepRecords(context, keep, isStopped);
    if (count > 0) context.logger.info({ count, ...keep }, "records of ended executions were pruned");
  };
  const purpose = "records that need not be kept";
  return startSweep({ purpose, firstMs: FIRST_PAUSE_MS, intervalMs: INTERVAL_MS, sweep }, context.logger);
}

/** One sweep; returns how many records it deleted. */
export async function sweepRecords(
  { store }: Pick<SweepContext, "store">,
  keep: RecordRetention,
  isStopped: () => boolean = () => false,
): Promise<number> {
  const rule: PruneRule = {
    statuses: FINAL_STATUSES,
    ...(keep.forMs === null ? {} : { completedBefore: new Date(Date.now() - keep.forMs) }),
    ...(keep.last === null ? {} : { keepLast: keep.last }),
  };
  let total = 0;
  while (!isStopped()) {
    const count = await store.pruneExecutions(rule, BATCH);
    total += count;
    if (count < BATCH) break;
    await sleep(BATCH_PAUSE_MS);
  }
  return total;
}

import { setTimeout as sleep } from "node:timers/promises";
import type { RecordRetention } from "../../core/record-retention";
import { FINAL_STATUSES } from "../../store/records";
import type { PruneRule } from "../../store/store-port";
import type { ApiContext } from "../api-context";

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
 * longer there for the next.
 */
export class RetentionSweep {
  #timer: NodeJS.Timeout | undefined;
  #sweep: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(
    private readonly context: SweepContext,
    private readonly keep: RecordRetention,
    private readonly pauses: { readonly firstMs: number; readonly intervalMs: number } = {
      firstMs: FIRST_PAUSE_MS,
      intervalMs: INTERVAL_MS,
    },
  ) {}

  start(): void {
    if (this.keep.forMs !== null || this.keep.last !== null) this.#wait(this.pauses.firstMs);
  }

  /** Resolves when nothing of it runs any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#sweep;
  }

  #wait(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#sweep = this.#run();
    }, ms).unref();
  }

  async #run(): Promise<void> {
    try {
      const count = await sweepRecords(this.context, this.keep, () => this.#stopped);
      if (count > 0) this.context.logger.info({ count, ...this.keep }, "records of ended executions were pruned");
    } catch (error) {
      this.context.logger.warn({ err: error }, "the sweep for records that need not be kept failed; it runs again");
    }
    if (!this.#stopped) this.#wait(this.pauses.intervalMs);
  }
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

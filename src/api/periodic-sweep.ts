import type { Logger } from "../core/logger";

/** Work that an API does from time to time beside its calls. */
export interface PeriodicSweep {
  /** For the log, after "the sweep for". */
  readonly purpose: string;
  readonly intervalMs: number;
  /** Before the first sweep; `intervalMs` where absent. */
  readonly firstMs?: number;
  /** One sweep. What it throws is logged, and the next one comes as if nothing had been. */
  sweep(isStopped: () => boolean): Promise<void>;
}

export interface RunningSweep {
  /** Resolves when nothing of it runs any more. */
  stop(): Promise<void>;
}

/** One sweep after the other, never two at once. Keeps no process alive. */
export function startSweep(
  { purpose, intervalMs, firstMs = intervalMs, sweep }: PeriodicSweep,
  logger: Logger,
): RunningSweep {
  let isStopped = false;
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const run = async (): Promise<void> => {
    try {
      await sweep(() => isStopped);
    } catch (error) {
      logger.warn({ err: error }, `the sweep for ${purpose} failed; it runs again`);
    }
    if (!isStopped) runAfter(intervalMs);
  };
  const runAfter = (ms: number): void => {
    timer = setTimeout(() => {
      running = run();
    }, ms).unref();
  };
  runAfter(firstMs);
  return {
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

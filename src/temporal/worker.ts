import { Worker } from "@temporalio/worker";
import type { Logger } from "../core/logger";
import type { TemporalConnection } from "./connect";
import { createRecordSinks, type RecordWriter } from "./record-sinks";
import { workflowBundle } from "./workflow-bundle";

/**
 * Runs kept in memory between their workflow tasks; a run that was put out is replayed at its next task. About 1 MB each by
 * the SDK's own measurement with shared V8 contexts, so this bounds a worker's memory at some 300 MB.
 */
export const MAX_CACHED_WORKFLOWS = 250;

/** Tasks that one worker runs at a time; each may be a process of its own. The SDK's default. */
export const MAX_CONCURRENT_TASKS = 100;

/**
 * A task learns of its cancellation with a heartbeat's answer. Runners heartbeat at a third of their timeout; the SDK would
 * hold those back until four fifths of it, so a cancel took up to 8 s to be heard instead of 3.3 s.
 */
export const MAX_HEARTBEAT_THROTTLE_MS = 1_000;

/** How long a stopping worker lets its tasks go on before it interrupts them; Temporal then starts them elsewhere. */
export const SHUTDOWN_GRACE_MS = 2_000;

/** When a worker that does not stop is given up: below the 10 s in which a process must be gone. */
export const SHUTDOWN_FORCE_MS = 8_000;

/**
 * How long the code of a run may go on at a stretch. By the SDK's default V8 ends it by force after 5 s. That ends the whole process
 * with it: a run's cancellation scopes follow promises by async hooks, and Node aborts where the stack of these is cut off ("async
 * hook stack has become corrupted"). What a run does at a stretch is bounded by itself (`WorkflowTaskBudget`, some 1 s), so 5 s mean a machine
 * that has too much to do, and to be slow is right then. The SDK takes this, but does not declare it among its options.
 */
export const MAX_STRETCH_MS = 600_000;

/** What a worker of ours is made with, whatever it works for. */
export const WORKER_LIMITS = {
  maxCachedWorkflows: MAX_CACHED_WORKFLOWS,
  maxConcurrentActivityTaskExecutions: MAX_CONCURRENT_TASKS,
  maxHeartbeatThrottleInterval: MAX_HEARTBEAT_THROTTLE_MS,
  shutdownGraceTime: SHUTDOWN_GRACE_MS,
  shutdownForceTime: SHUTDOWN_FORCE_MS,
  isolateExecutionTimeout: MAX_STRETCH_MS,
} as const;

type Activity = (...args: never[]) => Promise<unknown>;

/** By their names in Temporal. */
export type Activities = Readonly<Record<string, Activity>>;

export interface RunningWorker {
  /** Stops polling, gives running tasks `SHUTDOWN_GRACE_MS`, and resolves when everything has stopped. */
  close(): Promise<void>;
  /** Rejects when the worker dies by itself; never resolves. */
  readonly failed: Promise<never>;
}

/** Starts a worker for workflows and tasks. Throws when the namespace does not exist or Temporal cannot be reached. */
export async function startWorker(options: {
  readonly temporal: TemporalConnection;
  readonly taskQueue: string;
  readonly activities: Activities;
  readonly records: RecordWriter;
  readonly logger: Logger;
}): Promise<RunningWorker> {
  const { temporal, taskQueue, activities, records, logger } = options;
  const worker = await Worker.create({
    connection: temporal.connection,
    namespace: temporal.namespace,
    taskQueue,
    activities,
    sinks: createRecordSinks(records, logger),
    workflowBundle: await workflowBundle(),
    ...WORKER_LIMITS,
  });
  const running = worker.run();
  const failed = new Promise<never>((_, reject) => {
    running.catch((error: unknown) => {
      logger.error({ error }, "The worker died.");
      reject(error);
    });
  });
  // Whoever does not watch must not be ended by it.
  failed.catch(() => undefined);
  return {
    failed,
    close: async () => {
      if (worker.getState() === "RUNNING") worker.shutdown();
      await running.catch(() => undefined);
    },
  };
}

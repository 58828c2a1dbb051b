import { createActivities } from "../activities/create-activities";
import { createRecordWriter } from "../activities/record-writer";
import type { ServerConfig } from "../config";
import type { Logger } from "../core/logger";
import { dispatchAll } from "../delivering/dispatch";
import { openStore } from "../store/open-store";
import { createReactionRuns } from "../temporal/reaction-runs";
import { startWorker } from "../temporal/worker";
import { makeDataFolder } from "./data-folder";
import { failureOf, type RunningProcess, Shutdown } from "./running-process";
import { reachTemporal } from "./temporal-gate";

export interface WorkerProcess extends RunningProcess {
  readonly addresses: {
    /** `host:port` of Temporal. */
    readonly temporal: string;
  };
}

/**
 * `aco worker start`: a worker alone. Waits for Temporal; null when `signal` aborts before it is there. Throws when the
 * database cannot be reached or the namespace does not exist.
 */
export async function startWorkerProcess(
  config: ServerConfig,
  logger: Logger,
  signal: AbortSignal,
): Promise<WorkerProcess | null> {
  const { dataDir, taskQueue, callbackAllow } = config;
  const shutdown = new Shutdown(logger);
  return await shutdown.guard(async () => {
    makeDataFolder(dataDir);
    const store = await openStore({ databaseUrl: config.databaseUrl, logger });
    shutdown.add("the record store", () => store.close());
    const temporal = await reachTemporal({ ...config.temporal, logger }, logger, signal);
    if (temporal === null) {
      await shutdown.close();
      return null;
    }
    shutdown.add("the connection to Temporal", () => temporal.close());
    const { client } = temporal;
    const activities = createActivities({ store, client, dataDir, logger, callbackAllow });
    const reactions = createReactionRuns({ client, taskQueue });
    const records = createRecordWriter(store, {
      onReactions: (id) => void dispatchAll(store, reactions, id, logger),
    });
    const worker = await startWorker({ temporal, taskQueue, activities, records, logger });
    shutdown.add("the worker", () => worker.close());
    const addresses = { temporal: config.temporal.address };
    logger.info({ ...addresses, taskQueue }, "the worker is ready");
    return { addresses, failed: failureOf(worker.failed), close: () => shutdown.close() };
  });
}

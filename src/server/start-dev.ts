import { createActivities } from "../activities/create-activities";
import { createRecordWriter } from "../activities/record-writer";
import { startApi } from "../api/start-api";
import type { RunningWeb } from "../api/web/start-web";
import type { ServerConfig } from "../config";
import { EndNotices } from "../core/end-notices";
import type { Logger } from "../core/logger";
import { dispatchAll } from "../delivering/dispatch";
import { openStore } from "../store/open-store";
import type { Store } from "../store/store-port";
import { connectTemporal, type TemporalConnection, type TemporalOptions } from "../temporal/connect";
import { startEmbeddedTemporal } from "../temporal/embedded/start-embedded";
import { createReactionRuns } from "../temporal/reaction-runs";
import { createRuns } from "../temporal/runs";
import { createSchedules } from "../temporal/schedules";
import { ensureSearchAttributes } from "../temporal/search-attributes";
import { createEventStreams } from "../temporal/streams";
import { type RunningWorker, startWorker } from "../temporal/worker";
import { callbackSettings } from "./callback-settings";
import { lockDataFolder } from "./data-folder-lock";
import { reserveDevWebPort, reserveListenPort } from "./listen-port";
import { failureOf, NEVER_FAILS, type RunningProcess, Shutdown } from "./running-process";
import { serveWeb, temporalUiOf, webAddress } from "./serve-web";

export interface DevServer extends RunningProcess {
  readonly addresses: {
    /** `host:port` of our API. */
    readonly grpc: string;
    /** `host:port` of Temporal. */
    readonly temporal: string;
    /** URL of Temporal's Web UI; null where the environment named a cluster of its own. */
    readonly ui: string | null;
    /** `host:port` at which webhooks are taken; null where they are not. */
    readonly webhooks: string | null;
    /** URL of our own web page; null where it is switched off. */
    readonly web: string | null;
    /** Absolute path. */
    readonly dataDir: string;
  };
}

/** What runs beneath the API and the worker. */
interface Temporal {
  readonly options: TemporalOptions;
  readonly ui: string | null;
  readonly failed: Promise<Error>;
}

/**
 * `aco server start-dev`: everything in this process, and Temporal as its child unless the configuration names a cluster.
 * Throws, with nothing left running, when the data folder or a port is in use or a part does not start.
 */
export async function startDevServer(config: ServerConfig, logger: Logger, version: string): Promise<DevServer> {
  const { dataDir, taskQueue } = config;
  const shutdown = new Shutdown(logger);
  return await shutdown.guard(async () => {
    const lock = await lockDataFolder(dataDir);
    shutdown.add("the data folder's lock", () => lock.release());
    const listen = await reserveListenPort(config.listen);
    const webListen = await reserveDevWebPort(config.web);
    const { temporal, store } = await startFoundations(config, logger, shutdown);
    const connection = await connectTemporal({ ...temporal.options, logger });
    shutdown.add("the connection to Temporal", () => connection.close());
    if (config.embedded === null) await ensureSearchAttributes(connection);
    const ends = new EndNotices();
    const worker = await startDevWorker(config, { temporal: connection, store, ends, logger });
    shutdown.add("the worker", () => worker.close());
    const runs = createRuns({ client: connection.client, taskQueue });
    const streams = createEventStreams({ client: connection.client, ends, logger });
    shutdown.add("the event streams", () => streams.close());
    const schedules = createSchedules({ client: connection.client, taskQueue });
    const reactions = createReactionRuns({ client: connection.client, taskQueue });
    const { keep, webhookListen } = config;
    const { ui, options } = temporal;
    const temporalUi = temporalUiOf(config, ui);
    const callbacks = callbackSettings(config);
    let web: RunningWeb | undefined;
    const webUrl = () => webAddress(config, web);
    const served = { runs, streams, schedules, reactions, ends, callbacks, temporalUi, webhookListen, webUrl };
    const api = await startApi({ listen, dataDir, store, ...served, logger, version, keep });
    shutdown.add("the API", () => api.close());
    web = await serveWeb(config, { api, webListen, temporalUi, logger, version });
    shutdown.add("the web page", () => web?.close());
    lock.announce(api.address);
    const { address: grpc, webhookAddress: webhooks } = api;
    const addresses = { grpc, temporal: options.address, ui, web: web?.url ?? null, webhooks, dataDir };
    logger.info(addresses, "the server is ready");
    const failed = Promise.race([temporal.failed, failureOf(worker.failed)]);
    return { addresses, failed, close: () => shutdown.close() };
  });
}

/** Temporal and the database, at the same time: neither needs the other. Both are registered before either is awaited. */
async function startFoundations(
  config: ServerConfig,
  logger: Logger,
  shutdown: Shutdown,
): Promise<{ temporal: Temporal; store: Store }> {
  const starting = startTemporal(config, logger, shutdown);
  const opening = openStore({ databaseUrl: config.databaseUrl, logger }).then((store) => {
    shutdown.add("the record store", () => store.close());
    return store;
  });
  // The slower one must have ended before a failure of the other stops what was started.
  await Promise.allSettled([starting, opening]);
  return { temporal: await starting, store: await opening };
}

async function startTemporal(config: ServerConfig, logger: Logger, shutdown: Shutdown): Promise<Temporal> {
  if (config.embedded === null) return { options: config.temporal, ui: null, failed: NEVER_FAILS };
  const embedded = await startEmbeddedTemporal({ ...config.embedded, dataDir: config.dataDir, logger });
  shutdown.add("the Temporal server", () => embedded.stop());
  const options = { address: embedded.address, namespace: embedded.namespace };
  return { options, ui: embedded.uiUrl, failed: embedded.failed };
}

interface WorkerParts {
  readonly temporal: TemporalConnection;
  readonly store: Store;
  readonly ends: EndNotices;
  readonly logger: Logger;
}

async function startDevWorker(
  config: ServerConfig,
  { temporal, store, ends, logger }: WorkerParts,
): Promise<RunningWorker> {
  const { dataDir, taskQueue, callbackAllow } = config;
  const { client } = temporal;
  const activities = createActivities({ store, client, dataDir, logger, callbackAllow });
  const reactions = createReactionRuns({ client, taskQueue });
  const records = createRecordWriter(store, {
    onEnd: (id) => ends.tell(id),
    onReactions: (id) => void dispatchAll(store, reactions, id, logger),
  });
  return await startWorker({ temporal, taskQueue, activities, records, logger });
}

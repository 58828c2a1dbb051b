import { startApi } from "../api/start-api";
import type { RunningWeb } from "../api/web/start-web";
import type { ServerConfig } from "../config";
import type { Logger } from "../core/logger";
import { openStore } from "../store/open-store";
import { callbackSettings } from "./callback-settings";
import { makeDataFolder } from "./data-folder";
import { reserveListenPort, reserveWebPort } from "./listen-port";
import { NEVER_FAILS, type RunningProcess, Shutdown } from "./running-process";
import { serveWeb, temporalUiOf, webAddress } from "./serve-web";
import { openTemporalGate } from "./temporal-gate";

export interface ApiProcess extends RunningProcess {
  readonly addresses: {
    /** `host:port` of our API. */
    readonly grpc: string;
    /** `host:port` of Temporal, which may not have been reached yet. */
    readonly temporal: string;
    /** `host:port` at which webhooks are taken; null where they are not. */
    readonly webhooks: string | null;
    /** URL of the web page; null where it is not served. */
    readonly web: string | null;
  };
}

/**
 * `aco server start`: the API alone. Needs the database; starts without Temporal, serves records meanwhile, and says
 * NOT_SERVING until Temporal is there.
 */
export async function startApiProcess(config: ServerConfig, logger: Logger, version: string): Promise<ApiProcess> {
  const shutdown = new Shutdown(logger);
  return await shutdown.guard(async () => {
    makeDataFolder(config.dataDir);
    const listen = await reserveListenPort(config.listen);
    const webListen = await reserveWebPort(config.web.listen ?? null);
    const store = await openStore({ databaseUrl: config.databaseUrl, logger });
    shutdown.add("the record store", () => store.close());
    const gate = openTemporalGate(config.temporal, config.taskQueue, logger);
    shutdown.add("the connection to Temporal", () => gate.close());
    const { runs, streams, schedules, reactions } = gate;
    shutdown.add("the event streams", () => streams.close());
    const { dataDir, keep, webhookListen } = config;
    const temporal = { runs, streams, schedules, reactions };
    const callbacks = callbackSettings(config);
    const temporalUi = temporalUiOf(config, null);
    let web: RunningWeb | undefined;
    const webUrl = () => webAddress(config, web);
    const served = { ...temporal, callbacks, temporalUi, webhookListen, webUrl };
    const api = await startApi({ listen, dataDir, store, ...served, logger, version, keep });
    shutdown.add("the API", () => api.close());
    web = await serveWeb(config, { api, webListen, temporalUi, logger, version });
    shutdown.add("the web page", () => web?.close());
    const { address: grpc, webhookAddress: webhooks } = api;
    const addresses = { grpc, temporal: config.temporal.address, web: web?.url ?? null, webhooks };
    logger.info(addresses, "the API is ready");
    return { addresses, failed: NEVER_FAILS, close: () => shutdown.close() };
  });
}

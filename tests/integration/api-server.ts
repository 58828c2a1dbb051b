import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CallbackSettings, STRICT_CALLBACKS } from "../../src/api/reactions/callback-settings";
import { type ApiOptions, type RunningApi, startApi } from "../../src/api/start-api";
import { OrchestratorError } from "../../src/core/errors";
import { type Logger, silentLogger } from "../../src/core/logger";
import { openStore } from "../../src/store/open-store";
import type { Store } from "../../src/store/store-port";
import type { ReactionRuns } from "../../src/temporal/reaction-runs";
import type { EventStreams, Runs } from "../../src/temporal/runs-port";
import type { Schedules } from "../../src/temporal/schedules-port";
import { type ApiClient, connectApi } from "./api-client";

/** An API over real sockets and a real SQLite file, in a folder of its own. */
export interface TestApi {
  readonly api: RunningApi;
  readonly store: Store;
  readonly client: ApiClient;
  readonly dataDir: string;
  /** Another API on the same store and the same Temporal, as behind a load balancer. */
  startAnother(): Promise<{ api: RunningApi; client: ApiClient }>;
  close(): Promise<void>;
}

const VERSION = "1.2.3-test";

export async function startTestApi(options: {
  readonly runs: Runs;
  readonly streams: EventStreams;
  /** Absent: Temporal is down for them. */
  readonly schedules?: Schedules;
  /** The same. */
  readonly reactions?: ReactionRuns;
  readonly callbacks?: CallbackSettings;
  readonly webhookListen?: ApiOptions["webhookListen"];
  readonly sweepPauseMs?: number;
  readonly logger?: Logger;
  /** Wraps the store, to see or to disturb what the API asks of it. */
  readonly wrapStore?: (store: Store) => Store;
  /** Shared with others, who then own it: it is not closed here. */
  readonly store?: Store;
}): Promise<TestApi> {
  const dataDir = await mkdtemp(join(tmpdir(), "aco-test-api-"));
  const logger = options.logger ?? silentLogger;
  const opened = options.store ?? (await openStore({ databaseUrl: `file:${join(dataDir, "aco.db")}`, logger }));
  const store = options.wrapStore?.(opened) ?? opened;
  const { runs, streams, schedules = temporalIsDown.schedules, reactions = temporalIsDown.reactions } = options;
  const { callbacks = STRICT_CALLBACKS, webhookListen = null } = options;
  const start = async () => {
    const listen = { host: "127.0.0.1", port: 0 };
    const sweep = options.sweepPauseMs === undefined ? {} : { repairPauseMs: options.sweepPauseMs };
    const served = { store, runs, streams, schedules, reactions, callbacks, webhookListen, ...sweep };
    const api = await startApi({ listen, dataDir, ...served, logger, version: VERSION });
    return { api, client: connectApi(api.address) };
  };
  const started = [await start()];
  const [{ api, client } = await start()] = started;
  return {
    api,
    client,
    store: opened,
    dataDir,
    startAnother: async () => {
      const another = await start();
      started.push(another);
      return another;
    },
    close: async () => {
      for (const each of started) each.client.close();
      await Promise.all(started.map((each) => each.api.close()));
      if (options.store === undefined) await opened.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function unreachable(): OrchestratorError {
  return new OrchestratorError("UNAVAILABLE", "Temporal cannot be reached");
}

/** What an API has while its Temporal is down. */
export const temporalIsDown: {
  readonly runs: Runs;
  readonly streams: EventStreams;
  readonly schedules: Schedules;
  readonly reactions: ReactionRuns;
} = {
  reactions: {
    ensure: () => Promise.reject(unreachable()),
    restart: () => Promise.reject(unreachable()),
  },
  schedules: {
    create: () => Promise.reject(unreachable()),
    get: () => Promise.reject(unreachable()),
    list: () => Promise.reject(unreachable()),
    update: () => Promise.reject(unreachable()),
    delete: () => Promise.reject(unreachable()),
    trigger: () => Promise.reject(unreachable()),
    backfill: () => Promise.reject(unreachable()),
    timesOf: () => Promise.reject(unreachable()),
    timesOfSpec: () => Promise.reject(unreachable()),
    starterEnd: () => Promise.reject(unreachable()),
  },
  runs: {
    startTask: () => Promise.reject(unreachable()),
    startGraph: () => Promise.reject(unreachable()),
    cancel: () => Promise.reject(unreachable()),
    sendMessage: () => Promise.reject(unreachable()),
    answerApproval: () => Promise.reject(unreachable()),
    steer: () => Promise.reject(unreachable()),
    listRetries: () => Promise.reject(unreachable()),
    attemptOf: () => Promise.reject(unreachable()),
    tryAgainNow: () => Promise.reject(unreachable()),
    state: () => Promise.reject(unreachable()),
    listWaiting: () => Promise.reject(unreachable()),
    listWaitingFor: () => Promise.reject(unreachable()),
    startedSince: () => Promise.reject(unreachable()),
    resetAt: () => Promise.reject(unreachable()),
    workerCount: () => Promise.reject(unreachable()),
  },
  streams: {
    // biome-ignore lint/correctness/useYield: it fails before there is anything to yield
    watch: async function* () {
      throw unreachable();
    },
    // biome-ignore lint/correctness/useYield: it fails before there is anything to yield
    soFar: async function* () {
      throw unreachable();
    },
    // biome-ignore lint/correctness/useYield: it fails before there is anything to yield
    histories: async function* () {
      throw unreachable();
    },
    close: () => Promise.resolve(),
  },
};

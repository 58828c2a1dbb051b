import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createActivities } from "../../src/activities/create-activities";
import { createRecordWriter } from "../../src/activities/record-writer";
import type { ApiOptions } from "../../src/api/start-api";
import { EndNotices } from "../../src/core/end-notices";
import { silentLogger } from "../../src/core/logger";
import { createAddressGuard } from "../../src/delivering/address-guard";
import { dispatchAll } from "../../src/delivering/dispatch";
import type { Store } from "../../src/store/store-port";
import { connectTemporal, type TemporalConnection } from "../../src/temporal/connect";
import { createReactionRuns } from "../../src/temporal/reaction-runs";
import { createRuns } from "../../src/temporal/runs";
import type { EventStreams, Runs } from "../../src/temporal/runs-port";
import { createSchedules } from "../../src/temporal/schedules";
import { createEventStreams } from "../../src/temporal/streams";
import { type RunningWorker, startWorker } from "../../src/temporal/worker";
import { startTestApi, type TestApi } from "./api-server";
import { startTestTemporal, type TestTemporal } from "./temporal-server";

/** Everything real: a Temporal server, a worker, a SQLite file and an API. */
export interface TestStack extends TestApi {
  readonly temporal: TestTemporal;
  readonly connection: TemporalConnection;
  readonly runs: Runs;
  readonly streams: EventStreams;
  readonly taskQueue: string;
  /** An absolute folder for the files by which tests and tasks talk. */
  readonly folder: string;
}

/** Receivers of tests listen here. */
const CALLBACK_ALLOW = ["127.0.0.0/8"];

/** `worker: false`: the test starts its own. `sweepPauseMs`: how often records are compared with what Temporal knows. */
export async function startTestStack(
  options: Pick<ApiOptions, "webhookListen"> & { readonly worker?: boolean; readonly sweepPauseMs?: number } = {},
): Promise<TestStack> {
  const folder = await mkdtemp(join(tmpdir(), "aco-test-stack-"));
  const temporal = await startTestTemporal();
  const connection = await connectTemporal({ ...temporal, logger: silentLogger });
  const taskQueue = `test-${randomUUID()}`;
  const runs = createRuns({ client: connection.client, taskQueue });
  const { worker: hasWorker = true, ...served } = options;
  // As in `start-dev`, whose worker and API share a process.
  const shared = hasWorker ? { ends: new EndNotices() } : {};
  const streams = createEventStreams({ client: connection.client, logger: silentLogger, ...shared });
  const schedules = createSchedules({ client: connection.client, taskQueue });
  const reactions = createReactionRuns({ client: connection.client, taskQueue });
  const guard = createAddressGuard(CALLBACK_ALLOW);
  const test = await startTestApi({
    runs,
    streams,
    schedules,
    reactions,
    callbacks: { guard, secret: "" },
    ...shared,
    ...served,
  });
  const worker = hasWorker ? await startTestWorker(connection, taskQueue, test.store, folder, shared.ends) : undefined;
  return {
    ...test,
    temporal,
    connection,
    runs,
    streams,
    taskQueue,
    folder,
    close: async () => {
      await streams.close();
      await worker?.close();
      await test.close();
      await connection.close();
      await temporal.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function startTestWorker(
  temporal: TemporalConnection,
  taskQueue: string,
  store: Store,
  dataDir: string,
  ends?: EndNotices,
): Promise<RunningWorker> {
  const logger = silentLogger;
  const { client } = temporal;
  const activities = createActivities({ store, client, dataDir, logger, callbackAllow: CALLBACK_ALLOW });
  const reactions = createReactionRuns({ client, taskQueue });
  const records = createRecordWriter(store, {
    onEnd: (id) => ends?.tell(id),
    onReactions: (id) => void dispatchAll(store, reactions, id, logger),
  });
  return startWorker({ temporal, taskQueue, activities, records, logger });
}

import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@temporalio/client";
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkflowBundleOption } from "@temporalio/worker";
import { createActivities } from "../../src/activities/create-activities";
import { silentLogger } from "../../src/core/logger";
import { openStore } from "../../src/store/open-store";
import type { Store } from "../../src/store/store-port";

export interface RunnerWorker {
  readonly client: Client;
  readonly store: Store;
  readonly dataDir: string;
  close(): Promise<void>;
}

/** The SDK's runtime exists once a process and cannot be asked for before it does. */
let installed = false;

/** A worker with the real activities and the test's workflow; heartbeats and shutdown as in `src/temporal/worker.ts`. */
export async function startRunnerWorker(options: {
  readonly address: string;
  readonly taskQueue: string;
  readonly bundle: WorkflowBundleOption;
  readonly dataDir?: string;
}): Promise<RunnerWorker> {
  if (!installed) Runtime.install({ logger: new DefaultLogger("ERROR") });
  installed = true;
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), "aco-runners-")));
  const store = await openStore({ databaseUrl: `file:${join(dataDir, "aco.db")}`, logger: silentLogger });
  const connection = await NativeConnection.connect({ address: options.address });
  const client = new Client({ connection });
  const worker = await Worker.create({
    connection,
    taskQueue: options.taskQueue,
    workflowBundle: options.bundle,
    activities: createActivities({ store, client, dataDir, logger: silentLogger }),
    maxHeartbeatThrottleInterval: 1_000,
    shutdownGraceTime: 500,
    shutdownForceTime: 8_000,
  });
  const running = worker.run();
  return {
    client,
    store,
    dataDir,
    async close() {
      if (worker.getState() === "RUNNING") worker.shutdown();
      await running;
      await connection.close();
      await store.close();
    },
  };
}

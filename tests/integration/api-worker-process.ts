/** A worker in a process of its own, for tests that kill it: `node -r typescript-hook.cjs this-file ADDRESS QUEUE DATA_DIR`. */
import { join } from "node:path";
import { silentLogger } from "../../src/core/logger";
import { openStore } from "../../src/store/open-store";
import { connectTemporal } from "../../src/temporal/connect";
import { startTestWorker } from "./api-stack";

async function main(): Promise<void> {
  const [address = "", taskQueue = "", dataDir = ""] = process.argv.slice(2);
  const logger = silentLogger;
  const temporal = await connectTemporal({ address, namespace: "default", logger });
  const store = await openStore({ databaseUrl: `file:${join(dataDir, "aco.db")}`, logger });
  await startTestWorker(temporal, taskQueue, store, dataDir);
  process.stdout.write("ready\n");
}

void main();

/** A worker in a process of its own, for tests that kill it: `node -r typescript-hook.cjs this-file ADDRESS QUEUE BUNDLE DATA_DIR`. */
import { startRunnerWorker } from "./runners-worker";

async function main(): Promise<void> {
  const [address = "", taskQueue = "", codePath = "", dataDir = ""] = process.argv.slice(2);
  const worker = await startRunnerWorker({ address, taskQueue, bundle: { codePath }, dataDir });
  process.once("SIGTERM", () => void worker.close().then(() => process.exit(0)));
  process.stdout.write("ready\n");
}

void main();

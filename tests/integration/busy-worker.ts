/** A worker with our limits in a process of its own: ADDRESS QUEUE. Without `isolateExecutionTimeout` Node aborts it. */
import { NativeConnection, Worker } from "@temporalio/worker";
import { WORKER_LIMITS } from "../../src/temporal/worker";

async function main(): Promise<void> {
  const [address = "", taskQueue = ""] = process.argv.slice(2);
  const connection = await NativeConnection.connect({ address });
  const workflowsPath = require.resolve("./busy-workflow.ts");
  const worker = await Worker.create({ connection, taskQueue, workflowsPath, ...WORKER_LIMITS });
  process.once("SIGTERM", () => worker.shutdown());
  process.stdout.write("ready\n");
  await worker.run();
  await connection.close();
}

void main();

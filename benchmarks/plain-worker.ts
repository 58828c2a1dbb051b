/** A plain Temporal worker in a process of its own, as `aco worker start` is. Arguments: address, namespace, task queue. */
import { join } from "node:path";
import { NativeConnection, Worker } from "@temporalio/worker";

async function main(): Promise<void> {
  const [address, namespace, taskQueue] = process.argv.slice(2);
  if (address === undefined || namespace === undefined || taskQueue === undefined) throw new Error("three arguments");
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue,
    workflowsPath: join(__dirname, "plain-workflows.js"),
    activities: { noop: async () => null },
  });
  process.once("SIGTERM", () => worker.shutdown());
  process.stdout.write("ready\n");
  await worker.run();
  await connection.close();
}

void main();

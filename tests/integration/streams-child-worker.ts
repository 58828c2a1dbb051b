/** A worker in a process of its own, for tests that kill it: `node -r typescript-hook.cjs this-file ADDRESS [TASK_QUEUE]`. */
import { startRunsFixture } from "./runs-fixture";

async function main(): Promise<void> {
  const [address = "", taskQueue] = process.argv.slice(2);
  await startRunsFixture(address, taskQueue === undefined ? {} : { taskQueue });
  process.stdout.write("ready\n");
}

void main();

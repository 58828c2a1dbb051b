/** A worker in a process of its own, for tests that kill it: `node -r typescript-hook.cjs this-file ADDRESS`. */
import { startRunsFixture } from "./runs-fixture";

async function main(): Promise<void> {
  const [address = ""] = process.argv.slice(2);
  await startRunsFixture(address);
  process.stdout.write("ready\n");
}

void main();

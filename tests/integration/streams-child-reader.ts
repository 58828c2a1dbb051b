/** Follows an execution in a process of its own, one event a line, for tests that kill it: ADDRESS, WORKFLOW_ID, RUN_ID. */
import { startRunsFixture } from "./runs-fixture";

async function main(): Promise<void> {
  const [address = "", temporalWorkflowId = "", temporalRunId = ""] = process.argv.slice(2);
  const { streams } = await startRunsFixture(address, { worker: false });
  const run = { executionId: "", temporalWorkflowId, temporalRunId };
  for await (const event of streams.watch(run, { signal: new AbortController().signal }))
    process.stdout.write(`${JSON.stringify(event)}\n`);
}

void main();

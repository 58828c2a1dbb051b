/**
 * Records the histories of `scenarios.ts` that are not there yet, on a real server:
 * `node -r ./tests/integration/typescript-hook.cjs tests/replay/record.ts` with `TEMPORAL_CLI_PATH` set. A recording is
 * never made again: it stands for runs that are in flight somewhere.
 */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ENGINE_VERSION } from "../../src/workflows/history-contract";
import { collect, startRunsFixture } from "../integration/runs-fixture";
import { startTestTemporal } from "../integration/temporal-server";
import { HISTORIES, makeRecording } from "./recording";
import { SCENARIOS } from "./scenarios";
import { STARTING_ACTIVITIES } from "./scenarios-starting";

async function main(): Promise<void> {
  const folder = join(HISTORIES, `v${ENGINE_VERSION}`);
  mkdirSync(folder, { recursive: true });
  const temporal = await startTestTemporal();
  const fixture = await startRunsFixture(temporal.address, { activities: STARTING_ACTIVITIES });
  for (const [name, start] of Object.entries(SCENARIOS)) {
    const file = join(folder, `${name}.json`);
    if (existsSync(file)) continue;
    const run = await start(fixture);
    await collect(fixture.streams, run);
    const handle = fixture.temporal.client.workflow.getHandle(run.temporalWorkflowId, run.temporalRunId);
    const recording = makeRecording(run.temporalWorkflowId, run.temporalRunId, await handle.fetchHistory());
    writeFileSync(file, `${JSON.stringify(recording, null, 1)}\n`);
    process.stdout.write(`${name}: ${recording.events.length} events\n`);
  }
  await fixture.close();
  await temporal.stop();
}

void main();

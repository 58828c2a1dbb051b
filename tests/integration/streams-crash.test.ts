import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readServerConfig } from "../../src/config";
import { silentLogger } from "../../src/core/logger";
import type { ExecutionEvent } from "../../src/events/event-types";
import { type EmbeddedTemporal, startEmbeddedTemporal } from "../../src/temporal/embedded/start-embedded";
import type { RunReference } from "../../src/temporal/runs-port";
import { gate } from "./runs-activities";
import { collect, type RunsFixture, scripted, startGraph, startRunsFixture, startTask, typesOf } from "./runs-fixture";
import { startChildWorker } from "./streams-child-process";

let dataDir: string;
let temporal: EmbeddedTemporal;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "aco-streams-"));
  const withoutCluster = { ...process.env, TEMPORAL_ADDRESS: "", TEMPORAL_PROFILE: "", TEMPORAL_NAMESPACE: "" };
  const { embedded } = readServerConfig({ temporalPort: "0", uiPort: "0" }, withoutCluster);
  if (embedded === null) throw new Error("no embedded server is configured");
  temporal = await startEmbeddedTemporal({ ...embedded, dataDir, logger: silentLogger });
}, 120_000);
afterAll(async () => {
  await temporal?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Collects in the background; `seen` fills as events come. */
function follow(fixture: RunsFixture, run: RunReference) {
  const seen: ExecutionEvent[] = [];
  const whole = (async () => {
    for await (const event of fixture.streams.watch(run, { signal: new AbortController().signal })) seen.push(event);
    return seen;
  })();
  return { seen, whole };
}

async function eventually(holds: () => boolean, limitMs = 30_000): Promise<void> {
  for (const deadline = Date.now() + limitMs; !holds(); await sleep(20))
    if (Date.now() > deadline) throw new Error("it did not come to that");
}

test("goes on over a Temporal that is killed and started again, without gap or repeat", async () => {
  const fixture = await startRunsFixture(temporal.address);
  const run = await startGraph(fixture, {
    version: 1,
    nodes: [scripted("a", "say a 5"), scripted("b", "wait killed; say b 5"), scripted("c", "say c")],
    edges: [
      { source: "a", target: "b" },
      { source: "b", target: "c" },
    ],
  });
  const first = follow(fixture, run);
  const second = follow(fixture, run);
  await eventually(() => typesOf(first.seen).includes("NODE_ENTERED b"));
  const pid = temporal.pid();
  process.kill(pid, "SIGKILL");
  await eventually(() => temporal.pid() !== pid);
  gate("killed").open();
  const whole = await first.whole;
  expect(await second.whole).toEqual(whole);
  expect(await collect(fixture.streams, run)).toEqual(whole);
  expect(new Set(whole.map(({ offset }) => offset)).size).toBe(whole.length);
  // A signal whose answer was lost may have been taken, so the words are at least these.
  expect(typesOf(whole).filter((type) => type === "OUTPUT b").length).toBeGreaterThanOrEqual(5);
  expect(typesOf(whole).filter((type) => type.startsWith("NODE_") || type === "COMPLETED")).toEqual(
    ["a", "b", "c"].flatMap((id) => [`NODE_ENTERED ${id}`, `NODE_COMPLETED ${id}`]).concat("COMPLETED"),
  );
  await fixture.close();
}, 120_000);

test("retracts what a killed worker's attempt said when another worker takes the task over", async () => {
  const fixture = await startRunsFixture(temporal.address, { worker: false });
  const killed = await startChildWorker(temporal.address);
  const run = await startTask(fixture, { command: "say x 3; sleep 1500; say y" });
  const following = follow(fixture, run);
  await eventually(() => following.seen.length === 4);
  killed.kill("SIGKILL");
  const other = await startChildWorker(temporal.address);
  const whole = await following.whole;
  expect(whole.map(({ type, data }) => [type, data["text"] ?? data["retracted_attempt"], data["attempt"]])).toEqual([
    ["STARTED", undefined, undefined],
    ...Array(3).fill(["OUTPUT", "x", 1]),
    ["PROGRESS", 1, 2],
    ...Array(3).fill(["OUTPUT", "x", 2]),
    ["OUTPUT", "y", 2],
    ["COMPLETED", undefined, undefined],
  ]);
  expect(await collect(fixture.streams, run)).toEqual(whole);
  other.kill("SIGKILL");
  await fixture.close();
}, 120_000);

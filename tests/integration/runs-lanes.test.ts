import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createActivities } from "../../src/activities/create-activities";
import { silentLogger } from "../../src/core/logger";
import type { Definition } from "../../src/definition/graph-types";
import { openStore } from "../../src/store/open-store";
import type { Store } from "../../src/store/store-port";
import { connectTemporal, type TemporalConnection } from "../../src/temporal/connect";
import type { RunReference } from "../../src/temporal/runs-port";
import { chainOf, expectWhole } from "./runs-chain";
import { collect, type RunsFixture, startGraph, startRunsFixture } from "./runs-fixture";
import { startTestTemporal, type TestTemporal } from "./temporal-server";

/** With the real runners, and a store that keeps what they cache. */
let folder: string;
let temporal: TestTemporal;
let connection: TemporalConnection;
let store: Store;
let fixture: RunsFixture;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aco-lanes-"));
  temporal = await startTestTemporal();
  connection = await connectTemporal({ ...temporal, logger: silentLogger });
  store = await openStore({ databaseUrl: `file:${join(folder, "aco.db")}`, logger: silentLogger });
  const activities = createActivities({ store, client: connection.client, dataDir: folder, logger: silentLogger });
  fixture = await startRunsFixture(temporal.address, { activities });
}, 120_000);
afterAll(async () => {
  await fixture?.close();
  await store?.close();
  await connection?.close();
  await temporal?.stop();
  await rm(folder, { recursive: true, force: true });
});

type Node = Definition["nodes"][number];
const shell = (id: string, command: string, more: object = {}): Node => ({
  id,
  type: "task",
  config: { task_type: "shell", config: { command } },
  ...more,
});
const graph = (...nodes: Node[]): Definition => ({
  version: 1,
  nodes,
  edges: nodes.slice(1).map(({ id }, at) => ({ source: nodes[at]?.id ?? "", target: id, on: "always" })),
});

const outputOf = (events: Awaited<ReturnType<typeof collect>>) => (events.at(-1)?.data["output"] ?? []) as string[];

test("runs the fast lane before the standard one, and lets it say nothing on its way", async () => {
  const fast = { lane: "fast" } as const;
  const run = await startGraph(
    fixture,
    graph(
      shell("a", "echo one", fast),
      shell("b", "echo two; exit 4", { ...fast, priority: 4, catch: { output: "${{ error.code }}" } }),
      shell("c", "echo three"),
    ),
  );
  const events = await collect(fixture.streams, run);
  expect(events.filter(({ type }) => type === "OUTPUT").map(({ nodeId }) => nodeId)).toEqual(["c"]);
  expect(events.at(-1)).toMatchObject({ type: "COMPLETED", data: { output: { c: { stdout: "three\n" } } } });
  expect(await prioritiesOf(run)).toEqual({ a: 1, b: 4, c: 0 });
});

test("cancels what is in the fast lane", async () => {
  const run = await startGraph(fixture, graph(shell("a", "sleep 60", { lane: "fast" })));
  await fixture.runs.cancel(run, "enough");
  const events = await collect(fixture.streams, run);
  expectWhole(events);
  expect(events.at(-1)).toMatchObject({ type: "FAILED", data: { code: "CANCELLED" } });
}, 60_000);

test("takes a result from the cache, in one run and in the next, and says so", async () => {
  const file = join(folder, "count");
  const command = `echo x >> ${file}; date +%s%N`;
  const cache = (ttl: string) => ({ cache: { key: "${{ input.key }}", ttl } });
  const definition: Definition = {
    ...graph(shell("a", command, cache("1h")), shell("b", command, cache("1h"))),
    output: ["${{ nodes.a.output.stdout }}", "${{ nodes.b.output.stdout }}"],
  };
  const run = await startGraph(fixture, definition, { key: "one" });
  const events = await collect(fixture.streams, run);
  const [first, second] = outputOf(events);
  expect(second).toBe(first);
  expect(events.filter(({ data }) => data["cached"] === true).map(({ type, nodeId }) => [type, nodeId])).toEqual([
    ["PROGRESS", "b"],
  ]);
  const again = await collect(fixture.streams, await startGraph(fixture, definition, { key: "one" }));
  expect(again.at(-1)?.data["output"]).toEqual([first, first]);
  const other = await collect(fixture.streams, await startGraph(fixture, definition, { key: "two" }));
  expect(outputOf(other)[0]).not.toBe(first);
  expect(await readFile(file, "utf8")).toBe("x\nx\n");
  const fast = graph(shell("a", command, { ...cache("1h"), lane: "fast" }));
  const taken = await collect(fixture.streams, await startGraph(fixture, fast, { key: "one" }));
  expect(taken.at(-1)).toMatchObject({ data: { output: { a: { stdout: first } } } });
});

test("forgets a cached result in time, and keeps none of a failure", async () => {
  const cache = (key: string, ttl: string) => ({ cache: { key, ttl } });
  const definition = graph(
    shell("a", "date +%s%N", cache("short", "50ms")),
    shell("pause", "sleep 0.2"),
    shell("b", "date +%s%N", cache("short", "50ms")),
    shell("bad", "exit 1", cache("bad", "1h")),
    shell("good", "exit 0", cache("bad", "1h")),
  );
  const events = await collect(
    fixture.streams,
    await startGraph(fixture, { ...definition, output: ["${{ nodes.a.output.stdout != nodes.b.output.stdout }}"] }),
  );
  expect(events.at(-1)).toMatchObject({ type: "COMPLETED", data: { output: [true] } });
  expect(events.some(({ data }) => data["cached"] === true)).toBe(false);
});

test("gives tasks their priority in Temporal", async () => {
  const run = await startGraph(fixture, graph(shell("a", "true", { priority: 1 }), shell("b", "true")));
  await collect(fixture.streams, run);
  expect(await prioritiesOf(run)).toEqual({ a: 1, b: 0 });
});

/** What Temporal was told, by activity; 0 is its default. */
async function prioritiesOf(run: RunReference): Promise<Readonly<Record<string, number>>> {
  const scheduled = (await chainOf(fixture, run))
    .flat()
    .flatMap((each) => each.activityTaskScheduledEventAttributes ?? []);
  return Object.fromEntries(scheduled.map(({ activityId, priority }) => [activityId, priority?.priorityKey ?? 0]));
}

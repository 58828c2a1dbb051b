import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createActivities } from "../../src/activities/create-activities";
import { silentLogger } from "../../src/core/logger";
import type { Definition } from "../../src/definition/graph-types";
import { openStore } from "../../src/store/open-store";
import type { Store } from "../../src/store/store-port";
import { connectTemporal, type TemporalConnection } from "../../src/temporal/connect";
import { chainOf, expectWhole } from "./runs-chain";
import { collect, type RunsFixture, startGraph, startRunsFixture } from "./runs-fixture";
import { replayAll } from "./runs-replayed";
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

test("runs the fast lane within the workflow task, and tells of its nodes", async () => {
  const fast = { lane: "fast" } as const;
  const run = await startGraph(
    fixture,
    graph(
      shell("a", "echo one", fast),
      shell("b", "printf '%s' \"${{ nodes.a.output.stdout }}\"; exit 3", fast),
      shell("c", "echo two; exit 4", { ...fast, catch: { output: "${{ error.code }}" } }),
    ),
  );
  const events = await collect(fixture.streams, run);
  expectWhole(events);
  const ofNodes = events.filter(({ nodeId }) => nodeId !== undefined);
  expect(ofNodes.map(({ type, nodeId, data }) => [type, nodeId, data["status"]])).toEqual([
    ["NODE_ENTERED", "a", undefined],
    ["NODE_COMPLETED", "a", "completed"],
    ["NODE_ENTERED", "b", undefined],
    ["NODE_COMPLETED", "b", "failed"],
    ["NODE_ENTERED", "c", undefined],
    ["NODE_COMPLETED", "c", "completed"],
  ]);
  expect(ofNodes[3]).toMatchObject({ data: { code: "SHELL_EXIT_CODE", details: { stdout: "one\n" } } });
  expect(events.at(-1)).toMatchObject({ type: "COMPLETED", data: { output: { c: "SHELL_EXIT_CODE" } } });
  const history = (await chainOf(fixture, run)).flat();
  expect(history.some((each) => each.activityTaskScheduledEventAttributes)).toBe(false);
  expect(history.filter((each) => each.markerRecordedEventAttributes)).toHaveLength(3);
  expect(history.filter((each) => each.workflowTaskStartedEventAttributes)).toHaveLength(1);
});

test("refuses an output in the fast lane that would be too much for one workflow task", async () => {
  const run = await startGraph(
    fixture,
    graph(shell("a", "head -c 70000 /dev/zero | tr '\\0' x; echo", { lane: "fast" })),
  );
  expect((await collect(fixture.streams, run)).at(-1)).toMatchObject({
    type: "FAILED",
    data: { code: "OUTPUT_TOO_LARGE", node_id: "a" },
  });
});

test("runs more in the fast lane than goes to the server in one message", async () => {
  const task = { task_type: "shell", config: { command: "head -c 30000 /dev/zero | tr '\\0' x" } };
  const body = { nodes: [{ id: "t", type: "task", config: task, lane: "fast" } as const], edges: [], output: 1 };
  const map: Node = { id: "m", type: "map", config: { items: "input", concurrency: 100, body } };
  const run = await startGraph(
    fixture,
    graph(map),
    Array.from({ length: 150 }, (_, at) => at),
  );
  const events = await collect(fixture.streams, run);
  expectWhole(events);
  expect(events.at(-1)).toMatchObject({ type: "COMPLETED" });
  const history = (await chainOf(fixture, run)).flat();
  expect(history.filter((each) => each.markerRecordedEventAttributes)).toHaveLength(150);
  expect(history.filter((each) => each.workflowTaskFailedEventAttributes)).toEqual([]);
}, 60_000);

test("replays a run whose fast tasks ended one after another while others of them ran", async () => {
  const fast = { lane: "fast" } as const;
  const sleeps = "sleep ${{ [0.05, 0.3, 0.1, 0.2, 0.01][item % 5] }}";
  const body = {
    nodes: [
      shell("a", sleeps, fast),
      { id: "w", type: "wait", config: { duration: "10ms" } },
      shell("b", sleeps, fast),
    ],
    edges: [
      { source: "a", target: "w" },
      { source: "w", target: "b" },
    ],
  };
  const map = { id: "m", type: "map", config: { items: "input", concurrency: 5, body } } as Node;
  const run = await startGraph(
    fixture,
    graph(map, shell("after", "true")),
    Array.from({ length: 20 }, (_, at) => at),
  );
  const events = await collect(fixture.streams, run);
  expect(events.at(-1)).toMatchObject({ type: "COMPLETED" });
  await replayAll(fixture, run);
}, 60_000);

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
  const scheduled = (await chainOf(fixture, run))
    .flat()
    .flatMap((each) => each.activityTaskScheduledEventAttributes ?? []);
  expect(scheduled.map(({ activityId, priority }) => [activityId, priority?.priorityKey ?? 0])).toEqual([
    ["a", 1],
    ["b", 0],
  ]);
});

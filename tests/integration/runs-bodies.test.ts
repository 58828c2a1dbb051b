import type { Definition } from "../../src/definition/graph-types";
import { gate } from "./runs-activities";
import { chainOf, expectWhole, nodeOf } from "./runs-chain";
import { collect, type RunsFixture, scripted, startGraph, startRunsFixture } from "./runs-fixture";
import { startTestTemporal, type TestTemporal } from "./temporal-server";

let temporal: TestTemporal;
let fixture: RunsFixture;
beforeAll(async () => {
  temporal = await startTestTemporal();
  fixture = await startRunsFixture(temporal.address);
}, 120_000);
afterAll(async () => {
  await fixture?.close();
  await temporal?.stop();
});

const ended = (events: Awaited<ReturnType<typeof collect>>, prefix: string) =>
  events.filter(({ type, nodeId }) => type === "NODE_COMPLETED" && nodeId?.startsWith(prefix));

test("maps 200 items over several runs, in order, with one that fails", async () => {
  const body: Definition = {
    version: 1,
    nodes: [scripted("t", "${{ index == 77 ? 'fail HTTP_STATUS' : 'sleep 1' }}"), scripted("u", "sleep ${{ item }}")],
    edges: [{ source: "t", target: "u" }],
    output: "${{ item }}",
  };
  const { nodes, edges, output } = body;
  const run = await startGraph(
    fixture,
    {
      version: 1,
      nodes: [
        {
          id: "m",
          type: "map",
          config: {
            items: "input.items",
            concurrency: 40,
            max_failures: 1,
            body: { nodes, edges, ...(output === undefined ? {} : { output }) },
          },
        },
      ],
      edges: [],
      output: "${{ nodes.m.output }}",
    },
    { items: Array.from({ length: 200 }, (_, item) => item) },
    { continueAfterEvents: 400 },
  );
  const events = await collect(fixture.streams, run);
  expectWhole(events.filter(({ nodeId }) => nodeId !== "u[77]"));
  expect(ended(events, "t[")).toHaveLength(200);
  const outputs = Array.from({ length: 200 }, (_, item) => (item === 77 ? null : item));
  expect(events.at(-1)).toMatchObject({
    type: "COMPLETED",
    data: { output: { outputs, failed: [{ index: 77, code: "HTTP_STATUS" }] } },
  });
  expect((await chainOf(fixture, run)).length).toBeGreaterThan(1);
}, 120_000);

test("loops 300 times over several runs", async () => {
  const run = await startGraph(
    fixture,
    {
      version: 1,
      nodes: [
        {
          id: "l",
          type: "loop",
          config: {
            until: "nodes.l.output.n == 300",
            max_iterations: 300,
            body: {
              nodes: [
                scripted("t", "sleep 1"),
                { id: "n", type: "transform", config: { output: { n: "${{ iteration }}" } } },
              ],
              edges: [{ source: "t", target: "n" }],
              output: "${{ nodes.n.output }}",
            },
          },
        },
      ],
      edges: [],
    },
    {},
    { continueAfterEvents: 500 },
  );
  const events = await collect(fixture.streams, run);
  expectWhole(events);
  expect(ended(events, "t").map(({ nodeId }) => nodeId)).toEqual([
    "t",
    ...Array.from({ length: 299 }, (_, at) => `t#${at + 2}`),
  ]);
  expect(events.at(-1)).toMatchObject({ type: "COMPLETED", data: { output: { l: { n: 300 } } } });
  expect((await chainOf(fixture, run)).length).toBeGreaterThan(3);
}, 120_000);

test("continues as new before a worker that takes over has much to compute again", async () => {
  const body: Definition = {
    version: 1,
    nodes: [{ id: "t", type: "transform", config: { output: "${{ sum(input.map(x, x + 1)) + iteration }}" } }],
    edges: [],
  };
  const { nodes, edges } = body;
  const loop = { until: "iteration == 150", max_iterations: 150, body: { nodes, edges } };
  const run = await startGraph(
    fixture,
    { version: 1, nodes: [{ id: "l", type: "loop", config: loop }], edges: [] },
    Array.from({ length: 30_000 }, () => 1),
  );
  const events = await collect(fixture.streams, run);
  expectWhole(events);
  expect(events.at(-1)).toMatchObject({ type: "COMPLETED", data: { output: { l: { t: 60_150 } } } });
  const chain = await chainOf(fixture, run);
  expect(chain.length).toBeGreaterThan(2);
  // Long before Temporal suggests it.
  expect(Math.max(...chain.map((history) => history.length))).toBeLessThan(500);
}, 120_000);

test("does work that waits for nothing in workflow tasks of a second, and journals all of it", async () => {
  const run = await startGraph(
    fixture,
    {
      version: 1,
      nodes: [
        {
          id: "m",
          type: "map",
          config: {
            items: "input.items",
            concurrency: 1_000,
            body: {
              nodes: [{ id: "t", type: "transform", config: { output: "${{ item + input.text }}" } }],
              edges: [],
            },
          },
        },
      ],
      edges: [],
      output: "${{ size(nodes.m.output.outputs) }}",
    },
    { items: Array.from({ length: 4_000 }, (_, at) => `${at}`), text: "x".repeat(300) },
  );
  const events = await collect(fixture.streams, run);
  expectWhole(events);
  expect(ended(events, "t[")).toHaveLength(4_000);
  expect(events.at(-1)).toMatchObject({ type: "COMPLETED", data: { output: 4_000 } });
  const history = (await chainOf(fixture, run)).flat();
  expect(
    history.some((each) => each.workflowTaskFailedEventAttributes ?? each.workflowTaskTimedOutEventAttributes),
  ).toBe(false);
}, 120_000);

test("hands a state that is too large for an input to the next run through the store", async () => {
  const ids = Array.from({ length: 24 }, (_, at) => `n${at}`);
  const run = await startGraph(
    fixture,
    {
      version: 1,
      nodes: ids.map((id) => scripted(id, "big 120000")),
      edges: ids.slice(1).map((target, at) => ({ source: `n${at}`, target })),
      output: ids.map((id) => `$\{{ size(nodes.${id}.output) }}`),
    },
    {},
    { continueAfterEvents: 60 },
  );
  const events = await collect(fixture.streams, run);
  expectWhole(events);
  expect(events.at(-1)).toMatchObject({ type: "COMPLETED", data: { output: ids.map(() => 120_000) } });
  const chain = await chainOf(fixture, run);
  expect(chain.length).toBeGreaterThan(1);
  const activities = chain.flat().map((each) => each.activityTaskScheduledEventAttributes?.activityType?.name ?? "");
  expect(activities).toEqual(expect.arrayContaining(["save_state_part", "load_state_part", "free_state_parts"]));
  expect(fixture.blobs.size).toBe(0);
}, 180_000);

test("ends a workflow task when its expressions have taken long, however many ends come at once", async () => {
  const items = Array.from({ length: 30 }, (_, at) => at);
  const heavy = "${{ size(input.map(a, input.map(b, input.map(c, a + b + c)))) }}";
  const run = await startGraph(
    fixture,
    {
      version: 1,
      nodes: [
        {
          id: "m",
          type: "map",
          config: {
            items: "input",
            concurrency: 60,
            body: {
              nodes: [scripted("t", "wait heavy"), { id: "h", type: "transform", config: { output: heavy } }],
              edges: [{ source: "t", target: "h" }],
            },
          },
        },
      ],
      edges: [],
      output: "${{ nodes.m.output.failed }}",
    },
    items,
  );
  await nodeOf(fixture, run, "t[29]");
  gate("heavy").open();
  expect((await collect(fixture.streams, run)).at(-1)).toMatchObject({ type: "COMPLETED", data: { output: [] } });
  const history = (await chainOf(fixture, run)).flat();
  expect(
    history.filter((each) => each.workflowTaskTimedOutEventAttributes ?? each.workflowTaskFailedEventAttributes),
  ).toEqual([]);
}, 120_000);

import type { Definition } from "../../src/definition/graph-types";
import type { ExecutionEvent } from "../../src/events/event-types";
import { gate } from "./runs-activities";
import { chainOf, expectWhole } from "./runs-chain";
import { collect, graphInput, type RunsFixture, scripted, startRunsFixture } from "./runs-fixture";
import { startTestTemporal, type TestTemporal } from "./temporal-server";

let temporal: TestTemporal;
let fixture: RunsFixture;
beforeAll(async () => {
  temporal = await startTestTemporal();
  fixture = await startRunsFixture(temporal.address, { ringLimits: { events: 20, size: 100_000 } });
}, 120_000);
afterAll(async () => {
  await fixture?.close();
  await temporal?.stop();
});

const ITERATIONS = 25;

/** A loop of tasks, some of which fail and are caught, beside a node that waits all the while, and a map. */
const DEFINITION: Definition = {
  version: 1,
  nodes: [
    {
      id: "loop",
      type: "loop",
      config: {
        while: `iteration <= ${ITERATIONS}`,
        max_iterations: ITERATIONS,
        body: {
          nodes: [
            scripted("step", "say ${{ iteration }}; ${{ iteration % 5 == 0 ? 'fail HTTP_STATUS' : '' }}", {
              catch: { output: "caught" },
            }),
            { id: "after", type: "transform", config: { output: "${{ nodes.step.output }}" } },
          ],
          edges: [{ source: "step", target: "after" }],
        },
      },
    },
    { id: "pause", type: "wait", config: { duration: "2s" } },
    {
      id: "map",
      type: "map",
      config: {
        items: `[${Array.from({ length: 20 }, (_, at) => at).join(",")}]`,
        concurrency: 4,
        task: { task_type: "shell", config: { command: "say x" } },
      },
    },
    scripted("last", "wait continued"),
  ],
  edges: [
    { source: "loop", target: "map" },
    { source: "map", target: "last" },
  ],
};

const times = (count: number) => Array.from({ length: count }, (_, at) => at);
const counted = (id: string, at: number) => (at === 0 ? id : `${id}#${at + 1}`);

test("a graph that goes on in new runs of its chain has one stream, without gap or repeat", async () => {
  const input = { ...graphInput(DEFINITION), continueAfterEvents: 60 };
  const run = await fixture.runs.startGraph(input, "hash");
  const resumed: (readonly [number, Promise<ExecutionEvent[]>])[] = [];
  const whole: ExecutionEvent[] = [];
  for await (const event of fixture.streams.watch(run, { signal: new AbortController().signal })) {
    whole.push(event);
    if (whole.length % 40 === 0) resumed.push([whole.length, collect(fixture.streams, run, event.offset)]);
    if (event.type === "NODE_ENTERED" && event.nodeId === "last") gate("continued").open();
  }
  expect(whole.at(-1)).toMatchObject({ type: "COMPLETED" });
  const offsets = whole.map(({ offset }) => offset);
  expect(offsets).toEqual([...new Set(offsets)].toSorted());
  expect(Number(offsets.at(-1)?.split("-")[1])).toBeGreaterThan(3);
  const ids = [
    ...["loop", "pause", "map", "last"],
    ...times(ITERATIONS).flatMap((at) => [counted("step", at), counted("after", at)]),
    ...times(20).map((at) => `map[${at}]`),
  ].toSorted();
  const idsOf = (type: string) =>
    whole.flatMap((event) => (event.type === type ? [event.nodeId ?? ""] : [])).toSorted();
  expect(idsOf("NODE_ENTERED")).toEqual(ids);
  // What failed and was caught ends twice: as its task did, and with the last word.
  const caught = times(ITERATIONS)
    .filter((at) => (at + 1) % 5 === 0)
    .map((at) => counted("step", at));
  expect(idsOf("NODE_COMPLETED")).toEqual([...ids, ...caught].toSorted());
  for (const id of caught)
    expect(
      whole.filter(({ type, nodeId }) => type === "NODE_COMPLETED" && nodeId === id).map(({ data }) => data["status"]),
    ).toEqual(["failed", "completed"]);
  const pause = whole.find(({ type, nodeId }) => type === "NODE_COMPLETED" && nodeId === "pause");
  // The wait is counted from when the engine enters it, the event from when Temporal hears of that.
  expect(pause?.data["duration_ms"]).toBeGreaterThanOrEqual(1_000);
  for (const [length, rest] of resumed) expect(await rest).toEqual(whole.slice(length));
  expect(await collect(fixture.streams, run)).toEqual(whole);
}, 120_000);

test("a graph that never waits goes on in a new run, too", async () => {
  const definition: Definition = {
    version: 1,
    nodes: [
      {
        id: "loop",
        type: "loop",
        config: {
          while: "iteration <= 5000",
          max_iterations: 5_000,
          body: { nodes: [{ id: "step", type: "transform", config: { output: "${{ iteration }}" } }], edges: [] },
        },
      },
    ],
    edges: [],
  };
  const run = await fixture.runs.startGraph({ ...graphInput(definition), continueAfterEvents: 30 }, "hash");
  const events = await collect(fixture.streams, run);
  expect(events.at(-1)).toMatchObject({ type: "COMPLETED", data: { output: { loop: { step: 5_000 } } } });
  expect(Number(events.at(-1)?.offset.split("-")[1])).toBeGreaterThanOrEqual(1);
  const completed = events.flatMap(({ type, nodeId }) => (type === "NODE_COMPLETED" ? [nodeId] : []));
  expect(completed).toHaveLength(5_001);
  expect(new Set(completed).size).toBe(5_001);
}, 120_000);

test("a run that was cancelled and winds down over several runs of its chain ends as cancelled, for the same reason", async () => {
  const body = { nodes: [scripted("step", "sleep 1; say ${{ error.message }}")], edges: [] };
  const definition: Definition = {
    version: 1,
    nodes: [{ id: "long", type: "wait", config: { duration: "1h" } }],
    edges: [],
    finally: {
      nodes: [{ id: "tidy", type: "loop", config: { until: "iteration == 20", max_iterations: 20, body } }],
      edges: [],
    },
  };
  const run = await fixture.runs.startGraph({ ...graphInput(definition), continueAfterEvents: 30 }, "hash");
  const handle = fixture.temporal.client.workflow.getHandle(run.temporalWorkflowId);
  await fixture.runs.cancel(run, "enough");
  const events = await collect(fixture.streams, run);
  const message = "cancelled: enough";
  expect(events.at(-1)).toMatchObject({ type: "FAILED", error: message, data: { code: "CANCELLED" } });
  const recorded = fixture.ended.find(({ executionId }) => executionId === run.executionId);
  expect(recorded).toMatchObject({ status: "CANCELLED", failure: { code: "CANCELLED", message } });
  const steps = events.filter(({ type, nodeId }) => type === "NODE_ENTERED" && nodeId?.startsWith("step"));
  expect(steps.map(({ data }) => data["input"])).toEqual(
    times(20).map(() => expect.objectContaining({ command: `sleep 1; say ${message}` })),
  );
  expect(events.filter(({ type, nodeId }) => type === "NODE_COMPLETED" && nodeId?.startsWith("step"))).toHaveLength(20);
  expect((await chainOf(fixture, run)).length).toBeGreaterThan(1);
  expect((await handle.describe()).status.name).toBe("CANCELLED");
}, 60_000);

describe("a run that holds more than a new run of its chain could be handed", () => {
  /** Copies of the input that the engine keeps without an event: 20 MiB of them. */
  const copies = times(20).map((at) => ({
    id: `copy-${at}`,
    type: "transform" as const,
    config: { output: "${{ input.text }}" },
  }));
  const input = { text: "x".repeat(1_024 * 1_024) };
  const body = { nodes: [scripted("step", "say x")], edges: [] };
  const long = { id: "long", type: "loop" as const, config: { until: "false", max_iterations: 500, body } };
  const pay = scripted("pay", "say x", {
    compensate: { task_type: "shell", config: { command: "say refunded" } },
  } as never);
  const definition: Definition = {
    version: 1,
    nodes: [
      pay,
      ...copies,
      long,
      { id: "asked", type: "approval", config: { message: "Go on?" } },
      scripted("beside", "sleep 300"),
    ],
    edges: [{ source: "pay", target: "long" }],
  };
  const outputsOf = (events: readonly ExecutionEvent[]) =>
    events.flatMap(({ type, nodeId, data }) => (type === "OUTPUT" && nodeId !== null ? [[nodeId, data["text"]]] : []));

  test("fails after it has undone what it did and run its handlers", async () => {
    const on_failure = { nodes: [scripted("alarm", "say ${{ error.code }}")], edges: [] };
    const graph = graphInput({ ...definition, on_failure }, input);
    const run = await fixture.runs.startGraph({ ...graph, continueAfterEvents: 60 }, "hash");
    const events = await collect(fixture.streams, run);
    expect(events.at(-1)).toMatchObject({ type: "FAILED", data: { code: "STATE_TOO_LARGE" } });
    expect(outputsOf(events)).toEqual(
      expect.arrayContaining([
        ["pay/compensate", "refunded"],
        ["alarm", "STATE_TOO_LARGE"],
      ]),
    );
    expectWhole(events);
    expect(await chainOf(fixture, run)).toHaveLength(1);
  }, 60_000);
});

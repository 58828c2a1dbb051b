import type { ExecutionEvent } from "../../src/events/event-types";
import type { EventStreams, RunReference } from "../../src/temporal/runs-port";
import { startTcpProxy } from "../postgres/tcp-proxy";
import { gate } from "./runs-activities";
import { collect, type RunsFixture, scripted, startGraph, startRunsFixture, startTask, typesOf } from "./runs-fixture";
import { startTestTemporal, type TestTemporal } from "./temporal-server";

let temporal: TestTemporal;
let fixture: RunsFixture;
beforeAll(async () => {
  temporal = await startTestTemporal();
  fixture = await startRunsFixture(temporal.address, { ringLimits: { events: 20, size: 1_000_000 } });
}, 120_000);
afterAll(async () => {
  await fixture?.close();
  await temporal?.stop();
});

const unseen = {
  workflowId: "task/0192f0c1-0000-7000-8000-000000000009",
  runId: "0192f0c1-0000-7000-8000-00000000000a",
};

/** Reads events until one matches; the iterator goes on from there. */
async function until(iterator: AsyncIterator<ExecutionEvent>, matches: (event: ExecutionEvent) => boolean) {
  const seen: ExecutionEvent[] = [];
  for (;;) {
    const { value, done } = await iterator.next();
    if (done) return seen;
    seen.push(value);
    if (matches(value)) return seen;
  }
}

function watching(streams: EventStreams, run: RunReference, after?: string) {
  const signal = new AbortController().signal;
  const options = { signal, ...(after === undefined ? {} : { after }) };
  return streams.watch(run, options)[Symbol.asyncIterator]();
}

test("streams a task's execution from STARTED to COMPLETED", async () => {
  const run = await startTask(fixture, { command: "say hello; say world" });
  const events = await collect(fixture.streams, run);
  expect(typesOf(events)).toEqual(["STARTED", "OUTPUT", "OUTPUT", "COMPLETED"]);
  expect(events.map(({ data }) => data["execution_id"])).toEqual(Array(4).fill(run.executionId));
});

test("gives a late subscriber the whole stream, and the same again after the end", async () => {
  const run = await startTask(fixture, { command: "say one 3; wait late; say two" });
  const early = collect(fixture.streams, run);
  await until(watching(fixture.streams, run), ({ type }) => type === "OUTPUT");
  const late = collect(fixture.streams, run);
  gate("late").open();
  const whole = await early;
  expect(typesOf(whole)).toEqual(["STARTED", "OUTPUT", "OUTPUT", "OUTPUT", "OUTPUT", "COMPLETED"]);
  expect(await late).toEqual(whole);
  expect(await collect(fixture.streams, run)).toEqual(whole);
});

test("resumes after every offset, in the middle of the run and after its end, without gap or repeat", async () => {
  const run = await startGraph(fixture, {
    version: 1,
    nodes: [scripted("a", "say a 3"), scripted("b", "say b; wait resume; say c"), scripted("d", "say d")],
    edges: [
      { source: "a", target: "b" },
      { source: "b", target: "d" },
    ],
  });
  const middle = await until(watching(fixture.streams, run), ({ type, nodeId }) => type === "OUTPUT" && nodeId === "b");
  const resumed = middle.map(({ offset }) => collect(fixture.streams, run, offset));
  gate("resume").open();
  const whole = await collect(fixture.streams, run);
  expect(whole.slice(0, middle.length)).toEqual(middle);
  for (const [at, rest] of resumed.entries()) expect(await rest).toEqual(whole.slice(at + 1));
  for (const [at, { offset }] of whole.entries())
    expect(await collect(fixture.streams, run, offset)).toEqual(whole.slice(at + 1));
});

test("refuses an offset that is malformed, of another execution, or after the end", async () => {
  const run = await startTask(fixture, { command: "say x" });
  const other = await startTask(fixture, { command: "say x" });
  const [first] = await collect(fixture.streams, other);
  const refused = { code: "INVALID_ARGUMENT", violations: [expect.objectContaining({ field: "after_offset" })] };
  await expect(collect(fixture.streams, run, "nonsense")).rejects.toMatchObject(refused);
  await expect(collect(fixture.streams, run, first?.offset)).rejects.toMatchObject(refused);
  const last = (await collect(fixture.streams, run)).at(-1)?.offset ?? "";
  await expect(collect(fixture.streams, run, last)).resolves.toEqual([]);
  await expect(collect(fixture.streams, run, last.replace(/\d{6}$/, "999999"))).rejects.toMatchObject(refused);
});

test("says NOT_FOUND for a run that Temporal does not know", async () => {
  const run = { executionId: "x", temporalWorkflowId: unseen.workflowId, temporalRunId: unseen.runId };
  await expect(collect(fixture.streams, run)).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("reads history once for fifty subscribers", async () => {
  const run = await startTask(fixture, { command: "wait fifty; say hello 10" });
  const service = fixture.temporal.client.workflowService;
  const read = service.getWorkflowExecutionHistory;
  let reads = 0;
  service.getWorkflowExecutionHistory = ((...args: Parameters<typeof read>) => {
    reads += 1;
    return read.apply(service, args);
  }) as typeof read;
  try {
    const all = Array.from({ length: 50 }, () => collect(fixture.streams, run));
    gate("fifty").open();
    const [first, ...others] = await Promise.all(all);
    expect(typesOf(first ?? [])).toEqual(["STARTED", ...Array(10).fill("OUTPUT"), "COMPLETED"]);
    for (const events of others) expect(events).toEqual(first);
    // One call for each news at the most: 12 of them, some in one page; not fifty times that.
    expect(reads).toBeLessThan(50);
  } finally {
    service.getWorkflowExecutionHistory = read;
  }
});

test("keeps little for a slow reader of a chatty run, stalls nobody for it, and lets it catch up", async () => {
  const run = await startTask(fixture, { command: "say x 1; wait chatty; say y 150" });
  const slow = watching(fixture.streams, run);
  const before = await until(slow, ({ type }) => type === "OUTPUT");
  gate("chatty").open();
  // The slow one is paused while the fast one reads to the end; the ring of this fixture holds 20 events.
  const whole = await collect(fixture.streams, run);
  expect(whole).toHaveLength(153);
  const after = await until(slow, () => false);
  expect([...before, ...after]).toEqual(whole);
});

test("stops at once when its reader leaves, though history says nothing", async () => {
  const run = await startTask(fixture, { command: "wait leaving" });
  const leaving = new AbortController();
  const events = collect(fixture.streams, run, undefined, leaving.signal);
  await new Promise((resolve) => setTimeout(resolve, 200));
  leaving.abort();
  // The task waits for its gate, so nothing but the reader's leave ends this.
  expect(typesOf(await events)).toEqual(["STARTED"]);
  gate("leaving").open();
});

test("tells readers UNAVAILABLE when the server shuts down", async () => {
  const run = await startTask(fixture, { command: "wait closing" });
  const other = await startRunsFixture(temporal.address, { worker: false });
  const events = collect(other.streams, run);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await Promise.all([expect(events).rejects.toMatchObject({ code: "UNAVAILABLE" }), other.close()]);
  gate("closing").open();
});

test("says UNAVAILABLE within seconds to who asks for what there is so far, while Temporal is away", async () => {
  const run = await startTask(fixture, { command: "say once" });
  await collect(fixture.streams, run);
  const proxy = await startTcpProxy({ host: "127.0.0.1", port: Number(temporal.address.split(":")[1]) });
  const other = await startRunsFixture(`127.0.0.1:${proxy.port}`, { worker: false });
  proxy.cut();
  const from = Date.now();
  const read = other.streams.soFar(run, new AbortController().signal)[Symbol.asyncIterator]().next();
  await expect(read).rejects.toMatchObject({ code: "UNAVAILABLE", message: "Temporal cannot be reached" });
  expect(Date.now() - from).toBeLessThan(25_000);
  await other.close();
  await proxy.close();
}, 60_000);

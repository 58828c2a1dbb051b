import { createHash, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { JsonValue } from "../../src/core/json";
import type { Concurrency } from "../../src/definition/graph-types";
import type { ExecutionEvent } from "../../src/events/event-types";
import type { StartedRun } from "../../src/temporal/runs-port";
import {
  CLAIM_SLOT_SIGNAL,
  LEAVE_SLOT_SIGNAL,
  mutexRunId,
  SLOT_SIGNAL,
  STATE_QUERY,
} from "../../src/workflows/history-contract";
import type { StateView } from "../../src/workflows/state-view";
import { gate } from "./runs-activities";
import { collect, graphInput, type RunsFixture, scripted, startRunsFixture, typesOf } from "./runs-fixture";
import { startChildWorker } from "./streams-child-process";
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

interface Start {
  readonly workflowId: string;
  readonly command: string;
  readonly onConflict?: Concurrency["on_conflict"];
  readonly input?: JsonValue;
}

/** Starts a run of one node under the key `${{ input.key }}`, which is `k` where the input does not say. */
async function start(
  { workflowId, command, onConflict, input = { key: "k" } }: Start,
  on: RunsFixture = fixture,
): Promise<StartedRun> {
  const plain = graphInput({ version: 1, nodes: [scripted("a", command)], edges: [] }, input);
  const concurrency = { key: "${{ input.key }}", ...(onConflict === undefined ? {} : { on_conflict: onConflict }) };
  const definition = { ...plain.snapshot.definition, concurrency };
  const run = { ...plain, workflowId, snapshot: { ...plain.snapshot, definition } };
  return await on.runs.startGraph(run, "hash");
}

function handleOf({ temporalWorkflowId }: StartedRun) {
  return fixture.temporal.client.workflow.getHandle(temporalWorkflowId);
}

function mutexOf(workflowId: string, key = "k") {
  const hash = createHash("sha256").update(key).digest("hex");
  return fixture.temporal.client.workflow.getHandle(mutexRunId(workflowId, hash));
}

async function viewOf(run: StartedRun): Promise<StateView> {
  return await handleOf(run).query<StateView>(STATE_QUERY);
}

async function untilWaiting(run: StartedRun): Promise<StateView> {
  for (;;) {
    const view = await viewOf(run);
    if (view.waitsForTurn !== undefined) return view;
    await sleep(20);
  }
}

async function untilRunning(run: StartedRun): Promise<void> {
  while ((await viewOf(run)).nodes[0]?.status !== "running") await sleep(20);
}

const streamOf = (run: StartedRun) => collect(fixture.streams, run);
const messagesOf = (events: readonly ExecutionEvent[]) =>
  events.filter(({ type }) => type === "PROGRESS").map(({ data }) => data["message"]);

/** When the one node of each ran; in this order, and none while another did. */
function expectOneByOne(streams: readonly ExecutionEvent[][]): void {
  let endedAt = "";
  for (const events of streams) {
    const [entered, completed] = ["NODE_ENTERED", "NODE_COMPLETED"].map((type) =>
      events.find((event) => event.type === type),
    );
    expect((entered?.timestamp ?? "") >= endedAt).toBe(true);
    endedAt = completed?.timestamp ?? "none";
  }
}

test("runs with one key go one at a time, in the order in which they were started", async () => {
  const workflowId = randomUUID();
  const first = await start({ workflowId, command: "wait order; say 0" });
  await untilRunning(first);
  const second = await start({ workflowId, command: "say 1" });
  await untilWaiting(second);
  const third = await start({ workflowId, command: "say 2" });
  const runs = [first, second, third, await start({ workflowId, command: "say 3" })];
  for (const run of runs.slice(1)) await untilWaiting(run);
  expect(await viewOf(third)).toEqual({
    executionId: third.executionId,
    status: "running",
    nodes: [],
    waitsForTurn: { holder: first.executionId, ahead: 2 },
  });
  expect((await viewOf(first)).waitsForTurn).toBeUndefined();
  gate("order").open();
  const streams = await Promise.all(runs.map(streamOf));
  expectOneByOne(streams);
  expect(typesOf(streams[0] ?? [])).not.toContain("PROGRESS");
  expect(typesOf(streams[2] ?? [])).toEqual([
    "STARTED",
    "PROGRESS",
    "PROGRESS",
    "NODE_ENTERED a",
    "OUTPUT a",
    "NODE_COMPLETED a",
    "CHECKPOINT",
    "COMPLETED",
  ]);
  expect(messagesOf(streams[1] ?? [])).toEqual([
    `waits for its turn: execution ${first.executionId} runs with the same concurrency key`,
    "its turn has come",
  ]);
  await mutexOf(workflowId).result();
});

test("runs with other keys, and of other workflows, do not wait for each other", async () => {
  const workflowId = randomUUID();
  const holder = await start({ workflowId, command: "wait others" });
  await untilRunning(holder);
  const others = [
    await start({ workflowId, command: "say x", input: { key: "other" } }),
    await start({ workflowId: randomUUID(), command: "say x" }),
  ];
  for (const run of others) expect((await streamOf(run)).at(-1)?.type).toBe("COMPLETED");
  gate("others").open();
  await streamOf(holder);
});

test("a run that is to be rejected fails, and names the holder", async () => {
  const workflowId = randomUUID();
  const holder = await start({ workflowId, command: "wait reject" });
  await untilRunning(holder);
  const rejected = await start({ workflowId, command: "say x", onConflict: "reject" });
  const events = await streamOf(rejected);
  expect(typesOf(events)).toEqual(["STARTED", "FAILED"]);
  expect(events[1]).toMatchObject({
    error: `another run holds the same concurrency key; execution ${holder.executionId} holds it`,
    data: { code: "CONCURRENCY_REJECTED", details: { holder: holder.executionId, key: "k" } },
  });
  gate("reject").open();
  await streamOf(holder);
  const next = await start({ workflowId, command: "say x", onConflict: "reject" });
  expect((await streamOf(next)).at(-1)?.type).toBe("COMPLETED");
});

test("a run that replaces another one cancels it, and all that wait, and begins when it has ended", async () => {
  const workflowId = randomUUID();
  const holder = await start({ workflowId, command: "wait never" });
  await untilRunning(holder);
  const waiting = await start({ workflowId, command: "say x" });
  await untilWaiting(waiting);
  const replacing = await start({ workflowId, command: "say new", onConflict: "replace" });
  const [old, between, young] = await Promise.all([holder, waiting, replacing].map(streamOf));
  for (const events of [old, between])
    expect(events?.at(-1)).toMatchObject({
      type: "FAILED",
      error: `cancelled: replaced by execution ${replacing.executionId}`,
      data: { code: "CANCELLED" },
    });
  expect(young?.at(-1)?.type).toBe("COMPLETED");
  expectOneByOne([old ?? [], young ?? []]);
  expect(typesOf(between ?? [])).not.toContain("NODE_ENTERED a");
});

test("a run that waits can be cancelled, and leaves the queue", async () => {
  const workflowId = randomUUID();
  const holder = await start({ workflowId, command: "wait leave" });
  await untilRunning(holder);
  const leaving = await start({ workflowId, command: "say x" });
  await untilWaiting(leaving);
  const last = await start({ workflowId, command: "say x" });
  await untilWaiting(last);
  expect(await fixture.runs.cancel(leaving, "not needed")).toBe(true);
  const message = "cancelled: not needed";
  expect((await streamOf(leaving)).at(-1)).toMatchObject({ type: "FAILED", error: message });
  const recorded = fixture.ended.find(({ executionId }) => executionId === leaving.executionId);
  expect(recorded).toMatchObject({ status: "CANCELLED", failure: { message } });
  gate("leave").open();
  expect((await streamOf(last)).at(-1)?.type).toBe("COMPLETED");
  await mutexOf(workflowId).result();
});

test("the turn of a holder that was terminated goes to the next, though nobody says so", async () => {
  const workflowId = randomUUID();
  const holder = await start({ workflowId, command: "wait never" });
  await untilRunning(holder);
  const doomed = await start({ workflowId, command: "say x" });
  const next = await start({ workflowId, command: "say x" });
  await untilWaiting(doomed);
  await untilWaiting(next);
  await handleOf(doomed).terminate("behind our back");
  await handleOf(holder).terminate("behind our back");
  expect((await streamOf(next)).at(-1)?.type).toBe("COMPLETED");
  await mutexOf(workflowId).result();
});

test("a holder that was terminated rejects nobody", async () => {
  const workflowId = randomUUID();
  const holder = await start({ workflowId, command: "wait never" });
  await untilRunning(holder);
  await handleOf(holder).terminate("behind our back");
  const next = await start({ workflowId, command: "say x", onConflict: "reject" });
  expect((await streamOf(next)).at(-1)?.type).toBe("COMPLETED");
});

test("a key that does not evaluate fails its run", async () => {
  const run = await start({ workflowId: randomUUID(), command: "say x", input: {} });
  expect((await streamOf(run)).at(-1)).toMatchObject({ type: "FAILED", data: { code: "EXPRESSION_FAILED" } });
});

test("survives signals that nobody of ours sent", async () => {
  const workflowId = randomUUID();
  const holder = await start({ workflowId, command: "wait strange" });
  await untilRunning(holder);
  for (const argument of [null, 7, {}, { status: "granted", x: 1 }]) {
    await handleOf(holder).signal(SLOT_SIGNAL, argument);
    await mutexOf(workflowId).signal(CLAIM_SLOT_SIGNAL, argument);
    await mutexOf(workflowId).signal(LEAVE_SLOT_SIGNAL, argument);
  }
  gate("strange").open();
  expect((await streamOf(holder)).at(-1)?.type).toBe("COMPLETED");
});

test("a holder that goes on in a new run of its chain keeps its turn", async () => {
  const workflowId = randomUUID();
  const nodes = Array.from({ length: 12 }, (_, at) => scripted(`n${at}`, at === 8 ? "wait chain" : "say x"));
  const edges = nodes.slice(1).map(({ id }, at) => ({ source: `n${at}`, target: id }));
  const plain = graphInput({ version: 1, nodes, edges, concurrency: { key: "k" } });
  const holder = await fixture.runs.startGraph({ ...plain, workflowId, continueAfterEvents: 30 }, "hash");
  while (!(await viewOf(holder)).nodes.some(({ id, status }) => id === "n8" && status === "running")) await sleep(20);
  const next = await start({ workflowId, command: "say x" });
  expect((await untilWaiting(next)).waitsForTurn?.holder).toBe(holder.executionId);
  gate("chain").open();
  const [first = [], second = []] = await Promise.all([holder, next].map(streamOf));
  expect(Number(first.at(-1)?.offset.split("-")[1])).toBeGreaterThan(1);
  expect(first.at(-1)?.type).toBe("COMPLETED");
  const end = first.findLast(({ type }) => type === "NODE_COMPLETED")?.timestamp ?? "";
  expect((second.find(({ type }) => type === "NODE_ENTERED")?.timestamp ?? "") >= end).toBe(true);
});

test("thousands of claims and leaves lose neither the holder nor who waits", async () => {
  const workflowId = randomUUID();
  const holder = await start({ workflowId, command: "wait many" });
  await untilRunning(holder);
  const next = await start({ workflowId, command: "say x" });
  await untilWaiting(next);
  const mutex = mutexOf(workflowId);
  const { runId } = await mutex.describe();
  for (let batch = 0; batch < 42; batch += 1)
    await Promise.all(
      Array.from({ length: 50 }, (_, at) => mutex.signal(LEAVE_SLOT_SIGNAL, { executionId: `nobody ${at}` })),
    );
  while ((await mutex.describe()).runId === runId) await sleep(50);
  gate("many").open();
  expect((await streamOf(holder)).at(-1)?.type).toBe("COMPLETED");
  expect((await streamOf(next)).at(-1)?.type).toBe("COMPLETED");
  await mutex.result();
}, 120_000);

// These two side by side: each waits for a time of Temporal or of ours to run out.
test.concurrent("goes on when the worker of the holder, of those that wait and of the mutex is killed", async () => {
  const taskQueue = "killed";
  const client = await startRunsFixture(temporal.address, { worker: false, taskQueue });
  const killed = await startChildWorker(temporal.address, taskQueue);
  const workflowId = randomUUID();
  const holder = await start({ workflowId, command: "sleep 1500; say x" }, client);
  await untilRunning(holder);
  const runs = [holder];
  for (let at = 0; at < 3; at += 1) runs.push(await start({ workflowId, command: "sleep 300; say x" }, client));
  for (const run of runs.slice(1)) await untilWaiting(run);
  killed.kill("SIGKILL");
  const other = await startChildWorker(temporal.address, taskQueue);
  const streams = await Promise.all(runs.map(streamOf));
  expect(streams.map((events) => events.at(-1)?.type)).toEqual(Array(4).fill("COMPLETED"));
  expectOneByOne(streams);
  other.kill("SIGKILL");
  await client.close();
}, 120_000);

test.concurrent("a run that waits claims its turn again when the mutex was terminated", async () => {
  const workflowId = randomUUID();
  const holder = await start({ workflowId, command: "wait reminded" });
  await untilRunning(holder);
  const waiting = await start({ workflowId, command: "say x" });
  await untilWaiting(waiting);
  await mutexOf(workflowId).terminate("behind our back");
  gate("reminded").open();
  expect((await streamOf(holder)).at(-1)?.type).toBe("COMPLETED");
  expect((await streamOf(waiting)).at(-1)?.type).toBe("COMPLETED");
}, 120_000);

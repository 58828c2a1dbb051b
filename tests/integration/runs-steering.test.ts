import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { JsonObject } from "../../src/core/json";
import type { Definition } from "../../src/definition/graph-types";
import type { SteerAction } from "../../src/engine/engine-types";
import type { ExecutionEvent } from "../../src/events/event-types";
import type { StartedRun } from "../../src/temporal/runs-port";
import { gate } from "./runs-activities";
import { chainOf, nodeOf, stateOf } from "./runs-chain";
import { collect, type RunsFixture, scripted, startGraph, startRunsFixture } from "./runs-fixture";
import { replayAll } from "./runs-replayed";
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

const inRow = (...nodes: Definition["nodes"]): Definition => ({
  version: 1,
  nodes,
  edges: nodes.slice(1).map(({ id: target }, index) => ({ source: nodes[index]?.id ?? "", target })),
});

const steer = (run: StartedRun, action: SteerAction, more: JsonObject = {}) =>
  fixture.runs.steer(run, { ...action, requestId: randomUUID(), ...more });
const TAKEN = { status: "taken" };
const refusedWith = (message: string) => ({ status: "refused", failure: { code: "STATE_UNFIT", message } });

const controlsOf = (events: readonly ExecutionEvent[]) =>
  events.flatMap(({ type, data }) => (type === "PROGRESS" && "control" in data ? [data["control"] as JsonObject] : []));
const endsOf = (events: readonly ExecutionEvent[]) =>
  events.flatMap(({ type, nodeId, data }) => (type === "NODE_COMPLETED" ? [`${nodeId} ${data["status"]}`] : []));

test("starts nothing while it is paused, takes each request once, and tells of it in stream, memo and Web UI", async () => {
  const run = await startGraph(fixture, inRow(scripted("a", "wait pause-a"), scripted("b", "say b")));
  await nodeOf(fixture, run, "a");
  expect(await steer(run, { action: "resume" })).toEqual(refusedWith("the run is not paused"));
  const once = { requestId: "pause-1", by: "alice" };
  expect(await steer(run, { action: "pause" }, once)).toEqual(TAKEN);
  expect(await steer(run, { action: "pause" }, once)).toEqual(TAKEN);
  expect(await steer(run, { action: "pause" })).toEqual(refusedWith("the run is paused already"));
  gate("pause-a").open();
  await nodeOf(fixture, run, "b", ({ isHeld }) => isHeld === true);
  expect(await fixture.runs.state(run)).toEqual({
    status: "RUNNING",
    pause: { sinceMs: expect.any(Number), by: "alice" },
  });
  expect((await stateOf(fixture, run)).pause).toMatchObject({ by: "alice" });
  const handle = fixture.temporal.client.workflow.getHandle(run.temporalWorkflowId);
  const metadata = await handle.query<{ currentDetails?: string }>("__temporal_workflow_metadata");
  expect(metadata.currentDetails).toContain("**paused** by alice since");
  expect(await steer(run, { action: "resume" })).toEqual(TAKEN);
  const events = await collect(fixture.streams, run);
  expect(events.at(-1)?.type).toBe("COMPLETED");
  expect(controlsOf(events)).toEqual([
    { action: "pause", by: "alice", request_id: "pause-1" },
    { action: "resume", request_id: expect.any(String) },
  ]);
  expect(await steer(run, { action: "pause" })).toEqual({ status: "ended" });
  await replayAll(fixture, run);
}, 60_000);

test("stays paused when it continues as new, with its timers and what was decided for nodes to come", async () => {
  const ticks = {
    id: "l",
    type: "loop",
    config: {
      until: "iteration == 30",
      max_iterations: 30,
      body: {
        nodes: [{ id: "s", type: "signal", config: { name: "n" } }],
        edges: [],
      },
    },
  };
  const definition = {
    ...inRow({ id: "w", type: "wait", config: { duration: "1s" } }, scripted("b", "say b"), scripted("c", "say c")),
    output: "${{ nodes.c.output }}",
  } as Definition;
  const nodes = [...definition.nodes, ticks] as Definition["nodes"];
  const run = await startGraph(fixture, { ...definition, nodes }, {}, { continueAfterEvents: 60 });
  expect(await steer(run, { action: "pause" }, { by: "bob" })).toEqual(TAKEN);
  expect(await steer(run, { action: "set_output", nodeId: "c", output: "mine" })).toEqual(TAKEN);
  // Messages that wait to be taken are all that makes the history of a paused run longer; none tells of the pause again.
  for (let n = 0; n < 30; n += 1) await fixture.runs.sendMessage(run, { name: "n", payload: n, requestId: `n${n}` });
  expect((await chainOf(fixture, run)).length).toBeGreaterThan(1);
  expect(await fixture.runs.state(run)).toMatchObject({ pause: { by: "bob" } });
  expect(await nodeOf(fixture, run, "w")).toMatchObject({ status: "running" });
  await sleep(1_500);
  expect(await steer(run, { action: "resume" })).toEqual(TAKEN);
  const events = await collect(fixture.streams, run);
  expect(events.at(-1)).toMatchObject({ type: "COMPLETED", data: { output: "mine" } });
  await replayAll(fixture, run);
}, 120_000);

test("stays paused over workers that are killed, and goes on where it was", async () => {
  const away = await startRunsFixture(temporal.address, { worker: false, taskQueue: "killed-while-paused" });
  let worker = await startChildWorker(temporal.address, "killed-while-paused");
  try {
    const quick = { timeout: { heartbeat: "2s" } };
    const run = await startGraph(away, inRow(scripted("a", "sleep 1500", quick), scripted("b", "say b", quick)));
    await nodeOf(away, run, "a");
    expect(await steer(run, { action: "pause" })).toEqual(TAKEN);
    worker.kill("SIGKILL");
    worker = await startChildWorker(temporal.address, "killed-while-paused");
    await nodeOf(away, run, "b", ({ isHeld }) => isHeld === true);
    worker.kill("SIGKILL");
    expect(await away.runs.state(run)).toMatchObject({ status: "RUNNING", pause: {} });
    worker = await startChildWorker(temporal.address, "killed-while-paused");
    expect(await steer(run, { action: "resume" })).toEqual(TAKEN);
    const events = await collect(away.streams, run);
    expect(endsOf(events)).toEqual(["a completed", "b completed"]);
    expect(events.at(-1)?.type).toBe("COMPLETED");
  } finally {
    worker.kill("SIGKILL");
    await away.close();
  }
}, 120_000);

test("stops at breakpoints and steps on from there", async () => {
  const graph = inRow(scripted("a", "say a"), scripted("b", "say b"), scripted("c", "say c"));
  const run = await startGraph(fixture, graph, {}, { breakpoints: { at: ["b"] } });
  await nodeOf(fixture, run, "b", ({ isHeld }) => isHeld === true);
  expect(await fixture.runs.state(run)).toMatchObject({ pause: { nodeId: "b" } });
  await steer(run, { action: "resume", step: true });
  await nodeOf(fixture, run, "c", ({ isHeld }) => isHeld === true);
  await steer(run, { action: "resume" });
  const events = await collect(fixture.streams, run);
  expect(controlsOf(events).map(({ action, node_id, step }) => [action, node_id ?? step ?? null])).toEqual([
    ["break", "b"],
    ["resume", true],
    ["break", "c"],
    ["resume", null],
  ]);
  expect(events.at(-1)?.type).toBe("COMPLETED");
  await replayAll(fixture, run);
}, 60_000);

test("ends nodes that run: skipped, with an output, cancelled", async () => {
  const nodes = [
    scripted("a", "wait never"),
    scripted("b", "wait never"),
    scripted("c", "wait never"),
    scripted("d", "say d"),
  ];
  const definition = {
    version: 1,
    nodes,
    edges: [{ source: "c", target: "d", error: "CANCELLED" }],
    output: ["${{ nodes.a.status }}", "${{ nodes.b.output }}", "${{ nodes.c.error.code }}", "${{ nodes.d.status }}"],
  } as Definition;
  const run = await startGraph(fixture, definition);
  for (const id of ["a", "b", "c"]) await nodeOf(fixture, run, id);
  expect(await steer(run, { action: "skip", nodeId: "a" })).toEqual(TAKEN);
  expect(await steer(run, { action: "set_output", nodeId: "b", output: { n: 1 } })).toEqual(TAKEN);
  expect(await steer(run, { action: "cancel_node", nodeId: "c" }, { by: "carol" })).toEqual(TAKEN);
  const events = await collect(fixture.streams, run);
  const lastOf = (id: string) => events.findLast(({ type, nodeId }) => type === "NODE_COMPLETED" && nodeId === id);
  expect(lastOf("a")?.data).toMatchObject({ status: "skipped" });
  expect(lastOf("b")?.data).toMatchObject({ status: "completed", output: { n: 1 } });
  expect(lastOf("c")).toMatchObject({
    data: { status: "cancelled", code: "CANCELLED" },
    error: "the node was cancelled by carol",
  });
  expect(events.at(-1)).toMatchObject({
    type: "COMPLETED",
    data: { output: ["skipped", { n: 1 }, "CANCELLED", "completed"] },
  });
  await replayAll(fixture, run);
}, 60_000);

test("makes the next attempt of a task at once, which counts on", async () => {
  const retry = { max_attempts: 5, initial_interval: "10m", backoff: 1, max_interval: "10m" };
  const run = await startGraph(fixture, inRow(scripted("a", "say x; fail NO 2", { retry })));
  for (const attempt of [2, 3]) {
    for (let tries = 0; tries < 200; tries += 1) {
      if ((await fixture.runs.attemptOf(run, "a"))?.attempt === attempt) break;
      await sleep(50);
    }
    const found = await fixture.runs.attemptOf(run, "a");
    expect(found).toEqual({ attempt, isWaiting: true });
    const [next] = await fixture.runs.listRetries(run);
    expect(next).toMatchObject({ activityId: "a", attempt, maxAttempts: 5, failure: { code: "NO" } });
    expect((next?.nextAttemptAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(300_000);
    expect(await steer(run, { action: "retry", nodeId: "a", ...found, isWaiting: true })).toEqual(TAKEN);
    await fixture.runs.tryAgainNow(run, "a");
    await fixture.runs.tryAgainNow(run, "a");
  }
  const events = await collect(fixture.streams, run);
  expect(events.findLast(({ type }) => type === "NODE_COMPLETED")?.data).toMatchObject({ attempt: 3 });
  expect(events.at(-1)?.type).toBe("COMPLETED");
  expect(await fixture.runs.attemptOf(run, "a")).toBeNull();
  expect(await fixture.runs.listRetries(run)).toEqual([]);
}, 60_000);

test.each([
  ["ends what was begun where making an attempt at once was cut off halfway", "aco: try again now", true],
  ["lets a task be that an operator has paused", "by an operator", false],
])(
  "%s",
  async (_, reason, isWaiting) => {
    const retry = { max_attempts: 5, initial_interval: "10m", backoff: 1, max_interval: "10m" };
    const run = await startGraph(fixture, inRow(scripted("a", "fail NO 1", { retry })));
    for (let tries = 0; tries < 200 && (await fixture.runs.attemptOf(run, "a"))?.attempt !== 2; tries += 1)
      await sleep(50);
    const { workflowService } = fixture.temporal.client;
    const target = {
      namespace: "default",
      execution: { workflowId: run.temporalWorkflowId },
      id: "a",
      identity: "test",
    };
    await workflowService.pauseActivity({ ...target, reason });
    expect(await fixture.runs.attemptOf(run, "a")).toEqual({ attempt: 2, isWaiting });
    await fixture.runs.tryAgainNow(run, "a");
    if (!isWaiting) {
      expect(await fixture.runs.attemptOf(run, "a")).toEqual({ attempt: 2, isWaiting });
      await workflowService.unpauseActivity(target);
    }
    expect((await collect(fixture.streams, run)).at(-1)?.type).toBe("COMPLETED");
  },
  60_000,
);

test("gives a run more time, and a map more items at a time", async () => {
  const map = {
    id: "m",
    type: "map",
    config: { items: "[1, 2, 3]", concurrency: 1, task: { task_type: "shell", config: { command: "wait map-go" } } },
  };
  const run = await startGraph(fixture, { version: 1, timeout: "3s", nodes: [map], edges: [] } as Definition);
  await nodeOf(fixture, run, "m[0]");
  expect(await steer(run, { action: "update", timeoutAtMs: Date.now() + 60_000, concurrency: { m: 3 } })).toEqual(
    TAKEN,
  );
  await nodeOf(fixture, run, "m[2]");
  await sleep(3_500);
  gate("map-go").open();
  expect((await collect(fixture.streams, run)).at(-1)?.type).toBe("COMPLETED");
  const short = await startGraph(fixture, inRow(scripted("a", "wait never")));
  expect(await steer(short, { action: "update", timeoutAtMs: Date.now() + 500 })).toEqual(TAKEN);
  expect((await collect(fixture.streams, short)).at(-1)?.data).toMatchObject({ code: "RUN_TIMEOUT" });
}, 60_000);

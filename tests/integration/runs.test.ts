import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { connectTemporal } from "../../src/temporal/connect";
import { createRuns } from "../../src/temporal/runs";
import type { RunState } from "../../src/temporal/runs-port";
import { ACTIVITY_EVENTS_SIGNAL, STATE_QUERY } from "../../src/workflows/history-contract";
import { MAX_PAYLOAD_BYTES } from "../../src/workflows/payload-limits";
import type { StateView } from "../../src/workflows/state-view";
import { gate } from "./runs-activities";
import {
  collect,
  graphInput,
  OPTIONS,
  type RunsFixture,
  scripted,
  startGraph,
  startRunsFixture,
  startTask,
  taskInput,
  typesOf,
} from "./runs-fixture";
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

const closed = (status: string, more: object = {}) => ({ status, closedAt: expect.any(Date), ...more });

async function lastEvent(run: Parameters<typeof collect>[1]) {
  return (await collect(fixture.streams, run)).at(-1);
}

function stateOf(run: { temporalWorkflowId: string }): Promise<StateView> {
  return fixture.temporal.client.workflow.getHandle(run.temporalWorkflowId).query<StateView>(STATE_QUERY);
}

describe("a task", () => {
  test("runs, and its start and end are recorded", async () => {
    const run = await startTask(fixture, { command: "say x" });
    expect(run.attached).toBe(false);
    expect(await lastEvent(run)).toMatchObject({ type: "COMPLETED", data: { output: { attempt: 1 } } });
    expect(await fixture.runs.state(run)).toEqual(closed("COMPLETED", { output: { attempt: 1 } }));
    const { executionId, temporalRunId, temporalWorkflowId } = run;
    expect(fixture.started.find((record) => record.executionId === executionId)).toMatchObject({
      kind: "task",
      temporalRunId,
      temporalWorkflowId,
      input: { command: "say x" },
    });
    expect(fixture.ended.find((record) => record.executionId === executionId)).toMatchObject({
      status: "COMPLETED",
      output: { attempt: 1 },
    });
  });

  test("with the longest summary that Temporal gets from us runs", async () => {
    const run = await startTask(fixture, { command: "say x" }, { title: "€".repeat(10_000) });
    expect(await lastEvent(run)).toMatchObject({ type: "COMPLETED" });
  });

  test("that is running is attached to instead of started a second time", async () => {
    const input = taskInput({ command: "wait attach" });
    const first = await fixture.runs.startTask(input, "hash 1");
    const second = await fixture.runs.startTask({ ...input, executionId: randomUUID() }, "hash 2");
    expect(second).toEqual({ ...first, attached: true, requestHash: "hash 1" });
    gate("attach").open();
    await collect(fixture.streams, first);
    const third = await fixture.runs.startTask({ ...input, executionId: randomUUID() }, "hash 3");
    expect(third.attached).toBe(false);
    expect(third.temporalRunId).not.toBe(first.temporalRunId);
    await collect(fixture.streams, third);
  });

  test("that fails gives its code, message and details to the stream, the state and the record", async () => {
    const run = await startTask(fixture, { command: "fail SHELL_EXIT_CODE" });
    expect(await lastEvent(run)).toMatchObject({
      type: "FAILED",
      error: "failed as asked",
      data: { code: "SHELL_EXIT_CODE", details: { attempt: 1 } },
    });
    const failure = { code: "SHELL_EXIT_CODE", message: "failed as asked", details: { attempt: 1 } };
    expect(await fixture.runs.state(run)).toEqual(closed("FAILED", { failure }));
    expect(fixture.ended.find(({ executionId }) => executionId === run.executionId)).toMatchObject({
      status: "FAILED",
      failure,
    });
  });

  test("is tried again, and the attempt that spoke before is retracted", async () => {
    const run = await startTask(
      fixture,
      { command: "say x; fail HTTP_STATUS 2; say y" },
      { options: { ...OPTIONS, maxAttempts: 3 } },
    );
    const events = await collect(fixture.streams, run);
    expect(events.slice(1).map(({ type, data }) => [type, data["attempt"], data["retracted_attempt"]])).toEqual([
      ["OUTPUT", 1, undefined],
      ["PROGRESS", 2, 1],
      ["OUTPUT", 2, undefined],
      ["PROGRESS", 3, 2],
      ["OUTPUT", 3, undefined],
      ["OUTPUT", 3, undefined],
      ["COMPLETED", undefined, undefined],
    ]);
  });

  test("ends CANCELLED with the reason when it is cancelled, and only once", async () => {
    const run = await startTask(fixture, { command: "wait never" });
    await sleep(300);
    expect(await fixture.runs.cancel(run, "not needed any more")).toBe(true);
    expect(await lastEvent(run)).toMatchObject({
      type: "FAILED",
      error: "cancelled: not needed any more",
      data: { code: "CANCELLED" },
    });
    expect(await fixture.runs.state(run)).toMatchObject(closed("CANCELLED", { failure: { code: "CANCELLED" } }));
    expect(fixture.ended.find(({ executionId }) => executionId === run.executionId)).toMatchObject({
      status: "CANCELLED",
      failure: { code: "CANCELLED", message: "cancelled: not needed any more" },
    });
    expect(await fixture.runs.cancel(run, "again")).toBe(false);
  });

  test("does not suffer from a cancel that is meant for an earlier run of it", async () => {
    const input = taskInput({ command: "say x" });
    const first = await fixture.runs.startTask(input, "h");
    await collect(fixture.streams, first);
    const second = await fixture.runs.startTask(
      { ...input, executionId: randomUUID(), config: { command: "wait second" } },
      "h",
    );
    expect(await fixture.runs.cancel(first, "late")).toBe(false);
    gate("second").open();
    expect(await lastEvent(second)).toMatchObject({ type: "COMPLETED" });
  });

  test("fails with OUTPUT_TOO_LARGE when Temporal cannot hold its output", async () => {
    const run = await startTask(fixture, { command: `big ${MAX_PAYLOAD_BYTES - 1}` });
    expect(await lastEvent(run)).toMatchObject({ type: "FAILED", data: { code: "OUTPUT_TOO_LARGE" } });
    const larger = await startTask(fixture, { command: "big 3000000" });
    expect(await lastEvent(larger)).toMatchObject({ type: "FAILED", data: { code: "OUTPUT_TOO_LARGE" } });
  });

  test("gives an output that is just small enough, with its size in the event", async () => {
    const run = await startTask(fixture, { command: `big ${MAX_PAYLOAD_BYTES - 2}` });
    expect((await lastEvent(run))?.data).toEqual({ execution_id: run.executionId, output_bytes: MAX_PAYLOAD_BYTES });
    expect(((await fixture.runs.state(run)) as { output: string }).output).toHaveLength(MAX_PAYLOAD_BYTES - 2);
  });

  test("records its start itself when it takes longer than a second", async () => {
    const run = await startTask(fixture, { command: "wait recorded" });
    const isRecorded = () => fixture.started.some(({ executionId }) => executionId === run.executionId);
    while (!isRecorded()) await sleep(50);
    expect(await fixture.runs.state(run)).toEqual({ status: "RUNNING" });
    expect(fixture.started.filter(({ executionId }) => executionId === run.executionId)).toHaveLength(1);
    gate("recorded").open();
    await collect(fixture.streams, run);
  });

  test("ends though its records cannot be written at once", async () => {
    let tries = 0;
    const ended = async () => {
      tries += 1;
      if (tries < 3) throw new Error("the database is away");
    };
    const other = await startRunsFixture(temporal.address, { records: { ended }, taskQueue: "records-away" });
    const run = await startTask(other, { command: "say x" });
    expect((await collect(other.streams, run)).at(-1)).toMatchObject({ type: "COMPLETED" });
    expect(tries).toBe(3);
    await other.close();
  });

  test("survives signals that no runner of ours sent", async () => {
    const run = await startTask(fixture, { command: "wait signals" });
    const handle = fixture.temporal.client.workflow.getHandle(run.temporalWorkflowId);
    for (const argument of [null, 7, { activityId: 1 }, { activityId: "task", attempt: 1, events: [null, 3] }])
      await handle.signal(ACTIVITY_EVENTS_SIGNAL, argument);
    await handle.signal("another-signal", "x");
    gate("signals").open();
    expect(await lastEvent(run)).toMatchObject({ type: "COMPLETED" });
  });

  test("that was terminated behind our back is told from its history", async () => {
    const run = await startTask(fixture, { command: "wait never" });
    await fixture.temporal.client.workflow.getHandle(run.temporalWorkflowId).terminate("by hand");
    expect(await lastEvent(run)).toMatchObject({
      type: "FAILED",
      error: "terminated: by hand",
      data: { code: "TERMINATED" },
    });
    expect(await fixture.runs.state(run)).toMatchObject(closed("FAILED", { failure: { code: "TERMINATED" } }));
  });
});

describe("a graph", () => {
  const diamond = {
    version: 1 as const,
    nodes: [scripted("a", "say a"), scripted("b", "say b"), scripted("c", "wait diamond"), scripted("d", "say d")],
    edges: [
      { source: "a", target: "b" },
      { source: "a", target: "c" },
      { source: "b", target: "d" },
      { source: "c", target: "d" },
    ],
  };

  test("runs its branches in parallel, joins them, and tells of every node", async () => {
    const run = await startGraph(fixture, diamond);
    while (!(await stateOf(run)).nodes.some(({ id, status }) => id === "b" && status === "completed")) await sleep(20);
    expect(await stateOf(run)).toMatchObject({
      executionId: run.executionId,
      status: "running",
      nodes: [
        { id: "a", status: "completed", attempt: 1 },
        { id: "b", status: "completed", attempt: 1 },
        { id: "c", status: "running" },
        { id: "d", status: "pending", waitsFor: ["c"] },
      ],
    });
    expect(await fixture.runs.state(run)).toEqual({ status: "RUNNING" } satisfies RunState);
    gate("diamond").open();
    const events = await collect(fixture.streams, run);
    const ofNodes = typesOf(events).filter((text) => text.startsWith("NODE"));
    expect(ofNodes.slice(0, 2)).toEqual(["NODE_ENTERED a", "NODE_COMPLETED a"]);
    expect(ofNodes.slice(2, 4)).toEqual(["NODE_ENTERED b", "NODE_ENTERED c"]);
    expect(ofNodes.slice(-2)).toEqual(["NODE_ENTERED d", "NODE_COMPLETED d"]);
    expect(events.filter(({ type }) => type === "CHECKPOINT").flatMap(({ data }) => data["completed"])).toEqual([
      "a",
      "b",
      "c",
      "d",
    ]);
    expect(events.at(-1)).toMatchObject({ type: "COMPLETED", data: { output: { d: { attempt: 1 } } } });
  });

  test("goes on over an error edge, and skips what is not taken", async () => {
    const run = await startGraph(fixture, {
      version: 1,
      nodes: [scripted("a", "fail HTTP_STATUS"), scripted("mend", "say mended"), scripted("go", "say on")],
      edges: [
        { source: "a", target: "mend", on: "error" },
        { source: "a", target: "go" },
      ],
    });
    const events = await collect(fixture.streams, run);
    const ends = events.filter(({ type }) => type === "NODE_COMPLETED");
    expect(Object.fromEntries(ends.map(({ nodeId, data }) => [nodeId, data["status"]]))).toEqual({
      a: "failed",
      mend: "completed",
      go: "skipped",
    });
    expect(events.at(-1)?.type).toBe("COMPLETED");
  });

  test("cancels what runs beside a node that fails it", async () => {
    const run = await startGraph(fixture, {
      version: 1,
      nodes: [scripted("bad", "sleep 200; fail HTTP_STATUS"), scripted("long", "wait never")],
      edges: [],
    });
    const events = await collect(fixture.streams, run);
    expect(events.find(({ type, nodeId }) => type === "NODE_COMPLETED" && nodeId === "long")?.data["status"]).toBe(
      "cancelled",
    );
    expect(events.at(-1)).toMatchObject({
      type: "FAILED",
      error: "failed as asked",
      data: { code: "HTTP_STATUS", node_id: "bad" },
    });
  });

  test("is cancelled as a whole", async () => {
    const run = await startGraph(fixture, {
      version: 1,
      nodes: [scripted("a", "wait never"), scripted("b", "wait never")],
      edges: [],
    });
    await sleep(300);
    await fixture.runs.cancel(run, "enough");
    const events = await collect(fixture.streams, run);
    expect(events.filter(({ type }) => type === "NODE_COMPLETED").map(({ data }) => data["status"])).toEqual([
      "cancelled",
      "cancelled",
    ]);
    expect(events.at(-1)).toMatchObject({ type: "FAILED", error: "cancelled: enough", data: { code: "CANCELLED" } });
  });

  test("is never run twice under one execution id, not even after its end", async () => {
    const input = graphInput({ version: 1, nodes: [scripted("a", "say a")], edges: [] });
    const first = await fixture.runs.startGraph(input, "hash");
    await collect(fixture.streams, first);
    expect(await fixture.runs.startGraph(input, "other")).toEqual({ ...first, attached: true, requestHash: "hash" });
  });

  test("fails, and does not hang, when the definition in its history makes no sense", async () => {
    const input = graphInput({ version: 1, nodes: [scripted("a", "say a")], edges: [] });
    const broken = { ...input, snapshot: { ...input.snapshot, definition: { nodes: [null], edges: [] } as never } };
    const run = await fixture.runs.startGraph(broken, "hash");
    expect(await lastEvent(run)).toMatchObject({ type: "FAILED", data: { code: "DEFINITION_INVALID" } });
  });

  test("sends more in one step than one message to Temporal may hold", async () => {
    const text = "x".repeat(120_000);
    const nodes = Array.from({ length: 40 }, (_, at) => scripted(`n${at}`, "say x; # ${{ input.text }}"));
    const run = await startGraph(fixture, { version: 1, nodes, edges: [] }, { text });
    expect(await lastEvent(run)).toMatchObject({ type: "COMPLETED" });
  });
});

test("counts the workers that poll", async () => {
  expect(await fixture.runs.workerCount()).toBe(1);
});

test("knows nothing of a run that Temporal does not have", async () => {
  const run = { executionId: "x", temporalWorkflowId: "task/none", temporalRunId: randomUUID() };
  expect(await fixture.runs.state(run)).toBeNull();
  expect(await fixture.runs.cancel(run, "x")).toBe(false);
});

test("takes a namespace that Temporal does not know for no proof that a run is gone", async () => {
  const { client, close } = await connectTemporal({ address: temporal.address, namespace: "absent" });
  const runs = createRuns({ client, taskQueue: "none" });
  const run = { executionId: "x", temporalWorkflowId: "task/none", temporalRunId: randomUUID() };
  const unavailable = { code: "UNAVAILABLE" };
  await Promise.all([
    expect(runs.state(run)).rejects.toMatchObject(unavailable),
    expect(runs.cancel(run, "x")).rejects.toMatchObject(unavailable),
    expect(runs.startTask(taskInput({ command: "say x" }), "hash")).rejects.toMatchObject(unavailable),
  ]);
  await close();
});

test("says UNAVAILABLE where there is no Temporal", async () => {
  const nowhere = connectTemporal({ address: "127.0.0.1:1", namespace: "default" });
  await expect(nowhere).rejects.toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining("127.0.0.1:1") });
});

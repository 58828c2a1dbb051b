import { setTimeout as sleep } from "node:timers/promises";
import { version } from "uuid";
import { isJsonObject } from "../../src/core/json";
import type { Definition, WorkflowSnapshot } from "../../src/definition/graph-types";
import { graphRunId } from "../../src/workflows/history-contract";
import { gate } from "./runs-activities";
import { chainOf, expectWhole, nodeOf } from "./runs-chain";
import { collect, graphInput, type RunsFixture, scripted, startRunsFixture } from "./runs-fixture";
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

function workflow(definition: Definition, name = "A child"): WorkflowSnapshot {
  return { name, version: 3, definition: graphInput(definition).snapshot.definition, hash: "c".repeat(64) };
}

const graph = (...nodes: Definition["nodes"]): Definition => ({ version: 1, nodes, edges: [] });
const call = (id: string, workflowId: string, more: object = {}) =>
  ({ id, type: "workflow", config: { workflow_id: workflowId, input: { word: "hello" } }, ...more }) as const;

async function start(definition: Definition, workflows: Record<string, WorkflowSnapshot>, more: object = {}) {
  const input = graphInput(definition, {}, more);
  return await fixture.runs.startGraph({ ...input, snapshot: { ...input.snapshot, workflows } }, "hash");
}

/** The child run of a node, as the stream of its parent tells it. */
async function childOf(events: Awaited<ReturnType<typeof collect>>, id: string, workflowId: string) {
  const entered = events.find(({ type, nodeId }) => type === "NODE_ENTERED" && nodeId === id);
  const input = entered?.data["input"] ?? null;
  const executionId = isJsonObject(input) ? String(input["execution_id"]) : "";
  const temporalWorkflowId = graphRunId(workflowId, executionId);
  const described = await fixture.temporal.client.workflow.getHandle(temporalWorkflowId).describe();
  return { executionId, temporalWorkflowId, temporalRunId: described.runId, described };
}

test("runs another workflow as an execution of its own, and takes its output", async () => {
  const inner = workflow(graph({ id: "t", type: "transform", config: { output: "${{ input.word }}" } }), "The inner");
  const outer = workflow({ ...graph(call("deep", "inner")), output: "${{ nodes.deep.output.t + '!' }}" });
  const run = await start(graph(call("c", "outer")), { outer, inner });
  const events = await collect(fixture.streams, run);
  expectWhole(events);
  expect(events.at(-1)).toMatchObject({ type: "COMPLETED", data: { output: { c: "hello!" } } });
  const child = await childOf(events, "c", "outer");
  expect(version(child.executionId)).toBe(7);
  expect(child.described.memo).toMatchObject({ execution_id: child.executionId });
  expect(child.described.searchAttributes).toMatchObject({
    AcoExecutionId: [child.executionId],
    AcoWorkflowId: ["outer"],
    AcoDefinitionHash: ["c".repeat(64)],
  });
  expect(await child.described.staticSummary()).toBe("A child");
  expect((await collect(fixture.streams, child)).at(-1)).toMatchObject({
    type: "COMPLETED",
    data: { output: "hello!" },
  });
  const records = fixture.started.filter(({ executionId }) => executionId === child.executionId);
  expect(records[0]).toMatchObject({ kind: "workflow", subjectId: "outer", workflowVersion: 3 });
});

test("fails as its child fails, with its code and details, unless the failure is caught", async () => {
  const bad = workflow(
    graph({ id: "f", type: "fail", config: { code: "NOT_GOOD", message: "because", details: [1] } }),
  );
  const run = await start(graph(call("c", "bad")), { bad });
  expect((await collect(fixture.streams, run)).at(-1)).toMatchObject({
    type: "FAILED",
    error: "because",
    data: { code: "NOT_GOOD", node_id: "c", details: [1] },
  });
  const caught = await start(graph(call("c", "bad", { catch: { output: "${{ error.code }}" } })), { bad });
  expect((await collect(fixture.streams, caught)).at(-1)).toMatchObject({ data: { output: { c: "NOT_GOOD" } } });
});

test("cancels its child, and waits for it", async () => {
  const long = workflow(graph(scripted("t", "wait never")));
  const run = await start(graph(call("c", "long")), { long });
  const { waiting } = await nodeOf(fixture, run, "c", (node) => node.waiting?.for === "child");
  expect(waiting).toMatchObject({ workflowId: "long", executionId: expect.any(String) });
  await sleep(500);
  await fixture.runs.cancel(run, "enough");
  const events = await collect(fixture.streams, run);
  expect(events.at(-1)).toMatchObject({ type: "FAILED", error: "cancelled: enough", data: { code: "CANCELLED" } });
  const child = await childOf(events, "c", "long");
  expect(child.described.status.name).toBe("CANCELLED");
});

test("hears of a child that was cancelled or terminated by itself", async () => {
  const long = workflow(graph(scripted("t", "wait never")));
  for (const [end, code] of [
    ["cancel", "CANCELLED"],
    ["terminate", "TERMINATED"],
  ] as const) {
    const run = await start(graph(call("c", "long")), { long });
    const { waiting } = await nodeOf(fixture, run, "c", (node) => node.waiting?.for === "child");
    const executionId = waiting?.for === "child" ? (waiting.executionId ?? "") : "";
    await sleep(500);
    await fixture.temporal.client.workflow.getHandle(graphRunId("long", executionId))[end]();
    expect((await collect(fixture.streams, run)).at(-1)).toMatchObject({ type: "FAILED", data: { code } });
  }
});

test("cancels the child of a run that was terminated", async () => {
  const long = workflow(graph(scripted("t", "wait never")));
  const run = await start(graph(call("c", "long")), { long });
  const { waiting } = await nodeOf(fixture, run, "c", (node) => node.waiting?.for === "child");
  const executionId = waiting?.for === "child" ? (waiting.executionId ?? "") : "";
  await sleep(500);
  await fixture.temporal.client.workflow.getHandle(run.temporalWorkflowId).terminate();
  const temporalWorkflowId = graphRunId("long", executionId);
  const { runId } = await fixture.temporal.client.workflow.getHandle(temporalWorkflowId).describe();
  const child = { executionId, temporalWorkflowId, temporalRunId: runId };
  expect((await collect(fixture.streams, child)).at(-1)).toMatchObject({ type: "FAILED", data: { code: "CANCELLED" } });
});

test("waits for open child runs before it continues as new, and starts the next ones in the next run", async () => {
  const slow = workflow(graph(scripted("t", "wait children")));
  const body = { nodes: [call("c", "slow")], edges: [] };
  const loop = {
    id: "l",
    type: "loop",
    config: {
      until: "iteration == 30",
      max_iterations: 30,
      body: { nodes: [{ id: "w", type: "wait", config: { duration: "10ms" } }], edges: [] },
    },
  } as const;
  const map = { id: "m", type: "map", config: { items: [1, 2, 3, 4], concurrency: 2, body } } as const;
  const run = await start(graph(map, loop), { slow }, { continueAfterEvents: 60 });
  await nodeOf(fixture, run, "l", ({ status }) => status === "completed");
  expect(await chainOf(fixture, run)).toHaveLength(1);
  gate("children").open();
  const events = await collect(fixture.streams, run);
  expectWhole(events);
  expect(events.at(-1)).toMatchObject({ type: "COMPLETED" });
  expect((await chainOf(fixture, run)).length).toBeGreaterThan(1);
}, 120_000);

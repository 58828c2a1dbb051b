import { randomUUID } from "node:crypto";
import type { JsonObject } from "../../src/core/json";
import {
  type Approval,
  ApprovalOrder,
  ApprovalTimeout,
  ExecutionStatus,
  type ListApprovalsRequest,
} from "../../src/gen/proto/executions";
import { refusal, refusedFields } from "./api-client";
import { startTestApi, temporalIsDown } from "./api-server";
import { startTestStack, type TestStack } from "./api-stack";
import { graphInput } from "./runs-fixture";
import { newWorkflowId } from "./store-records";

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack();
}, 120_000);
afterAll(() => test?.close());

/** An inbox lags behind by tenths of a second; on a busy machine by some more. */
const LAG_MS = 20_000;

const ask = (id: string, config: JsonObject = {}) => ({ id, type: "approval", config: { message: "Go?", ...config } });

async function workflowOf(nodes: readonly object[], more: object = {}): Promise<string> {
  const definition = JSON.stringify({ version: 1, nodes, edges: [], ...more });
  return (await test.client.createWorkflow({ name: "Release", definition })).id;
}

/** Starts an execution and does not wait for it. */
async function execute(workflowId: string, input: object = {}): Promise<string> {
  const stream = test.client.workflows.executeWorkflow({ id: workflowId, input: JSON.stringify(input) });
  stream.on("error", () => undefined);
  const id = await new Promise<string>((resolve) => {
    stream.on("metadata", (metadata) => resolve(String(metadata.get("execution-id")[0])));
    stream.resume();
  });
  stream.cancel();
  return id;
}

/** The list once it is as long as it should be. */
async function approvals(request: Partial<ListApprovalsRequest>, total: number): Promise<readonly Approval[]> {
  for (const deadline = Date.now() + LAG_MS; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const page = await test.client.listApprovals(request);
    if (page.total === total) return page.approvals;
    if (Date.now() > deadline) throw new Error(`${page.total} approvals, not ${total}`);
  }
}

const hasRecord = (id: string) =>
  test.client.getExecution(id).then(
    () => true,
    () => false,
  );

const ended = async (id: string) => {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; ) {
    const { status } = await test.client.getExecution(id);
    if (status !== ExecutionStatus.EXECUTION_STATUS_RUNNING) return status;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("still running");
};

it("says all that a person has to know, until they have answered", async () => {
  const schema = { type: "object", required: ["window"], properties: { window: { type: "string" } } };
  const config = { message: "Release ${{ input.tag }}?", schema, approvers: ["ann", "bob"] };
  const workflowId = await workflowOf([
    {
      ...ask("release", { ...config, timeout: "1h", on_timeout: "reject", on_reject: "continue" }),
      name: "Release it",
    },
  ]);
  const before = Date.now();
  const executionId = await execute(workflowId, { tag: "v2" });
  const [approval] = await approvals({ workflowId }, 1);
  expect(approval).toEqual({
    executionId,
    workflowId,
    workflowName: "Release",
    nodeId: "release",
    nodeName: "Release it",
    message: "Release v2?",
    formSchema: JSON.stringify(schema),
    approvers: ["ann", "bob"],
    waitingSince: expect.any(String),
    waitsUntil: expect.any(String),
    onTimeout: ApprovalTimeout.APPROVAL_TIMEOUT_REJECT,
    brief: false,
  });
  const since = Date.parse(approval?.waitingSince ?? "");
  expect(since).toBeGreaterThanOrEqual(before - 1_000);
  expect(Date.parse(approval?.waitsUntil ?? "") - since).toBe(3_600_000);

  expect(await approvals({ executionId: executionId.toUpperCase() }, 1)).toHaveLength(1);
  expect(await approvals({ workflowId, by: "bob" }, 1)).toHaveLength(1);
  expect(await approvals({ workflowId, by: "eve" }, 0)).toEqual([]);
  expect(await approvals({ executionId: randomUUID() }, 0)).toEqual([]);

  const answer = { executionId, nodeId: "release", approved: true, by: "ann", form: '{"window":"22:00"}' };
  await test.client.answerApproval(answer);
  expect(await approvals({ workflowId }, 0)).toEqual([]);
  expect(await ended(executionId)).toBe(ExecutionStatus.EXECUTION_STATUS_COMPLETED);
});

it("lists several of one execution, and one that comes after another", async () => {
  const workflowId = await workflowOf([ask("a"), ask("b"), ask("c")], { edges: [{ source: "a", target: "c" }] });
  const executionId = await execute(workflowId);
  expect((await approvals({ workflowId }, 2)).map(({ nodeId }) => nodeId)).toEqual(["a", "b"]);
  await test.client.answerApproval({ executionId, nodeId: "a", approved: true });
  await approvals({ workflowId, order: ApprovalOrder.APPROVAL_ORDER_NEWEST_FIRST }, 2);
  const newest = await test.client.listApprovals({ workflowId, order: ApprovalOrder.APPROVAL_ORDER_NEWEST_FIRST });
  expect(newest.approvals.map(({ nodeId }) => nodeId)).toEqual(["c", "b"]);
  await test.client.cancelExecution({ id: executionId });
  expect(await approvals({ workflowId }, 0)).toEqual([]);
});

it("pages through what comes and goes without a repeat and without a gap", async () => {
  const body = { nodes: [ask("ok")], edges: [] };
  const map = { id: "m", type: "map", config: { items: "input.items", concurrency: 100, body } };
  const workflowId = await workflowOf([map]);
  const items = Array.from({ length: 7 }, (_, index) => index);
  const executionId = await execute(workflowId, { items });
  await approvals({ workflowId }, 7);
  const first = await test.client.listApprovals({ workflowId, limit: 3 });
  expect(first.approvals.map(({ nodeId }) => nodeId)).toEqual(["ok[0]", "ok[1]", "ok[2]"]);
  await test.client.answerApproval({ executionId, nodeId: "ok[1]", approved: true });
  await approvals({ workflowId }, 6);
  const second = await test.client.listApprovals({ workflowId, limit: 3, pageToken: first.nextPageToken });
  const third = await test.client.listApprovals({ workflowId, limit: 3, pageToken: second.nextPageToken });
  const seen = [...second.approvals, ...third.approvals].map(({ nodeId }) => nodeId);
  expect(seen).toEqual(["ok[3]", "ok[4]", "ok[5]", "ok[6]"]);
  expect(third).toMatchObject({ nextPageToken: "", total: 6 });
  expect(await test.client.listApprovals({ workflowId, limit: 0 })).toMatchObject({ approvals: [], total: 6 });

  const other = { workflowId, pageToken: first.nextPageToken, order: ApprovalOrder.APPROVAL_ORDER_NEWEST_FIRST };
  expect(await refusedFields(test.client.listApprovals(other))).toEqual(["page_token"]);
});

it("lists all that a run waits for, also where its memo cannot hold it", async () => {
  const message = `\${{ string(item) }} ${"x".repeat(3_000)}`;
  const body = { nodes: [ask("ok", { message, approvers: ["ann"] })], edges: [] };
  const map = { id: "m", type: "map", config: { items: "input.items", concurrency: 200, body } };
  const workflowId = await workflowOf([map, ask("huge", { message: "y".repeat(9_500) })]);
  await execute(workflowId, { items: Array.from({ length: 60 }, (_, index) => index) });
  const all = await approvals({ workflowId }, 61);
  expect(all.filter(({ brief }) => brief)).toEqual([]);
  expect(all.find(({ nodeId }) => nodeId === "huge")?.message).toHaveLength(9_500);
  expect(await approvals({ workflowId, by: "eve" }, 1)).toMatchObject([{ nodeId: "huge" }]);
});

it("goes on waiting, and is still listed, in the run that a chain goes on with", async () => {
  const delay = { until: "iteration == 20", max_iterations: 20, delay: "20ms" };
  const body = { nodes: [{ id: "t", type: "transform", config: { output: 1 } }], edges: [] };
  const nodes = [ask("ok"), { id: "l", type: "loop", config: { ...delay, body } }];
  const definition = { version: 1 as const, nodes, edges: [] };
  const workflowId = newWorkflowId();
  const input = graphInput(definition as never, {}, { workflowId, continueAfterEvents: 40 });
  const run = await test.runs.startGraph({ ...input, executionId: randomUUID() }, "hash");
  const handle = test.connection.client.workflow.getHandle(run.temporalWorkflowId);
  while ((await handle.describe()).runId === run.temporalRunId) {
    const { total } = await test.client.listApprovals({ workflowId });
    expect(total).toBeLessThanOrEqual(1);
  }
  const { memo, searchAttributes } = await handle.describe();
  expect(memo?.["approvals"]).toMatchObject({ total: 1 });
  expect(searchAttributes["AcoWaitsFor"]).toEqual(["approval"]);
  expect(await approvals({ workflowId }, 1)).toHaveLength(1);
  const answer = { nodeId: "ok", approved: true, requestId: randomUUID() };
  expect(await test.runs.answerApproval(run, answer)).toEqual({ status: "taken" });
  expect(await approvals({ workflowId }, 0)).toEqual([]);
  await handle.result();
  expect((await handle.describe()).searchAttributes["AcoWaitsFor"]).toBeUndefined();
});

it("is rid of a run that was terminated from Temporal's own tools", async () => {
  const workflowId = await workflowOf([ask("ok")]);
  const executionId = await execute(workflowId);
  await approvals({ workflowId }, 1);
  await test.connection.client.workflow.getHandle(`workflow/${workflowId}/${executionId}`).terminate();
  expect(await approvals({ workflowId }, 0)).toEqual([]);
});

it("lists the approval of a child run under the child's own execution", async () => {
  const inner = await workflowOf([ask("ok")]);
  const outer = await workflowOf([{ id: "call", type: "workflow", config: { workflow_id: inner, input: {} } }]);
  const parent = await execute(outer);
  const [approval] = await approvals({ workflowId: inner }, 1);
  const id = approval?.executionId ?? "";
  expect(id).not.toBe(parent);
  // A child run's record may come a second after its run began.
  for (let tries = 0; tries < 50 && !(await hasRecord(id)); tries++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  await test.client.answerApproval({ executionId: id, nodeId: "ok", approved: true });
  expect(await ended(parent)).toBe(ExecutionStatus.EXECUTION_STATUS_COMPLETED);
});

it("names every field that is wrong", async () => {
  const wrong = { limit: -1, by: " ", order: 7 as ApprovalOrder, pageToken: "x" };
  expect(await refusedFields(test.client.listApprovals(wrong))).toEqual(["limit", "by", "order", "page_token"]);
  expect(await refusedFields(test.client.listApprovals({ workflowId: "' OR 1" }))).toEqual(["workflow_id"]);
  expect(await refusedFields(test.client.listApprovals({ executionId: "" }))).toEqual(["execution_id"]);
});

it("is UNAVAILABLE while Temporal is down", async () => {
  const down = await startTestApi(temporalIsDown);
  expect((await refusal(down.client.listApprovals())).code).toBe("UNAVAILABLE");
  await down.close();
});

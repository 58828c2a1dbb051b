import { Metadata } from "@grpc/grpc-js";
import { decodeBreakpoints } from "../../src/api/executions/breakpoints";
import type { RunReference, TaskAttempt, TaskRetry, UpdateOutcome } from "../../src/temporal/runs-port";
import { refusal, refusedFields } from "./api-client";
import { startTestApi, type TestApi, temporalIsDown } from "./api-server";
import { aTaskStart, aWorkflowStart, newTaskId, newWorkflowId } from "./store-records";

/** What the run says, what it was sent, and how its task stands. */
let outcome: UpdateOutcome;
let attempt: TaskAttempt | null;
let retries: readonly TaskRetry[] = [];
const sent: object[] = [];
const pause = { sinceMs: 1, by: "alice", nodeId: "b" };

let test: TestApi;
beforeAll(async () => {
  const runs = {
    ...temporalIsDown.runs,
    steer: async (_run: RunReference, input: object) => {
      sent.push(input);
      return outcome;
    },
    attemptOf: async () => attempt,
    listRetries: async () => retries,
    tryAgainNow: async (_run: RunReference, activityId: string) => void sent.push({ tried: activityId }),
    state: async () => ({ status: "RUNNING", pause }) as const,
  };
  test = await startTestApi({ streams: temporalIsDown.streams, runs });
});
afterAll(() => test.close());
beforeEach(() => {
  outcome = { status: "taken" };
  attempt = null;
  sent.length = 0;
});

async function running(): Promise<string> {
  const start = aWorkflowStart(newWorkflowId());
  await test.store.recordStarted(start);
  return start.id;
}

const signed = { by: "alice", requestId: "r" };

it("sends what was asked for to the run, with who and under which id", async () => {
  const executionId = await running();
  const { client } = test;
  const request = { executionId, ...signed };
  const onNode = { ...request, nodeId: "a[3]" };
  expect(await client.pauseExecution(request)).toEqual({ requestId: "r" });
  await client.resumeExecution({ ...request, step: true });
  await client.skipNode(onNode);
  await client.setNodeOutput({ ...onNode, output: '{"n":1}' });
  await client.cancelNode(onNode);
  await client.updateExecution({ ...request, timeout: "2030-01-31T09:00:00Z", concurrency: { m: 3 } });
  expect(sent).toEqual([
    { action: "pause", ...signed },
    { action: "resume", step: true, ...signed },
    { action: "skip", nodeId: "a[3]", ...signed },
    { action: "set_output", nodeId: "a[3]", output: { n: 1 }, ...signed },
    { action: "cancel_node", nodeId: "a[3]", ...signed },
    { action: "update", timeoutAtMs: Date.parse("2030-01-31T09:00:00Z"), concurrency: { m: 3 }, ...signed },
  ]);
});

it("takes a timeout from now on, and makes an id where there is none", async () => {
  const before = Date.now();
  const { requestId } = await test.client.updateExecution({ executionId: await running(), timeout: "1h" });
  expect(sent).toEqual([{ action: "update", timeoutAtMs: expect.any(Number), requestId }]);
  const [{ timeoutAtMs }] = sent as [{ timeoutAtMs: number }];
  expect(timeoutAtMs - before).toBeGreaterThanOrEqual(3_600_000);
});

it("lists what is tried again, of a task without an id, and nothing of what has ended", async () => {
  retries = [
    {
      activityId: "a",
      attempt: 2,
      maxAttempts: 5,
      nextAttemptAt: new Date(1_000),
      failure: { code: "X", message: "no" },
    },
    { activityId: "b[3]", attempt: 3 },
  ];
  expect(await test.client.listRetries({ executionId: await running() })).toEqual({
    retries: [
      {
        nodeId: "a",
        attempt: 2,
        maxAttempts: 5,
        nextAttemptAt: "1970-01-01T00:00:01.000Z",
        lastError: "no",
        lastErrorCode: "X",
      },
      { nodeId: "b[3]", attempt: 3 },
    ],
    total: 2,
  });
  const task = aTaskStart(newTaskId());
  await test.store.recordStarted(task);
  const ofTask = await test.client.listRetries({ executionId: task.id });
  expect(ofTask.retries.map(({ nodeId }) => nodeId)).toEqual(["", ""]);
  expect(await refusedFields(test.client.listRetries({ executionId: "x" }))).toEqual(["execution_id"]);
});

it("lets the run judge a retry by how the task stands, and has the attempt made only where the run took it", async () => {
  const request = { executionId: await running(), nodeId: "a", ...signed };
  attempt = { attempt: 3, isWaiting: true };
  await test.client.retryNode(request);
  expect(sent).toEqual([{ action: "retry", nodeId: "a", attempt: 3, isWaiting: true, ...signed }, { tried: "a" }]);
  sent.length = 0;
  attempt = null;
  outcome = { status: "refused", failure: { code: "STATE_UNFIT", message: "no" } };
  expect(await refusal(test.client.retryNode(request))).toMatchObject({ code: "FAILED_PRECONDITION" });
  expect(sent).toEqual([{ action: "retry", nodeId: "a", isWaiting: false, ...signed }]);
});

it("names every field that is wrong, and sends nothing", async () => {
  const executionId = await running();
  const { client } = test;
  expect(await refusedFields(client.pauseExecution({ executionId: "x" }))).toEqual(["execution_id"]);
  expect(await refusedFields(client.pauseExecution({ executionId, by: " ", requestId: "é" }))).toEqual([
    "by",
    "request_id",
  ]);
  expect(await refusedFields(client.skipNode({ executionId }))).toEqual(["node_id"]);
  expect(await refusedFields(client.setNodeOutput({ executionId, nodeId: "a", output: "{" }))).toEqual(["output"]);
  const large = { executionId, nodeId: "a", output: JSON.stringify("x".repeat(64 * 1024)) };
  expect(await refusal(client.setNodeOutput(large))).toMatchObject({ code: "RESOURCE_EXHAUSTED" });
  expect(await refusedFields(client.updateExecution({ executionId }))).toEqual(["timeout"]);
  for (const timeout of ["soon", "0s", "2001-01-31T09:00:00Z", "2030-01-31"])
    expect(await refusedFields(client.updateExecution({ executionId, timeout }))).toEqual(["timeout"]);
  expect(
    await refusedFields(client.updateExecution({ executionId, concurrency: { a: 0, b: 1_001, c: 1_000 } })),
  ).toEqual(["concurrency/a", "concurrency/b"]);
  expect(sent).toEqual([]);
});

it.each([
  ["STATE_UNFIT", "FAILED_PRECONDITION"],
  ["RUN_ENDING", "FAILED_PRECONDITION"],
  ["MESSAGE_TOO_LARGE", "RESOURCE_EXHAUSTED"],
  ["NODE_UNKNOWN", "INVALID_ARGUMENT"],
])("refuses what the run refuses: %s as %s", async (code, status) => {
  outcome = { status: "refused", failure: { code, message: `says ${code}` } };
  const call = test.client.skipNode({ executionId: await running(), nodeId: "a" });
  expect(await refusal(call)).toMatchObject({ code: status, message: expect.stringContaining(`says ${code}`) });
});

it("refuses an unknown execution, one that has ended and one of a task", async () => {
  const unknown = aWorkflowStart(newWorkflowId()).id;
  expect(await refusal(test.client.pauseExecution({ executionId: unknown }))).toMatchObject({ code: "NOT_FOUND" });
  const task = aTaskStart(newTaskId());
  await test.store.recordStarted(task);
  expect(await refusal(test.client.pauseExecution({ executionId: task.id }))).toMatchObject({
    code: "FAILED_PRECONDITION",
    message: expect.stringContaining("has no nodes to steer"),
  });
  const executionId = await running();
  await test.store.recordEnded({ id: executionId as never, status: "COMPLETED", completedAt: new Date() });
  expect(await refusal(test.client.pauseExecution({ executionId }))).toMatchObject({
    code: "FAILED_PRECONDITION",
    message: `execution ${executionId} is COMPLETED and takes no steering any more`,
  });
});

it("says of an execution that it is paused, by whom and where", async () => {
  expect(await test.client.getExecution(await running())).toMatchObject({
    paused: true,
    pausedBy: "alice",
    pausedBefore: "b",
  });
});

describe("breakpoints in the metadata of a start", () => {
  const decode = (...values: readonly (readonly [string, string])[]) => {
    const metadata = new Metadata();
    for (const [key, value] of values) metadata.add(key, value);
    return decodeBreakpoints(metadata);
  };

  it("are read, repeated or divided by commas", () => {
    expect(decode()).toBeUndefined();
    expect(decode(["aco-step", "false"])).toBeUndefined();
    expect(decode(["aco-break-at", "a, b[3]"], ["aco-break-at", "a"], ["aco-step", "true"])).toEqual({
      at: ["a", "b[3]"],
      step: true,
    });
  });

  it("are refused where they name nothing, or too much", () => {
    expect(() => decode(["aco-break-at", ""])).toThrow("aco-break-at: is required and must not be blank");
    expect(() => decode(["aco-step", "1"])).toThrow("aco-step: must be true or false");
    expect(() => decode(["aco-break-at", Array.from({ length: 101 }, (_, n) => `n${n}`).join(",")])).toThrow(
      "at most 100",
    );
  });
});

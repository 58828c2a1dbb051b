import { randomUUID } from "node:crypto";
import { Worker } from "@temporalio/worker";
import { silentLogger } from "../../src/core/logger";
import { connectTemporal, type TemporalConnection } from "../../src/temporal/connect";
import { createRuns } from "../../src/temporal/runs";
import type { RunReference, Runs } from "../../src/temporal/runs-port";
import { startTestTemporal, type TestTemporal } from "./temporal-server";

const TASK_QUEUE = "updates-test";

let temporal: TestTemporal;
let connection: TemporalConnection;
let worker: Worker;
let working: Promise<void>;
let runs: Runs;

beforeAll(async () => {
  temporal = await startTestTemporal();
  connection = await connectTemporal({ ...temporal, logger: silentLogger });
  const workflowsPath = require.resolve("./updates-workflow");
  worker = await Worker.create({ connection: connection.connection, taskQueue: TASK_QUEUE, workflowsPath });
  working = worker.run();
  runs = createRuns({ client: connection.client, taskQueue: TASK_QUEUE });
}, 120_000);
afterAll(async () => {
  worker?.shutdown();
  await working;
  await connection?.close();
  await temporal?.stop();
}, 30_000);

async function start(taskQueue = TASK_QUEUE): Promise<RunReference & { result(): Promise<unknown> }> {
  const workflowId = `workflow/test/${randomUUID()}`;
  const handle = await connection.client.workflow.start("takeUpdates", { taskQueue, workflowId, args: [[]] });
  const { firstExecutionRunId: temporalRunId } = handle;
  return { executionId: "x", temporalWorkflowId: workflowId, temporalRunId, result: () => handle.result() };
}

const send = (run: RunReference, name: string, payload: unknown, requestId: string = randomUUID()) =>
  runs.sendMessage(run, { name, payload: payload as string, requestId });

test("brings messages and answers to a run, in order", async () => {
  const run = await start();
  expect(await send(run, "news", { n: 1 })).toEqual({ status: "taken" });
  const answer = { nodeId: "release", approved: true, by: "alice", requestId: randomUUID() };
  expect(await runs.answerApproval(run, answer)).toEqual({ status: "taken" });
  expect(await send(run, "stop", "end")).toEqual({ status: "taken" });
  expect(await run.result()).toEqual([{ n: 1 }, { nodeId: "release", approved: true, by: "alice" }, "end"]);
});

test("brings a request that is repeated with its id once", async () => {
  const run = await start();
  for (const _ of [1, 2, 3]) expect(await send(run, "news", "one", "same")).toEqual({ status: "taken" });
  await send(run, "stop", "end");
  expect(await run.result()).toEqual(["one", "end"]);
});

test("gives a refusal with its code and details, after which the same id may be used again", async () => {
  const run = await start();
  expect(await send(run, "wrong", "x", "id")).toEqual({
    status: "refused",
    failure: {
      code: "INPUT_INVALID",
      message: "refused as INPUT_INVALID",
      details: { problems: [{ pointer: "/n", message: "must be integer" }] },
    },
  });
  const answer = { nodeId: "other", approved: false, requestId: "id" };
  expect(await runs.answerApproval(run, answer)).toMatchObject({
    status: "refused",
    failure: { code: "APPROVAL_UNKNOWN", details: { waiting: ["release"] } },
  });
  expect(await send(run, "stop", "end", "id")).toEqual({ status: "taken" });
});

test("gives a repeated request its outcome also when it ended the run", async () => {
  const run = await start();
  expect(await send(run, "stop", "end", "last")).toEqual({ status: "taken" });
  await run.result();
  expect(await send(run, "stop", "end", "last")).toEqual({ status: "taken" });
});

test("says that a run has ended, also one that nobody knows", async () => {
  const run = await start();
  await send(run, "stop", null);
  await run.result();
  expect(await send(run, "news", null)).toEqual({ status: "ended" });
  const unknown = { executionId: "x", temporalWorkflowId: "workflow/no/such", temporalRunId: randomUUID() };
  expect(await send(unknown, "news", null)).toEqual({ status: "ended" });
});

test("loses no message to a run that continues as new", async () => {
  const run = await start();
  const sent = Array.from({ length: 30 }, (_, index) => index);
  for (const index of sent) {
    // Ten more in flight at the very moment than any client has.
    const also = index % 10 === 5 ? [send(run, "again", "again")] : [];
    expect(await Promise.all([...also, send(run, "news", index)])).toContainEqual({ status: "taken" });
  }
  await send(run, "stop", "end");
  const all = (await run.result()) as readonly unknown[];
  expect(all.filter((each) => typeof each === "number")).toEqual(sent);
  expect(all.filter((each) => each === "again")).toHaveLength(3);
});

test("throws UNAVAILABLE when no worker answers in time, and the request may still be taken", async () => {
  const run = await start("nobody-polls-this");
  const answer = { nodeId: "release", approved: true, requestId: "later" };
  await expect(runs.answerApproval(run, answer)).rejects.toMatchObject({
    code: "UNAVAILABLE",
    message: expect.stringMatching(/^no worker answered within 10 s.*request_id/),
  });
}, 30_000);

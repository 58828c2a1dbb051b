import { randomUUID } from "node:crypto";
import { parseExecutionId } from "../../src/core/ids";
import type { RunReference, UpdateOutcome } from "../../src/temporal/runs-port";
import { refusal, refusedFields } from "./api-client";
import { startTestApi, type TestApi, temporalIsDown } from "./api-server";
import { aTaskStart, aWorkflowStart, newTaskId, newWorkflowId } from "./store-records";

/** What the run says, and what it was sent. */
let outcome: UpdateOutcome;
const sent: object[] = [];

let test: TestApi;
beforeAll(async () => {
  const take = async (run: RunReference, input: object) => {
    sent.push({ run: run.temporalWorkflowId, ...input });
    return outcome;
  };
  const runs = { ...temporalIsDown.runs, sendMessage: take, answerApproval: take };
  test = await startTestApi({ streams: temporalIsDown.streams, runs });
});
afterAll(() => test.close());
beforeEach(() => {
  outcome = { status: "taken" };
  sent.length = 0;
});

async function running(): Promise<string> {
  const start = aWorkflowStart(newWorkflowId());
  await test.store.recordStarted(start);
  return start.id;
}

const refused = (code: string, details?: { readonly [key: string]: readonly string[] | readonly object[] }) => {
  const failure = { code, message: `says ${code}` };
  outcome = { status: "refused", failure: details === undefined ? failure : { ...failure, details: details as never } };
};

describe("SignalExecution", () => {
  it("sends the message to the execution's run, and gives the request's id back", async () => {
    const executionId = await running();
    const request = { executionId: executionId.toUpperCase(), name: "deployed", payload: '{"n":1}', requestId: "r 1" };
    expect(await test.client.signalExecution(request)).toEqual({ requestId: "r 1" });
    expect(sent).toEqual([
      { run: expect.stringMatching(/^workflow\//), name: "deployed", payload: { n: 1 }, requestId: "r 1" },
    ]);
  });

  it("makes an id for a request without one, and sends null for no payload", async () => {
    const { requestId } = await test.client.signalExecution({ executionId: await running(), name: "deployed" });
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(sent).toMatchObject([{ payload: null, requestId }]);
  });

  it("names every field that is wrong, and sends nothing", async () => {
    const request = { executionId: await running(), name: " ", payload: "{", requestId: "é" };
    expect(await refusedFields(test.client.signalExecution(request))).toEqual(["name", "payload", "request_id"]);
    expect(await refusedFields(test.client.signalExecution({ executionId: "x", name: "n" }))).toEqual(["execution_id"]);
    const large = { ...request, name: "n", requestId: "r", payload: JSON.stringify("x".repeat(64 * 1024)) };
    expect(await refusal(test.client.signalExecution(large))).toMatchObject({
      code: "RESOURCE_EXHAUSTED",
      violations: [{ field: "payload" }],
    });
    expect(sent).toEqual([]);
  });

  it("points at what in the payload does not match", async () => {
    refused("INPUT_INVALID", { problems: [{ pointer: "/n", message: "must be integer", code: "SCHEMA_MISMATCH" }] });
    const request = { executionId: await running(), name: "n", payload: '{"n":"x"}' };
    expect(await refusal(test.client.signalExecution(request))).toMatchObject({
      code: "INVALID_ARGUMENT",
      violations: [{ field: "payload/n", description: "must be integer" }],
    });
    refused("INPUT_INVALID");
    expect((await refusal(test.client.signalExecution(request))).violations).toEqual([
      { field: "name", description: "says INPUT_INVALID" },
    ]);
  });

  it.each([
    ["MESSAGE_TOO_LARGE", "RESOURCE_EXHAUSTED"],
    ["INBOX_FULL", "RESOURCE_EXHAUSTED"],
    ["RUN_ENDING", "FAILED_PRECONDITION"],
    ["A_CODE_OF_LATER", "FAILED_PRECONDITION"],
  ])("refuses what the run refuses: %s as %s", async (code, status) => {
    refused(code);
    const call = test.client.signalExecution({ executionId: await running(), name: "n" });
    expect(await refusal(call)).toMatchObject({ code: status, message: expect.stringContaining(`says ${code}`) });
  });

  it("refuses an unknown execution, one that has ended and one of a task", async () => {
    const unknown = randomUUID();
    expect(await refusal(test.client.signalExecution({ executionId: unknown, name: "n" }))).toMatchObject({
      code: "NOT_FOUND",
      message: `there is no execution ${unknown}`,
    });
    const executionId = await running();
    await test.store.recordEnded({ id: parseExecutionId(executionId), status: "COMPLETED", completedAt: new Date() });
    expect(await refusal(test.client.signalExecution({ executionId, name: "n" }))).toMatchObject({
      code: "FAILED_PRECONDITION",
      message: `execution ${executionId} is COMPLETED and takes no message any more`,
    });
    const ofTask = aTaskStart(newTaskId());
    await test.store.recordStarted(ofTask);
    expect(await refusal(test.client.signalExecution({ executionId: ofTask.id, name: "n" }))).toMatchObject({
      code: "FAILED_PRECONDITION",
      message: expect.stringContaining("only executions of workflows do"),
    });
    expect(sent).toEqual([]);
  });

  it("refuses a run that has just closed, whatever its record says", async () => {
    outcome = { status: "ended" };
    const call = test.client.signalExecution({ executionId: await running(), name: "n" });
    expect((await refusal(call)).code).toBe("FAILED_PRECONDITION");
  });
});

describe("AnswerApproval", () => {
  it("sends the answer as it was given", async () => {
    const executionId = await running();
    const request = { executionId, nodeId: "release#2", approved: true, form: '{"w":1}', comment: "", by: "alice" };
    await test.client.answerApproval({ ...request, requestId: "r" });
    await test.client.answerApproval({ executionId, nodeId: "release" });
    const run = expect.any(String);
    expect(sent).toEqual([
      { run, nodeId: "release#2", approved: true, form: { w: 1 }, comment: "", by: "alice", requestId: "r" },
      { run, nodeId: "release", approved: false, requestId: expect.any(String) },
    ]);
  });

  it("names every field that is wrong", async () => {
    const request = { executionId: await running(), nodeId: "", form: "{", by: "", comment: "x".repeat(5_000) };
    const fields = await refusedFields(test.client.answerApproval(request));
    expect(fields).toEqual(["node_id", "form", "comment", "by"]);
  });

  it("points into the form, and at who may not answer", async () => {
    const request = { executionId: await running(), nodeId: "release", approved: true, form: "{}", by: "mallory" };
    refused("INPUT_INVALID", { problems: [{ pointer: "", message: "must have required property 'window'" }] });
    expect(await refusal(test.client.answerApproval(request))).toMatchObject({
      code: "INVALID_ARGUMENT",
      violations: [{ field: "form", description: "must have required property 'window'" }],
    });
    refused("APPROVER_REFUSED");
    expect(await refusal(test.client.answerApproval(request))).toMatchObject({
      code: "PERMISSION_DENIED",
      violations: [{ field: "by" }],
    });
  });

  it("says what the run says where no such approval waits", async () => {
    refused("APPROVAL_UNKNOWN", { waiting: ["release"] });
    const executionId = await running();
    const call = test.client.answerApproval({ executionId, nodeId: "relese", approved: true });
    expect(await refusal(call)).toMatchObject({
      code: "FAILED_PRECONDITION",
      message: `execution ${executionId}: says APPROVAL_UNKNOWN`,
    });
  });
});

it("both are UNAVAILABLE while Temporal is down", async () => {
  const down = await startTestApi(temporalIsDown);
  const start = aWorkflowStart(newWorkflowId());
  await down.store.recordStarted(start);
  const request = { executionId: start.id, name: "n", nodeId: "n" };
  expect((await refusal(down.client.signalExecution(request))).code).toBe("UNAVAILABLE");
  expect((await refusal(down.client.answerApproval(request))).code).toBe("UNAVAILABLE");
  await down.close();
});

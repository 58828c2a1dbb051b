import { setTimeout as sleep } from "node:timers/promises";
import { type ServiceError, status } from "@grpc/grpc-js";
import { ExecutionStatus } from "../../src/gen/proto/executions";
import { startAco } from "../e2e/aco-command";
import { type ApiClient, executionIdOf, readStream, refusal } from "./api-client";
import { startTestStack, type TestStack } from "./api-stack";
import { Killables } from "./killable";
import { connectSchedules } from "./schedule-client";

let test: TestStack;
let processes: Killables;
beforeAll(async () => {
  test = await startTestStack({ worker: false });
  processes = new Killables(test);
}, 120_000);
afterAll(async () => {
  processes.killAll();
  await test.close();
}, 60_000);

const gate = {
  id: "gate",
  type: "approval",
  config: { message: "Go on?", schema: { type: "object", properties: { size: { type: "integer" } } } },
};
const go = { id: "go", type: "signal", config: { name: "go" } };

async function workflowOf(...nodes: readonly object[]): Promise<string> {
  const definition = JSON.stringify({ version: 1, nodes, edges: [], output: "${{ nodes }}" });
  return (await test.client.createWorkflow({ name: "w", definition })).id;
}

async function start(workflowId: string, client: ApiClient = test.client): Promise<string> {
  const call = client.workflows.executeWorkflow({ id: workflowId, input: undefined });
  call.on("error", () => undefined);
  const id = await executionIdOf(call);
  call.cancel();
  return id;
}

async function eventually(look: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 40_000; !(await look()); await sleep(100))
    if (Date.now() > deadline) throw new Error("it did not come to that");
}

/** As a client does that was told to send it again: a workflow task that a worker died with is given to another after 10 s. */
async function insist<T>(call: () => Promise<T>): Promise<T> {
  for (const deadline = Date.now() + 40_000; ; ) {
    try {
      return await call();
    } catch (error) {
      if ((error as ServiceError).code !== status.UNAVAILABLE || Date.now() > deadline) throw error;
    }
  }
}

const asked = async (executionId: string) => (await test.client.listApprovals({ executionId })).total;
const ended = async (id: string) => (await test.client.getExecution(id)).completedAt !== undefined;
const wholeExport = async (client: ApiClient, executionId: string) => {
  const { messages, code } = await readStream(client.executions.exportExecution({ executionId }));
  const lines = Buffer.concat(messages.map(({ data }) => data))
    .toString()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { readonly type: string });
  return { code, lines: lines.filter(({ type }) => type !== "header") };
};

it("asks people across kill -9 of API and worker, takes one answer of two, and shows a run that no worker has", async () => {
  const [api, worker] = [await processes.api(), await processes.worker()];
  const id = await start(await workflowOf(gate), api.client);
  await eventually(async () => (await asked(id)) === 1);
  await Promise.all([api.kill(), worker.kill()]);
  // Nobody works, and all can be read.
  const other = await processes.api();
  expect((await other.client.listApprovals({ executionId: id })).approvals).toMatchObject([{ nodeId: "gate" }]);
  const state = await other.client.getExecutionState({ executionId: id });
  expect(state.nodes).toMatchObject([{ id: "gate", waitsFor: "approval" }]);
  expect(await wholeExport(other.client, id)).toEqual(await wholeExport(test.client, id));

  // The API dies with the answer in hand; its client repeats it, with its id, elsewhere.
  const answer = {
    executionId: id,
    nodeId: "gate",
    approved: true,
    form: '{"size":3}',
    by: "alice",
    requestId: "first",
  };
  const lost = refusal(other.client.answerApproval(answer));
  await sleep(300);
  await other.kill();
  expect((await lost).code).toBe("UNAVAILABLE");
  const revived = await processes.worker();
  const another = await processes.api();
  const rival = { ...answer, approved: false, by: "bob", requestId: "second" };
  const said = await Promise.allSettled([
    insist(() => test.client.answerApproval(answer)),
    insist(() => another.client.answerApproval(answer)),
    insist(() => another.client.answerApproval(rival)),
  ]);
  await eventually(() => ended(id));
  const { output = "" } = await test.client.getExecution(id);
  const { approved, by } = JSON.parse(output).gate.output;
  expect([approved, by]).toEqual(approved ? [true, "alice"] : [false, "bob"]);
  expect(said.map((one) => one.status === "fulfilled")).toEqual(approved ? [true, true, false] : [false, false, true]);
  const late = await refusal(test.client.answerApproval({ ...rival, requestId: "third" }));
  expect(late).toMatchObject({ code: "FAILED_PRECONDITION", message: expect.stringContaining("COMPLETED") });
  expect(await asked(id)).toBe(0);
  await Promise.all([revived.kill(), another.kill()]);
}, 120_000);

it("gives the same state and the same export after the API was killed in the middle of them", async () => {
  const worker = await processes.worker();
  const id = await start(await workflowOf(gate, go));
  await eventually(async () => (await asked(id)) === 1);
  const doomed = await processes.api();
  const cut = [
    refusal(doomed.client.getExecutionState({ executionId: id })),
    readStream(doomed.client.executions.exportExecution({ executionId: id })),
  ] as const;
  await doomed.kill();
  await Promise.allSettled(cut);
  const again = await processes.api();
  const request = { executionId: id, limit: 1 };
  const first = await test.client.getExecutionState(request);
  const page = { ...request, pageToken: first.nextPageToken };
  expect(await again.client.getExecutionState(page)).toEqual(await test.client.getExecutionState(page));
  expect(await wholeExport(again.client, id)).toEqual(await wholeExport(test.client, id));
  await again.kill();
  await worker.kill();
}, 120_000);

it("cancels all that match, though the API of the command was killed on the way: the same command goes on", async () => {
  const worker = await processes.worker();
  const workflow = await workflowOf(go);
  const ids = await Promise.all(Array.from({ length: 60 }, () => start(workflow)));
  const running = { subjectId: workflow, statuses: [ExecutionStatus.EXECUTION_STATUS_RUNNING] };
  await eventually(async () => (await test.client.listExecutions(running)).total === ids.length);
  const api = await processes.api();
  const cancel = (address: string) =>
    startAco(["execution", "cancel", "--of", workflow, "--yes", "--server", `http://${address}`, "--format", "json"]);
  const first = cancel(api.address);
  await eventually(async () => (await test.client.listExecutions(running)).total < ids.length);
  await api.kill();
  // What it could not do it says.
  const { code, stdout } = await first.result;
  if (code !== 0) expect(`${code} ${stdout}`).toMatch(/^1 \{.*"failed":[1-9]/);
  const second = await cancel(test.api.address).result;
  expect(second).toMatchObject({ code: 0, stderr: "" });
  await eventually(async () => (await test.client.listExecutions(running)).total === 0);
  const cancelled = { ...running, statuses: [ExecutionStatus.EXECUTION_STATUS_CANCELLED] };
  expect((await test.client.listExecutions(cancelled)).total).toBe(ids.length);
  await worker.kill();
}, 180_000);

it("tells a schedule of its execution's end, though the worker was killed in between", async () => {
  const worker = await processes.worker();
  const schedules = connectSchedules(test.api.address);
  const workflow = await workflowOf(go);
  const id = "survives";
  await schedules.create({ id, workflowId: workflow, paused: true, spec: { intervals: [{ every: "1h" }] } });
  await schedules.trigger({ id });
  const latest = async () => (await test.client.listExecutions({ subjectId: workflow })).executions[0];
  await eventually(async () => (await latest()) !== undefined);
  await worker.kill();
  const revived = await processes.worker();
  const execution = await latest();
  await insist(() => test.client.signalExecution({ executionId: execution?.id ?? "", name: "go", requestId: "go" }));
  await eventually(async () => (await schedules.get(id)).recentActions.at(-1)?.status === "COMPLETED");
  expect((await test.client.listExecutions({ subjectId: workflow })).total).toBe(1);
  expect((await schedules.get(id)).recentActions).toMatchObject([{ executionId: execution?.id }]);
  await schedules.delete(id);
  schedules.close();
  await revived.kill();
}, 120_000);

import { setTimeout as sleep } from "node:timers/promises";
import { ExecutionWait, type ListExecutionsRequest } from "../../src/gen/proto/executions";
import { executionIdOf, refusal } from "./api-client";
import { startTestStack, type TestStack } from "./api-stack";

let test: TestStack;
let workflow: Record<string, string>;
let started: Record<string, string>;

const KINDS = {
  approval: ExecutionWait.EXECUTION_WAIT_APPROVAL,
  signal: ExecutionWait.EXECUTION_WAIT_SIGNAL,
  timer: ExecutionWait.EXECUTION_WAIT_TIMER,
  pause: ExecutionWait.EXECUTION_WAIT_PAUSE,
  turn: ExecutionWait.EXECUTION_WAIT_TURN,
};

const gate = { id: "gate", type: "approval", config: { message: "Go on?" } };
const go = { id: "go", type: "signal", config: { name: "go" } };
const rest = { id: "rest", type: "wait", config: { duration: "1h" } };
const GRAPHS: Readonly<Record<string, object>> = {
  approval: { version: 1, nodes: [gate], edges: [] },
  signal: { version: 1, nodes: [go], edges: [] },
  timer: { version: 1, nodes: [rest], edges: [] },
  short: { version: 1, nodes: [{ id: "nap", type: "wait", config: { duration: "20s" } }], edges: [] },
  all: { version: 1, nodes: [gate, go, rest], edges: [] },
  alone: { version: 1, nodes: [go], edges: [], concurrency: { key: "one", on_conflict: "queue" } },
};

async function start(name: string): Promise<string> {
  const call = test.client.workflows.executeWorkflow({ id: workflow[name] ?? "", input: undefined });
  call.on("error", () => undefined);
  const id = await executionIdOf(call);
  call.cancel();
  return id;
}

beforeAll(async () => {
  test = await startTestStack();
  workflow = {};
  started = {};
  for (const [name, definition] of Object.entries(GRAPHS)) {
    const made = await test.client.createWorkflow({ name, definition: JSON.stringify(definition) });
    workflow[name] = made.id;
    started[name] = await start(name);
  }
  started["queued"] = await start("alone");
}, 120_000);
afterAll(() => test.close(), 60_000);

/** Names of the executions that are found, sorted. */
async function found(kinds: readonly (keyof typeof KINDS)[], more: Partial<ListExecutionsRequest> = {}) {
  const { executions, total } = await test.client.listExecutions({
    waitingFor: kinds.map((kind) => KINDS[kind]),
    ...more,
  });
  const names = executions.map(({ id }) => Object.keys(started).find((name) => started[name] === id) ?? id);
  expect(total).toBe(names.length);
  return names.sort();
}

async function eventually(kinds: readonly (keyof typeof KINDS)[], names: readonly string[]): Promise<void> {
  for (const deadline = Date.now() + 30_000; ; await sleep(100)) {
    const seen = await found(kinds);
    if (seen.join() === names.join() || Date.now() > deadline) return expect(seen).toEqual(names);
  }
}

it("finds what waits for each kind of thing, among other things or alone, and no short wait", async () => {
  await eventually(["approval"], ["all", "approval"]);
  await eventually(["signal"], ["all", "alone", "signal"]);
  await eventually(["timer"], ["all", "timer"]);
  await eventually(["turn"], ["queued"]);
  await eventually(["approval", "turn"], ["all", "approval", "queued"]);
  expect(await found(["pause"])).toEqual([]);
});

it("goes together with the other filters, and with pages", async () => {
  expect(await found(["signal"], { subjectId: workflow["all"] })).toEqual(["all"]);
  expect(await found(["signal"], { subjectId: "no-such-workflow" })).toEqual([]);
  expect(await found(["signal"], { startedAfter: new Date(Date.now() + 60_000).toISOString() })).toEqual([]);
  const request = { waitingFor: [KINDS.signal], limit: 2 };
  const first = await test.client.listExecutions(request);
  const second = await test.client.listExecutions({ ...request, pageToken: first.nextPageToken });
  expect([first.executions.length, second.executions.length, second.nextPageToken]).toEqual([2, 1, undefined]);
  const other = { waitingFor: [KINDS.timer], pageToken: first.nextPageToken };
  expect(await refusal(test.client.listExecutions(other))).toMatchObject({ code: "INVALID_ARGUMENT" });
  const unknown = test.client.listExecutions({ waitingFor: [99 as ExecutionWait] });
  expect((await refusal(unknown)).violations[0]?.field).toBe("waiting_for/0");
});

it("follows what is answered, sent, paused, resumed and begun", async () => {
  const of = (name: string) => ({ executionId: started[name] ?? "" });
  await test.client.answerApproval({ ...of("all"), nodeId: "gate", approved: true });
  await test.client.signalExecution({ ...of("all"), name: "go" });
  await test.client.pauseExecution(of("timer"));
  await eventually(["approval"], ["approval"]);
  await eventually(["signal"], ["alone", "signal"]);
  await eventually(["pause"], ["timer"]);
  await eventually(["timer"], ["all", "timer"]);
  await test.client.resumeExecution(of("timer"));
  await eventually(["pause"], []);
  await test.client.signalExecution({ ...of("alone"), name: "go" });
  await eventually(["turn"], []);
  await eventually(["signal"], ["queued", "signal"]);
  await test.client.cancelExecution({ id: started["signal"] ?? "" });
  await eventually(["signal"], ["queued"]);
});

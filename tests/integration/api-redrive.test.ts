import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonValue } from "../../src/core/json";
import { parseDefinition } from "../../src/definition/parse-definition";
import { type Execution, ExecutionStatus, RedriveAction } from "../../src/gen/proto/executions";
import { TaskStatus } from "../../src/gen/proto/tasks";
import { WorkflowStatus } from "../../src/gen/proto/workflows";
import { ENGINE_VERSION } from "../../src/workflows/history-contract";
import { executionIdOf, readStream, refusal, refusedFields } from "./api-client";
import { startTestStack, type TestStack } from "./api-stack";
import { temporalCommand } from "./temporal-command";

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack();
}, 120_000);
afterAll(() => test.close(), 30_000);

/** A task that says its name in a file, and fails until there is a file of the name `mend-NAME`. */
function step(id: string, more = "true", command = "") {
  const log = `echo ${id} >> ${join(test.folder, "log")}`;
  const config = { command: command || `${log}; test ${more} = true || test -e ${join(test.folder, `mend-${id}`)}` };
  return { id, type: "task", config: { task_type: "shell", config }, retry: { max_attempts: 1 } };
}
const edges = (...ids: string[]) => ids.slice(1).map((target, at) => ({ source: ids[at] ?? "", target }));
const mend = (id: string) => writeFileSync(join(test.folder, `mend-${id}`), "");
const log = () => {
  const file = join(test.folder, "log");
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
};
beforeEach(() => writeFileSync(join(test.folder, "log"), ""));

const create = async (definition: object) =>
  (await test.client.createWorkflow({ name: "w", definition: JSON.stringify({ version: 1, ...definition }) })).id;

async function execute(workflow: string, input: JsonValue = {}): Promise<string> {
  const call = test.client.workflows.executeWorkflow({ id: workflow, input: JSON.stringify(input) });
  call.on("error", () => undefined);
  call.resume();
  return await executionIdOf(call);
}

const eventsOf = async (id: string) =>
  (await readStream(test.client.executions.watchExecution({ id, afterOffset: undefined }))).messages.map(
    ({ eventType, nodeId, data }) => ({ eventType, nodeId, data: JSON.parse(data) }),
  );

/** Waits for the end. */
async function ended(id: string): Promise<Execution> {
  await eventsOf(id);
  return await test.client.getExecution(id);
}

async function eventually(look: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; ) {
    if (await look()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("it did not come to that");
}

async function actions(request: Parameters<typeof test.client.planRedrive>[0]) {
  const { nodes } = await test.client.planRedrive(request);
  return Object.fromEntries(
    nodes.map(({ nodeId, action }) => [nodeId, (RedriveAction[action] ?? "").replace("REDRIVE_ACTION_", "")]),
  );
}

const statusIs = async (id: string, status: "COMPLETED" | "FAILED" | "RUNNING") =>
  (await test.client.getExecution(id)).status === ExecutionStatus[`EXECUTION_STATUS_${status}`];

it("goes on from the node that failed, links both executions, and marks in the stream what it took over", async () => {
  const large = { id: "big", type: "task", config: { task_type: "noop", config: { output: "${{ input.text }}" } } };
  const workflow = await create({
    nodes: [step("a"), large, step("f1", "false"), step("z")],
    edges: edges("a", "big", "f1", "z"),
    output: { big: "${{ size(nodes.big.output) }}", a: "${{ nodes.a.output.exit_code }}" },
  });
  const first = await execute(workflow, { text: "x".repeat(300_000) });
  await ended(first);
  const plan = await test.client.planRedrive({ executionId: first });
  expect(plan).toMatchObject({ executionId: first, running: false, workflowVersion: 1 });
  expect(plan.nodes.filter(({ repeatsSideEffects }) => repeatsSideEffects).map(({ nodeId }) => nodeId)).toEqual(["f1"]);
  expect(plan.reusedBytes).toBeGreaterThan(300_000);
  // It fails once more: what it took over is taken over from it in turn, whole.
  const second = await test.client.redriveExecution({ executionId: first, planToken: plan.planToken });
  expect(second).toMatchObject({ subjectId: workflow, redrivenFrom: first });
  expect(await ended(second.id)).toMatchObject({ status: ExecutionStatus.EXECUTION_STATUS_FAILED });
  mend("f1");
  const third = await test.client.redriveExecution({ executionId: second.id });
  const done = await ended(third.id);
  expect(JSON.parse(done.output ?? "")).toEqual({ big: 300_000, a: 0 });
  expect(log()).toEqual(["a", "f1", "f1", "f1", "z"]);
  const events = await eventsOf(third.id);
  expect(events[0]?.data).toMatchObject({ redriven_from: second.id });
  const reused = events.filter(({ data }) => data.reused_from === second.id).map(({ nodeId }) => nodeId);
  expect(reused).toEqual(["a", "big"]);
  const { nodes } = await test.client.getExecutionState({ executionId: third.id });
  expect(nodes.map(({ id, reusedFrom }) => [id, reusedFrom ?? ""])).toEqual([
    ...[
      ["a", second.id],
      ["big", second.id],
    ],
    ...[
      ["f1", ""],
      ["z", ""],
    ],
  ]);
  expect((await test.client.getExecution(second.id)).redrivenAs).toEqual([third.id]);
  const { executions } = await test.client.listExecutions({ subjectId: workflow });
  expect(executions.map(({ redrivenFrom, redrivenAs }) => [redrivenFrom, redrivenAs])).toEqual([
    [second.id, []],
    [first, [third.id]],
    [undefined, [second.id]],
  ]);
});

it("runs a corrected definition with another input, and gives a node its output", async () => {
  const nodes = [step("a"), step("b", "", "exit 3"), step("c")];
  const workflow = await create({ nodes, edges: edges("a", "b", "c") });
  const id = await execute(workflow, { n: 1 });
  await ended(id);
  const definition = JSON.stringify({
    version: 1,
    nodes: [step("a"), step("b"), step("d")],
    edges: edges("a", "b", "d"),
    output: ["${{ nodes.a.output }}", "${{ input.n }}"],
  });
  await test.client.updateWorkflow({ id: workflow, definition });
  const request = { executionId: id, workflowVersion: 2, input: '{"n":2}', outputs: { a: '"given"' } };
  expect(await actions(request)).toEqual({ a: "INJECTED", b: "RUNS_AGAIN", c: "DISAPPEARS", d: "NEW" });
  const redriven = await test.client.redriveExecution(request);
  expect(JSON.parse((await ended(redriven.id)).output ?? "")).toEqual(["given", 2]);
  expect(redriven).toMatchObject({ workflowVersion: 2, input: '{"n":2}' });
  expect(log()).toEqual(["a", "b", "d"]);
});

it("goes on inside of child executions where they stopped, unless they are given another input", async () => {
  const call = (workflowId: string) => ({
    id: "call",
    type: "workflow",
    config: { workflow_id: workflowId, input: { n: "${{ input.n }}" } },
  });
  const inner = await create({ nodes: [step("i1"), step("i2", "false")], edges: edges("i1", "i2") });
  const outer = await create({ nodes: [step("o1"), call(inner), step("o2")], edges: edges("o1", "call", "o2") });
  const top = await create({ nodes: [step("t1"), call(outer), step("t2")], edges: edges("t1", "call", "t2") });
  const id = await execute(top, { n: 1 });
  expect(await ended(id)).toMatchObject({ status: ExecutionStatus.EXECUTION_STATUS_FAILED });
  const { nodes } = await test.client.planRedrive({ executionId: id });
  expect(nodes.find(({ nodeId }) => nodeId === "call")).toMatchObject({
    again: ["call"],
    reason: expect.stringMatching(/^it failed: \w+; goes on from where execution [0-9a-f-]{36} stopped$/),
  });
  mend("i2");
  const redriven = await test.client.redriveExecution({ executionId: id });
  expect(await ended(redriven.id)).toMatchObject({ status: ExecutionStatus.EXECUTION_STATUS_COMPLETED });
  expect(log()).toEqual(["t1", "o1", "i1", "i2", "i2", "o2", "t2"]);
  const { executions } = await test.client.listExecutions({ subjectId: inner });
  expect(executions.map(({ redrivenFrom }) => redrivenFrom)).toEqual([executions[1]?.id, undefined]);

  const other = await test.client.redriveExecution({ executionId: id, input: '{"n":2}' });
  await ended(other.id);
  expect(log().slice(7)).toEqual(["o1", "i1", "i2", "o2", "t2"]);
});

const WAITS = { id: "w", type: "signal", config: { name: "go" } };

it("leaves an execution alone that waits or is paused, and refuses a plan that it has moved on from", async () => {
  const workflow = await create({ nodes: [step("a"), WAITS, step("z")], edges: edges("a", "w", "z") });
  const id = await execute(workflow);
  const waits = async (one: string) => {
    const { nodes } = await test.client.getExecutionState({ executionId: one, nodeId: "w" });
    return nodes.length > 0;
  };
  await eventually(() => waits(id));
  const plan = await test.client.planRedrive({ executionId: id });
  expect(plan).toMatchObject({ running: true, warnings: [expect.stringContaining("left alone")] });
  await test.client.pauseExecution({ executionId: id });
  const other = await test.client.redriveExecution({ executionId: id, planToken: plan.planToken, requestId: "r1" });
  await eventually(() => waits(other.id));
  await test.client.signalExecution({ executionId: other.id, name: "go" });
  expect(await ended(other.id)).toMatchObject({ status: ExecutionStatus.EXECUTION_STATUS_COMPLETED });
  expect(await statusIs(id, "RUNNING")).toBe(true);
  await test.client.resumeExecution({ executionId: id });
  await test.client.signalExecution({ executionId: id, name: "go" });
  expect(await ended(id)).toMatchObject({ status: ExecutionStatus.EXECUTION_STATUS_COMPLETED });
  expect(log()).toEqual(["a", "z", "z"]);
  const late = test.client.redriveExecution({ executionId: id, planToken: plan.planToken, requestId: "r2" });
  expect(await refusal(late)).toMatchObject({ code: "FAILED_PRECONDITION" });
  const wrong = test.client.redriveExecution({ executionId: id, from: ["a"], planToken: plan.planToken });
  expect(await refusedFields(wrong)).toEqual(["plan_token"]);
  // The request that was taken is the same execution, whatever has become of the other one.
  const again = { executionId: id, planToken: plan.planToken, requestId: "r1" };
  expect((await test.client.redriveExecution(again)).id).toBe(other.id);
  const another = test.client.redriveExecution({ executionId: id, from: ["a"], requestId: "r1" });
  expect(await refusal(another)).toMatchObject({ code: "ALREADY_EXISTS" });
});

it("redrives what was reset, and what was terminated, with Temporal's own command", async () => {
  const workflow = await create({ nodes: [step("a"), step("b"), WAITS], edges: edges("a", "b", "w") });
  const id = await execute(workflow);
  const entered = async () =>
    (await test.client.getExecutionState({ executionId: id })).nodes.filter(({ nodeId }) => nodeId === "w").length > 0;
  await eventually(entered);
  const { temporalWorkflowId } = await test.client.getExecution(id);
  const history = await test.connection.client.workflow.getHandle(temporalWorkflowId).fetchHistory();
  const b = history.events?.find((event) => event.activityTaskScheduledEventAttributes?.activityId === "b");
  const at = String(b?.activityTaskScheduledEventAttributes?.workflowTaskCompletedEventId);
  const where = ["-w", temporalWorkflowId];
  await temporalCommand(test.temporal, "workflow", "reset", ...where, "--event-id", at, "--reason", "again");
  await eventually(async () => log().filter((name) => name === "b").length === 2 && (await entered()));
  await temporalCommand(test.temporal, "workflow", "terminate", ...where, "--reason", "enough");
  await ended(id);
  expect(await actions({ executionId: id })).toEqual({ a: "REUSED", b: "REUSED", w: "RUNS_AGAIN" });
  expect(await actions({ executionId: id, from: ["b"] })).toMatchObject({ b: "RUNS_AGAIN" });
  const { id: redriven } = await test.client.redriveExecution({ executionId: id });
  await test.client.signalExecution({ executionId: redriven, name: "go" });
  expect(await ended(redriven)).toMatchObject({ status: ExecutionStatus.EXECUTION_STATUS_COMPLETED });
  expect(log()).toEqual(["a", "b", "b"]);
});

it("reads a whole chain of continued runs, and goes on in one", async () => {
  const body = { nodes: [{ id: "t", type: "task", config: { task_type: "noop", config: { output: "${{ item }}" } } }] };
  const config = { items: Array.from({ length: 60 }, (_, n) => n), body: { ...body, edges: [] }, concurrency: 5 };
  const definition = {
    version: 1,
    nodes: [
      { id: "m", type: "map", config },
      step("f2", "false"),
      {
        id: "m2",
        type: "map",
        config: {
          ...config,
          body: {
            nodes: [{ id: "t2", type: "task", config: { task_type: "noop", config: {} } }],
            edges: [],
          },
        },
      },
    ],
    edges: edges("m", "f2", "m2"),
    output: "${{ nodes.m.output.outputs }}",
  };
  const parsed = parseDefinition(definition);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const workflowId = await create(definition);
  const run = {
    ...{
      engineVersion: ENGINE_VERSION,
      announcesApprovals: true,
      workflowId,
      workflowVersion: 1,
      name: "w",
      input: {},
    },
    ...{ snapshot: { definition: parsed.value, hash: "0".repeat(64), tasks: {} }, continueAfterEvents: 100 },
  };
  const started = await test.runs.startGraph({ ...run, executionId: randomUUID() }, "hash");
  await eventually(() => statusIs(started.executionId, "FAILED").catch(() => false));
  mend("f2");
  const { id } = await test.client.redriveExecution({ executionId: started.executionId });
  expect(JSON.parse((await ended(id)).output ?? "")).toEqual(config.items.map((t) => ({ t })));
  expect(log()).toEqual(["f2", "f2"]);
});

it("executes a task again with the config that it had, one at a time", async () => {
  const task = await test.client.createTask({
    title: "t",
    taskType: "shell",
    config: '{"command":"echo old; exit 1","retry":{"max_attempts":1}}',
  });
  const call = test.client.tasks.executeTask({ id: task.id, configOverride: undefined });
  const { executionId: id = "" } = await readStream(call);
  await test.client.updateTask({ id: task.id, config: '{"command":"sleep 30"}' });
  expect(await actions({ executionId: id })).toEqual({ task: "RUNS_AGAIN" });
  const { id: redriven } = await test.client.redriveExecution({ executionId: id });
  expect(await ended(redriven)).toMatchObject({ redrivenFrom: id, status: ExecutionStatus.EXECUTION_STATUS_FAILED });
  const request = { executionId: id, from: ["task"], input: "{}", workflowVersion: 1 };
  expect(await refusedFields(test.client.planRedrive(request))).toEqual(["from", "input", "workflow_version"]);
  const running = test.client.tasks.executeTask({ id: task.id, configOverride: undefined });
  running.on("error", () => undefined);
  running.resume();
  await executionIdOf(running);
  await eventually(async () => (await test.client.getTask(task.id)).status === TaskStatus.TASK_STATUS_RUNNING);
  const refused = await refusal(test.client.redriveExecution({ executionId: id }));
  expect(refused).toMatchObject({ code: "FAILED_PRECONDITION", message: expect.stringContaining("is running") });
  await test.client.updateTask({ id: task.id, status: TaskStatus.TASK_STATUS_CANCELLED });
});

it("refuses what cannot be redriven, and names the field or the reason", async () => {
  const large = (id: string) => ({
    ...{ id, type: "task" },
    config: { task_type: "noop", config: { output: "${{ input }}" } },
  });
  const workflow = await create({
    nodes: [...["x", "y", "v"].map(large), step("q", "", "exit 1")],
    edges: edges("x", "y", "v", "q"),
  });
  const { client } = test;
  const id = await execute(workflow, "x".repeat(800_000));
  await ended(id);
  expect(await refusal(client.planRedrive({ executionId: id }))).toMatchObject({
    code: "RESOURCE_EXHAUSTED",
    message: expect.stringMatching(/what is reused 2400\d+.*[Rr]edrive from an earlier node/),
  });
  expect(await actions({ executionId: id, from: ["y"] })).toMatchObject({ x: "REUSED", y: "RUNS_AGAIN" });
  const fields = (request: object) => refusedFields(client.planRedrive({ executionId: id, ...request }));
  expect(await fields({ executionId: "x" })).toEqual(["execution_id"]);
  expect(await fields({ from: ["nope", " "], workflowVersion: 0, input: "{", outputs: { x: "{" } })).toEqual(
    expect.arrayContaining(["from", "workflow_version", "input", "outputs/x"]),
  );

  expect(await fields({ from: ["nope"] })).toEqual(["from"]);
  expect(await fields({ workflowVersion: 7 })).toEqual(["workflow_version"]);
  const unknown = client.planRedrive({ executionId: randomUUID() });
  expect(await refusal(unknown)).toMatchObject({ code: "NOT_FOUND" });
  await client.updateWorkflow({ id: workflow, status: WorkflowStatus.WORKFLOW_STATUS_ARCHIVED });
  const reason = async () => (await refusal(client.planRedrive({ executionId: id, from: ["y"] }))).message;
  expect(await reason()).toContain("ARCHIVED");

  await client.deleteWorkflow(workflow);
  expect(await reason()).toContain("was deleted");
  const { temporalWorkflowId } = await client.getExecution(id);
  const { workflowService } = test.connection.client;
  await workflowService.deleteWorkflowExecution({
    namespace: "default",
    workflowExecution: { workflowId: temporalWorkflowId },
  });
  await eventually(async () => (await reason()).includes("no longer keeps the history"));
});

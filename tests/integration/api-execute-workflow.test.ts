import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Metadata } from "@grpc/grpc-js";
import { ExecutionKind, ExecutionStatus } from "../../src/gen/proto/executions";
import { type WorkflowEvent, WorkflowEventType, WorkflowStatus } from "../../src/gen/proto/workflows";
import { executionIdOf, readStream, refusal } from "./api-client";
import { startTestStack, type TestStack } from "./api-stack";

const { WORKFLOW_EVENT_TYPE_STARTED: STARTED, WORKFLOW_EVENT_TYPE_COMPLETED: COMPLETED } = WorkflowEventType;

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack();
}, 120_000);
afterAll(() => test.close(), 30_000);

const shell = (id: string, command: string) => ({
  id,
  type: "task",
  config: { task_type: "shell", config: { command } },
});

async function newWorkflow(definition: object): Promise<string> {
  const request = { name: "test", definition: JSON.stringify({ version: 1, edges: [], ...definition }) };
  return (await test.client.createWorkflow(request)).id;
}

function execute(id: string, input?: object | string, key?: string) {
  const metadata = new Metadata();
  if (key !== undefined) metadata.set("idempotency-key", key);
  const text = input === undefined || typeof input === "string" ? input : JSON.stringify(input);
  return test.client.workflows.executeWorkflow({ id, input: text }, metadata);
}

const run = (...call: Parameters<typeof execute>) => readStream(execute(...call));
const dataOf = (event: WorkflowEvent | undefined) => JSON.parse(event?.data ?? "null");

async function refusedRun(...call: Parameters<typeof execute>) {
  const { error } = await run(...call);
  if (error === undefined) throw new Error("the call was not refused");
  return error;
}

describe("ExecuteWorkflow", () => {
  it("runs a draft and streams its nodes", async () => {
    const id = await newWorkflow({
      nodes: [
        shell("greet", 'echo "hello ${{ input.name }}"'),
        shell("shout", "echo ${{ nodes.greet.output.stdout }}"),
      ],
      edges: [{ source: "greet", target: "shout" }],
    });
    const { messages, code, executionId, trailers } = await run(id, { name: "you" });
    expect(code).toBe("OK");
    expect(trailers.get("execution-id")).toEqual([executionId]);
    const types = messages.map(({ eventType }) => eventType);
    expect([types[0], types.at(-1)]).toEqual([STARTED, COMPLETED]);
    const nodes = (type: WorkflowEventType) =>
      messages.filter(({ eventType }) => eventType === type).map(({ currentNode }) => currentNode);
    expect(nodes(WorkflowEventType.WORKFLOW_EVENT_TYPE_NODE_ENTERED)).toEqual(["greet", "shout"]);
    expect(nodes(WorkflowEventType.WORKFLOW_EVENT_TYPE_NODE_COMPLETED)).toEqual(["greet", "shout"]);
    expect(types).toContain(WorkflowEventType.WORKFLOW_EVENT_TYPE_CHECKPOINT);
    expect(dataOf(messages.at(-1))).toMatchObject({ output: { shout: { stdout: "hello you\n" } } });
    for (const message of messages)
      expect([message.workflowId, dataOf(message).execution_id]).toEqual([id, executionId]);

    const execution = await test.client.getExecution(executionId);
    expect(execution).toMatchObject({
      kind: ExecutionKind.EXECUTION_KIND_WORKFLOW,
      subjectId: id,
      status: ExecutionStatus.EXECUTION_STATUS_COMPLETED,
      workflowVersion: 1,
      input: '{"name":"you"}',
      definitionHash: dataOf(messages[0]).definition_hash,
    });
    expect((await test.client.getWorkflow(id)).status).toBe(WorkflowStatus.WORKFLOW_STATUS_DRAFT);
  });

  it("runs the definition and tasks as they stood at the start", async () => {
    const go = join(test.folder, "go-snapshot");
    const config = JSON.stringify({ command: "echo old" });
    const task = await test.client.createTask({ title: "stored", taskType: "shell", config });
    const id = await newWorkflow({
      nodes: [
        shell("wait", `while [ ! -e ${go} ]; do sleep 0.02; done`),
        { id: "stored", type: "task", config: { task_id: task.id } },
      ],
      edges: [{ source: "wait", target: "stored" }],
    });
    const call = execute(id);
    const ended = readStream(call);
    await executionIdOf(call);
    await test.client.updateTask({ id: task.id, config: JSON.stringify({ command: "echo new" }) });
    await test.client.updateWorkflow({
      id,
      definition: JSON.stringify({ version: 1, nodes: [shell("other", "true")], edges: [] }),
    });
    expect((await refusal(test.client.deleteWorkflow(id))).code).toBe("FAILED_PRECONDITION");
    writeFileSync(go, "");
    expect(dataOf((await ended).messages.at(-1))).toMatchObject({ output: { stored: { stdout: "old\n" } } });
    expect(dataOf((await run(id)).messages.at(-1)).output).toHaveProperty("other");
    expect(await test.client.deleteWorkflow(id)).toEqual({ success: true });
  });

  it("runs any number of times at once", async () => {
    const id = await newWorkflow({ nodes: [shell("a", "true")] });
    const ended = await Promise.all(Array.from({ length: 5 }, () => run(id)));
    expect(new Set(ended.map(({ executionId }) => executionId)).size).toBe(5);
    expect((await test.client.listExecutions({ subjectId: id })).total).toBe(5);
  });

  it("checks the input against the definition's schema, an absent one as {}", async () => {
    const id = await newWorkflow({
      nodes: [shell("a", "echo ${{ input.n }}")],
      input_schema: { type: "object", properties: { n: { type: "integer" } }, required: ["n"] },
    });
    const wrong = await refusedRun(id, { n: "one" });
    expect([wrong.code, wrong.violations.map(({ field }) => field)]).toEqual(["INVALID_ARGUMENT", ["input/n"]]);
    for (const input of [undefined, "{}", "7"]) {
      expect((await refusedRun(id, input)).violations.map(({ field }) => field)).toEqual(["input"]);
    }
    for (const input of ["", "{"]) {
      expect((await refusedRun(id, input)).violations.map(({ field }) => field)).toEqual(["input"]);
    }
    expect((await run(id, { n: 1 })).code).toBe("OK");
    expect((await test.client.listExecutions({ subjectId: id })).total).toBe(1);
  });

  it("refuses an archived workflow until it is active again, and an unknown one", async () => {
    const id = await newWorkflow({ nodes: [shell("a", "true")] });
    await test.client.updateWorkflow({ id, status: WorkflowStatus.WORKFLOW_STATUS_ARCHIVED });
    expect((await refusedRun(id)).code).toBe("FAILED_PRECONDITION");
    await test.client.updateWorkflow({ id, status: WorkflowStatus.WORKFLOW_STATUS_ACTIVE });
    expect((await run(id)).code).toBe("OK");
    expect((await refusedRun("0190a000-0000-7000-8000-000000000000")).code).toBe("NOT_FOUND");
  });

  it("refuses a run whose definition, tasks and input are larger than Temporal takes", async () => {
    const stdin = "x".repeat(700_000);
    const big = await test.client.createTask({
      title: "big",
      taskType: "http",
      config: JSON.stringify({ url: "http://localhost/", method: "POST", body: stdin }),
    });
    const bigger = await test.client.createTask({
      title: "bigger",
      taskType: "http",
      config: JSON.stringify({ url: "http://localhost/", method: "POST", body: stdin }),
    });
    const nodes = [big, bigger].map((task, n) => ({ id: `n${n}`, type: "task", config: { task_id: task.id } }));
    const id = await newWorkflow({ nodes });
    expect((await refusedRun(id, { text: "y".repeat(800_000) })).code).toBe("RESOURCE_EXHAUSTED");
    expect((await refusedRun(id, { text: "y".repeat(1_100_000) })).violations[0]?.field).toBe("input");
  });

  it("attaches by idempotency key, and refuses the key with another input", async () => {
    const id = await newWorkflow({ nodes: [shell("a", "true")] });
    const ended = await Promise.all(Array.from({ length: 5 }, () => run(id, { n: 1, m: 2 }, "key")));
    expect(new Set(ended.map(({ executionId }) => executionId)).size).toBe(1);
    const again = await run(id, '{ "m": 2, "n": 1 }', "key");
    expect(again.messages).toEqual(ended[0]?.messages);
    expect((await refusedRun(id, { n: 2 }, "key")).code).toBe("ALREADY_EXISTS");
    expect((await test.client.listExecutions({ subjectId: id })).total).toBe(1);
    await test.client.updateWorkflow({ id, status: WorkflowStatus.WORKFLOW_STATUS_ARCHIVED });
    expect((await run(id, { n: 1, m: 2 }, "key")).executionId).toBe(ended[0]?.executionId);
    expect((await refusedRun(id, { n: 1, m: 2 }, "new")).code).toBe("FAILED_PRECONDITION");
  });
});

describe("names of an execution", () => {
  const started = (id: string, pairs: readonly (readonly [string, string])[]) => {
    const metadata = new Metadata();
    for (const [key, value] of pairs) metadata.add(key, value);
    return test.client.workflows.executeWorkflow({ id, input: undefined }, metadata);
  };

  it("keeps the start's labels over the definition's, in the record and in Temporal", async () => {
    const id = await newWorkflow({ nodes: [shell("a", "true")], labels: { team: "web", tier: "1" } });
    const { executionId } = await readStream(
      started(id, [
        ["aco-label", "team=ops,ticket=7"],
        ["aco-display-name", "Nightly"],
      ]),
    );
    const labels = { team: "ops", tier: "1", ticket: "7" };
    expect(await test.client.getExecution(executionId)).toMatchObject({ labels, displayName: "Nightly" });
    expect((await test.client.listExecutions({ labels: { ticket: "7", tier: "1" } })).executions).toMatchObject([
      { id: executionId, labels },
    ]);
    const { memo } = await test.connection.client.workflow.getHandle(`workflow/${id}/${executionId}`).describe();
    expect(memo).toMatchObject({ labels, display_name: "Nightly" });
    const plain = await run(id);
    expect(await test.client.getExecution(plain.executionId)).toMatchObject({ labels: { team: "web", tier: "1" } });
  });

  it("refuses a label that is none, before anything starts", async () => {
    const id = await newWorkflow({ nodes: [shell("a", "true")] });
    const { error } = await readStream(started(id, [["aco-label", "team"]]));
    expect(error).toMatchObject({ code: "INVALID_ARGUMENT", violations: [{ field: "aco-label" }] });
    expect((await test.client.listExecutions({ subjectId: id })).total).toBe(0);
  });

  it("gives a child run the labels of its own definition", async () => {
    const child = await newWorkflow({ nodes: [shell("a", "true")], labels: { part: "child" } });
    const id = await newWorkflow({
      nodes: [{ id: "sub", type: "workflow", config: { workflow_id: child } }],
      labels: { part: "parent" },
    });
    const { code } = await run(id);
    expect(code).toBe("OK");
    const { executions } = await test.client.listExecutions({ labels: { part: "child" } });
    expect(executions).toMatchObject([{ subjectId: child, labels: { part: "child" } }]);
  });
});

describe("ListExecutions", () => {
  it("filters by kind, subject and status, newest first, without inputs and outputs", async () => {
    const id = await newWorkflow({ nodes: [shell("a", "true")] });
    const first = await run(id, { n: 1 });
    const second = await run(id, { n: 2 });
    const { executions, total } = await test.client.listExecutions({ subjectId: id.toUpperCase() });
    expect(executions.map((execution) => execution.id)).toEqual([second.executionId, first.executionId]);
    expect(total).toBe(2);
    expect(executions[0]).toMatchObject({ input: "", kind: ExecutionKind.EXECUTION_KIND_WORKFLOW });
    expect(executions[0]?.output).toBeUndefined();
    expect(executions[0]?.outputBytes).toBeGreaterThan(0);
    const kind = ExecutionKind.EXECUTION_KIND_TASK;
    expect((await test.client.listExecutions({ subjectId: id, kind })).total).toBe(0);
    const status = ExecutionStatus.EXECUTION_STATUS_FAILED;
    expect((await test.client.listExecutions({ subjectId: id, status })).total).toBe(0);
    expect((await test.client.listExecutions({ subjectId: id, limit: 1, offset: 1 })).executions[0]?.id).toBe(
      first.executionId,
    );
  });

  it("refuses what is no filter", async () => {
    const wrong = {
      limit: -1,
      offset: -1,
      kind: ExecutionKind.EXECUTION_KIND_UNSPECIFIED,
      status: 42 as ExecutionStatus,
      subjectId: "",
    };
    const { code, violations } = await refusal(test.client.listExecutions(wrong));
    expect(code).toBe("INVALID_ARGUMENT");
    expect(violations.map(({ field }) => field)).toEqual(["limit", "offset", "kind", "status", "subject_id"]);
  });
});

import { parseExecutionId, parseWorkflowId } from "../../src/core/ids";
import { WorkflowStatus } from "../../src/gen/proto/workflows";
import { refusal, refusedFields } from "./api-client";
import { startTestApi, type TestApi, temporalIsDown } from "./api-server";

const UNKNOWN_ID = "0190a000-0000-7000-8000-000000000000";
const { WORKFLOW_STATUS_DRAFT: DRAFT, WORKFLOW_STATUS_ACTIVE: ACTIVE } = WorkflowStatus;
const { WORKFLOW_STATUS_ARCHIVED: ARCHIVED } = WorkflowStatus;

const inline = (id: string) => ({
  id,
  type: "task",
  config: { task_type: "shell", config: { command: "true" } },
});
const graph = (...nodes: object[]) => JSON.stringify({ version: 1, nodes, edges: [] });
const SIMPLE = { name: "simple", definition: graph(inline("a")) };

let test: TestApi;
beforeAll(async () => {
  test = await startTestApi(temporalIsDown);
});
afterAll(() => test.close());

async function newTask(): Promise<string> {
  const task = await test.client.createTask({ title: "t", taskType: "shell", config: '{"command":"true"}' });
  return task.id;
}

describe("CreateWorkflow", () => {
  it("creates a draft that names no tasks when its nodes are inline", async () => {
    const workflow = await test.client.createWorkflow({ ...SIMPLE, description: "does little" });
    expect(workflow).toMatchObject({ name: "simple", description: "does little", status: DRAFT, taskIds: [] });
    expect(JSON.parse(workflow.definition)).toEqual(JSON.parse(SIMPLE.definition));
    expect(workflow.updatedAt).toBe(workflow.createdAt);
    expect(await test.client.getWorkflow(workflow.id)).toEqual(workflow);
  });

  it("derives the task ids from the definition, each once, in order of first mention", async () => {
    const [first, second] = [await newTask(), await newTask()];
    const stored = (id: string, task: string) => ({ id, type: "task", config: { task_id: task } });
    const definition = graph(stored("a", second), stored("b", first), inline("c"), stored("d", second));
    const { taskIds } = await test.client.createWorkflow({ name: "uses tasks", definition });
    expect(taskIds).toEqual([second, first]);
  });

  it("refuses a definition with a violation at each place, and a hint for a near name", async () => {
    const definition = JSON.stringify({
      version: 1,
      nodes: [inline("fetch"), { ...inline("2nd"), id: "2nd" }, { id: "c", type: "tsk", config: {} }],
      edges: [{ source: "fetsh", target: "c" }],
    });
    const { code, violations } = await refusal(test.client.createWorkflow({ name: "", definition }));
    expect(code).toBe("INVALID_ARGUMENT");
    expect(violations.map(({ field }) => field)).toEqual(
      expect.arrayContaining(["name", "definition/nodes/1/id", "definition/nodes/2/type", "definition/edges/0/source"]),
    );
    expect(violations.find(({ field }) => field === "definition/edges/0/source")?.description).toContain("fetch");
  });

  it("refuses tasks that do not exist, at every node that names one", async () => {
    const known = await newTask();
    const nodes = [known, UNKNOWN_ID, UNKNOWN_ID].map((taskId, n) => ({
      id: `n${n}`,
      type: "task",
      config: { task_id: taskId },
    }));
    expect(await refusedFields(test.client.createWorkflow({ name: "w", definition: graph(...nodes) }))).toEqual([
      "definition/nodes/1/config/task_id",
      "definition/nodes/2/config/task_id",
    ]);
  });

  it("checks what is said of stored tasks and workflows by what they are", async () => {
    const task = await test.client.createTask({
      title: "t",
      taskType: "shell",
      config: '{"command": "true", "env": {"A": "1"}}',
    });
    const schema = { type: "object", required: ["n"], properties: { n: { type: "integer" } } };
    const child = await test.client.createWorkflow({
      name: "child",
      definition: JSON.stringify({
        nodes: [{ id: "x", type: "transform", config: { output: 1 } }],
        input_schema: schema,
      }),
    });
    const stored = (id: string, override: object) => ({ id, type: "task", config: { task_id: task.id, override } });
    const run = (id: string, input?: object) => ({ id, type: "workflow", config: { workflow_id: child.id, input } });
    const nodes = [
      stored("a", { comand: "x", env: { B: "${{ size(input.xs) }}", A: null } }),
      stored("b", { command: null }),
      stored("c", { command: "${{ nodes.a.output.stdot }}" }),
      run("d"),
      run("e", { n: "${{ nodes.a.output.stdout }}" }),
      stored("ok", { command: "${{ nodes.a.output.stdout }}", env: { A: "2" }, timeout: "1m" }),
      run("fine", { n: "${{ nodes.a.output.exit_code }}", more: "${{ input.any }}" }),
    ];
    const edges = ["c", "e", "ok", "fine"].map((target) => ({ source: "a", target }));
    const definition = JSON.stringify({ nodes, edges });
    const { violations } = await refusal(test.client.createWorkflow({ name: "w", definition }));
    expect(violations.map(({ field, reason }) => `${reason} ${field.replace("definition/nodes/", "")}`)).toEqual([
      "FIELD_UNKNOWN 0/config/override/comand",
      "EXPRESSION_TYPE 0/config/override/env/B",
      "FIELD_VALUE 1/config/override",
      "EXPRESSION_NAME 2/config/override/command",
      "SCHEMA_MISMATCH 3/config/input",
      "SCHEMA_MISMATCH 4/config/input/n",
    ]);
    expect(violations.at(-1)?.description).toBe('must be a number by the input_schema of "child", but is a string');
    const right = JSON.stringify({ nodes: [stored("a", {}), ...nodes.slice(5)], edges: edges.slice(2) });
    expect((await test.client.createWorkflow({ name: "w", definition: right })).id).toBeDefined();
  });

  it("says by a code what is wrong, and what does not exist beside what is wrong in shape", async () => {
    const map = { id: "m", type: "map", config: { items: "[1]", concurency: 2, task: { task_id: UNKNOWN_ID } } };
    const undone = { id: "u", type: "task", config: { task_id: "no-id" }, compensate: { task_id: UNKNOWN_ID } };
    const inner = { nodes: [{ id: "c", type: "workflow", config: { workflow_id: UNKNOWN_ID } }] };
    const loop = { id: "l", type: "loop", config: { while: "true", body: inner } };
    const { violations } = await refusal(
      test.client.createWorkflow({ name: "w", definition: graph(map, undone, loop) }),
    );
    expect(violations.map(({ field, reason }) => `${reason} ${field.replace("definition/nodes/", "")}`)).toEqual([
      "FIELD_UNKNOWN 0/config/concurency",
      "FIELD_REQUIRED 2/config/max_iterations",
      "TASK_REFERENCE 0/config/task/task_id",
      "TASK_REFERENCE 1/config/task_id",
      "TASK_REFERENCE 1/compensate/task_id",
      "WORKFLOW_REFERENCE 2/config/body/nodes/0/config/workflow_id",
    ]);
  });

  it.each([
    ["nothing", ""],
    ["no JSON", "{"],
    ["a JSON array", "[]"],
    ["no nodes", '{"version":1,"nodes":[],"edges":[]}'],
  ])("refuses a definition that is %s", async (_, definition) => {
    const { code, violations } = await refusal(test.client.createWorkflow({ name: "w", definition }));
    expect(code).toBe("INVALID_ARGUMENT");
    expect(violations[0]?.field).toMatch(/^definition/);
  });

  it("refuses a definition that is too large", async () => {
    const definition = graph({ ...inline("a"), name: "x".repeat(1024 * 1024) });
    expect((await refusal(test.client.createWorkflow({ name: "w", definition }))).code).toBe("RESOURCE_EXHAUSTED");
  });
});

describe("GetWorkflow and ListWorkflows", () => {
  it("refuses an unknown id and one that is none", async () => {
    expect((await refusal(test.client.getWorkflow(UNKNOWN_ID))).code).toBe("NOT_FOUND");
    expect(await refusedFields(test.client.getWorkflow("x"))).toEqual(["id"]);
  });

  it("lists the newest first, by status, with the total", async () => {
    const before = (await test.client.listWorkflows({ limit: 0 })).total;
    const first = await test.client.createWorkflow(SIMPLE);
    const second = await test.client.createWorkflow(SIMPLE);
    await test.client.updateWorkflow({ id: first.id, status: ARCHIVED });
    const all = await test.client.listWorkflows({ limit: 2 });
    expect(all.workflows.map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(all.total).toBe(before + 2);
    const archived = await test.client.listWorkflows({ status: ARCHIVED });
    expect(archived.workflows.map(({ id }) => id)).toEqual([first.id]);
    expect(archived.total).toBe(1);
    expect((await test.client.listWorkflows({ offset: 10_000 })).workflows).toEqual([]);
  });

  it("refuses negative numbers and a status that is not one", async () => {
    expect(
      await refusedFields(test.client.listWorkflows({ limit: -1, offset: -5, status: 9 as WorkflowStatus })),
    ).toEqual(["limit", "offset", "status"]);
  });
});

describe("UpdateWorkflow", () => {
  it("changes only what is present", async () => {
    const workflow = await test.client.createWorkflow({ ...SIMPLE, description: "old" });
    const renamed = await test.client.updateWorkflow({ id: workflow.id, name: "new" });
    expect(renamed).toEqual({ ...workflow, name: "new", updatedAt: renamed.updatedAt });
    const emptied = await test.client.updateWorkflow({ id: workflow.id, description: "" });
    expect(emptied).toMatchObject({ name: "new", description: "", definition: workflow.definition });
  });

  it("makes a new version of a changed definition, and derives its task ids again", async () => {
    const { id } = await test.client.createWorkflow(SIMPLE);
    const task = await newTask();
    const definition = graph({ id: "a", type: "task", config: { task_id: task } });
    expect((await test.client.updateWorkflow({ id, definition })).taskIds).toEqual([task]);
    const workflowId = parseWorkflowId(id);
    expect((await test.store.getWorkflow(workflowId))?.version).toBe(2);
    await test.client.updateWorkflow({ id, definition: ` ${definition}` });
    expect((await test.store.getWorkflow(workflowId))?.version).toBe(2);
    expect((await test.store.getWorkflowVersion(workflowId, 1))?.definition).toEqual(JSON.parse(SIMPLE.definition));
  });

  it("refuses what is wrong, changing nothing", async () => {
    const workflow = await test.client.createWorkflow(SIMPLE);
    const wrong = { id: workflow.id, name: " ", definition: "", status: WorkflowStatus.WORKFLOW_STATUS_UNSPECIFIED };
    expect(await refusedFields(test.client.updateWorkflow(wrong))).toEqual(["name", "definition", "status"]);
    expect(await test.client.getWorkflow(workflow.id)).toEqual(workflow);
    expect((await refusal(test.client.updateWorkflow({ id: UNKNOWN_ID, name: "x" }))).code).toBe("NOT_FOUND");
  });

  it("activates, archives and un-archives, but makes nothing a draft again", async () => {
    const { id } = await test.client.createWorkflow(SIMPLE);
    expect((await test.client.updateWorkflow({ id, status: DRAFT })).status).toBe(DRAFT);
    for (const status of [ACTIVE, ARCHIVED, ACTIVE]) {
      expect((await test.client.updateWorkflow({ id, status })).status).toBe(status);
      const { code } = await refusal(test.client.updateWorkflow({ id, status: DRAFT, name: "other" }));
      expect(code).toBe("FAILED_PRECONDITION");
    }
    expect((await test.client.getWorkflow(id)).name).toBe("simple");
  });
});

describe("DeleteWorkflow", () => {
  it("deletes a workflow once", async () => {
    const { id } = await test.client.createWorkflow(SIMPLE);
    expect(await test.client.deleteWorkflow(id)).toEqual({ success: true });
    expect((await refusal(test.client.deleteWorkflow(id))).code).toBe("NOT_FOUND");
  });

  it("refuses one that runs and names an execution", async () => {
    const { id } = await test.client.createWorkflow(SIMPLE);
    const executionId = "0190a000-0000-7000-8000-000000000042";
    await test.store.recordStarted({
      id: parseExecutionId(executionId),
      kind: "workflow",
      subjectId: id,
      temporalWorkflowId: `workflow/${id}/${executionId}`,
      temporalRunId: "run",
      input: {},
      startedAt: new Date(),
    });
    const { code, message } = await refusal(test.client.deleteWorkflow(id));
    expect(code).toBe("FAILED_PRECONDITION");
    expect(message).toContain(executionId);
  });
});

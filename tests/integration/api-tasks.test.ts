import { join } from "node:path";
import { parseExecutionId, parseTaskId } from "../../src/core/ids";
import { TaskStatus } from "../../src/gen/proto/tasks";
import { refusal, refusedFields } from "./api-client";
import { startTestApi, type TestApi, temporalIsDown } from "./api-server";

const SHELL = { title: "say hello", taskType: "shell", config: '{"command":"echo hello"}' };
const UNKNOWN_ID = "0190a000-0000-7000-8000-000000000000";
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let test: TestApi;
beforeAll(async () => {
  test = await startTestApi(temporalIsDown);
});
afterAll(() => test.close());

/** A task whose run is under way, as the start of an execution records it. */
async function runningTask(executionId: string): Promise<string> {
  const { id } = await test.client.createTask(SHELL);
  await test.store.recordStarted({
    id: parseExecutionId(executionId),
    kind: "task",
    subjectId: id,
    temporalWorkflowId: `task/${id}`,
    temporalRunId: "run",
    input: {},
    startedAt: new Date(),
  });
  return id;
}

describe("CreateTask", () => {
  it("creates a pending task with defaults for what is absent", async () => {
    const task = await test.client.createTask(SHELL);
    expect(task).toMatchObject({ ...SHELL, description: "", status: TaskStatus.TASK_STATUS_PENDING, metadata: "{}" });
    expect(task.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(task.workspacePath).toBe(join(test.dataDir, "workspaces", "tasks", task.id));
    expect(task.createdAt).toMatch(TIMESTAMP);
    expect(task.updatedAt).toBe(task.createdAt);
    expect([task.startedAt, task.completedAt, task.error]).toEqual([undefined, undefined, undefined]);
    expect(await test.client.getTask(task.id)).toEqual(task);
  });

  it("keeps config and metadata as the client wrote them", async () => {
    const config = '{"argv":["a","ü","\\u0001"],"env":{"B":"1","A":"2"},"timeout":"5s"}';
    const task = await test.client.createTask({ ...SHELL, config, metadata: '{"n":1.5,"deep":{"list":[null,true]}}' });
    expect(JSON.parse(task.config)).toEqual(JSON.parse(config));
    expect(JSON.parse(task.metadata)).toEqual({ n: 1.5, deep: { list: [null, true] } });
  });

  it("normalises a workspace path and refuses one that is not absolute", async () => {
    const { workspacePath } = await test.client.createTask({ ...SHELL, workspacePath: "/srv//work/../jobs/" });
    expect(workspacePath).toBe("/srv/jobs");
    for (const wrong of ["", "jobs", "./jobs", "~/jobs"]) {
      expect(await refusedFields(test.client.createTask({ ...SHELL, workspacePath: wrong }))).toEqual([
        "workspace_path",
      ]);
    }
  });

  it("names every field that is wrong at once", async () => {
    const wrong = { title: " ", config: "[1]", metadata: "{", workspacePath: "here" };
    const { code, violations } = await refusal(test.client.createTask(wrong));
    expect(code).toBe("INVALID_ARGUMENT");
    expect(violations.map(({ field }) => field)).toEqual([
      "title",
      "task_type",
      "config",
      "metadata",
      "workspace_path",
    ]);
    expect(violations[2]?.description).toBe("must be a JSON object; is an array");
  });

  it("refuses an unknown task type with the list of known ones", async () => {
    const { code, message, violations } = await refusal(test.client.createTask({ ...SHELL, taskType: "shel" }));
    expect(code).toBe("INVALID_ARGUMENT");
    expect(violations).toHaveLength(1);
    expect(violations[0]?.field).toBe("task_type");
    expect(message).toMatch(/shell.*http/);
    const both = test.client.createTask({ ...SHELL, taskType: "shel", config: "{" });
    expect(await refusedFields(both)).toEqual(["config", "task_type"]);
  });

  it("validates the config against the task type's schema", async () => {
    expect(await refusedFields(test.client.createTask({ ...SHELL, config: '{"command":1}' }))).toEqual([
      "config/command",
    ]);
    expect(await refusedFields(test.client.createTask({ ...SHELL, config: '{"command":"a","comand":"b"}' }))).toEqual([
      "config/comand",
    ]);
    expect((await refusedFields(test.client.createTask({ ...SHELL, config: "{}" })))[0]).toMatch(/^config/);
    // Absent is an empty object, which a shell task cannot do anything with.
    const { title, taskType } = SHELL;
    expect((await refusedFields(test.client.createTask({ title, taskType })))[0]).toMatch(/^config/);
  });

  it.each([
    ["an empty text", ""],
    ["null", "null"],
    ["a string", '"a"'],
    ["a number that is too large", '{"n":1e999}'],
    ["a NUL character", '{"n":"a\\u0000b"}'],
    ["half of a surrogate pair", '{"n":"\\ud800"}'],
    ["too deep nesting", `${'{"a":'.repeat(101)}1${"}".repeat(101)}`],
  ])("refuses metadata that is %s", async (_, metadata) => {
    const fields = await refusedFields(test.client.createTask({ ...SHELL, metadata }));
    expect(fields.map((field) => field.split("/")[0])).toEqual(["metadata"]);
  });

  it("takes texts at their limits and refuses one past them", async () => {
    const title = "t".repeat(255);
    const description = "d".repeat(20_000);
    expect(await test.client.createTask({ ...SHELL, title, description })).toMatchObject({ title, description });
    expect(
      await refusedFields(test.client.createTask({ ...SHELL, title: `${title}t`, description: `${description}d` })),
    ).toEqual(["title", "description"]);
    expect(await refusedFields(test.client.createTask({ ...SHELL, title: "a\0b" }))).toEqual(["title"]);
  });

  it("refuses metadata and configs that are too large, and requests past the size of a message", async () => {
    const text = (bytes: number) => JSON.stringify({ a: "x".repeat(bytes - '{"a":""}'.length) });
    const atLimit = await test.client.createTask({ ...SHELL, metadata: text(64 * 1024) });
    expect(atLimit.metadata).toHaveLength(64 * 1024);
    const metadata = await refusal(test.client.createTask({ ...SHELL, metadata: text(64 * 1024 + 1) }));
    expect([metadata.code, metadata.violations[0]?.field]).toEqual(["RESOURCE_EXHAUSTED", "metadata"]);
    const config = await refusal(test.client.createTask({ ...SHELL, config: text(1024 * 1024 + 1) }));
    expect([config.code, config.violations[0]?.field]).toEqual(["RESOURCE_EXHAUSTED", "config"]);
    const message = await refusal(test.client.createTask({ ...SHELL, config: text(5 * 1024 * 1024) }));
    expect(message.code).toBe("RESOURCE_EXHAUSTED");
  });
});

describe("GetTask", () => {
  it("takes an id in upper case, and refuses what is no id or unknown", async () => {
    const { id } = await test.client.createTask(SHELL);
    expect((await test.client.getTask(id.toUpperCase())).id).toBe(id);
    expect((await refusal(test.client.getTask(UNKNOWN_ID))).code).toBe("NOT_FOUND");
    for (const wrong of ["", "7", `${UNKNOWN_ID}0`, "a\0b"]) {
      expect(await refusedFields(test.client.getTask(wrong))).toEqual(["id"]);
    }
  });

  it("still reads a running task while Temporal is down", async () => {
    const id = await runningTask("0190a000-0000-7000-8000-000000000001");
    const task = await test.client.getTask(id);
    expect(task.status).toBe(TaskStatus.TASK_STATUS_RUNNING);
    expect(task.startedAt).toMatch(TIMESTAMP);
  });
});

describe("UpdateTask", () => {
  it("changes only what is present, and tells absent from empty", async () => {
    const task = await test.client.createTask({ ...SHELL, description: "old", metadata: '{"a":1}' });
    const renamed = await test.client.updateTask({ id: task.id, title: "new" });
    expect(renamed).toEqual({ ...task, title: "new", updatedAt: renamed.updatedAt });
    const emptied = await test.client.updateTask({ id: task.id, description: "", metadata: "{}" });
    expect(emptied).toMatchObject({ title: "new", description: "", metadata: "{}", config: task.config });
    expect(await test.client.updateTask({ id: task.id })).toEqual(emptied);
  });

  it("refuses a blank title and a config that does not fit the task's type, changing nothing", async () => {
    const task = await test.client.createTask(SHELL);
    const wrong = { id: task.id, title: "", config: '{"url":"http://localhost"}', metadata: "1" };
    const fields = await refusedFields(test.client.updateTask(wrong));
    expect(fields).toEqual(expect.arrayContaining(["title", "config/url", "metadata"]));
    expect(await test.client.getTask(task.id)).toEqual(task);
    expect((await refusal(test.client.updateTask({ ...SHELL, id: UNKNOWN_ID }))).code).toBe("NOT_FOUND");
  });

  const { TASK_STATUS_PENDING: PENDING, TASK_STATUS_RUNNING: RUNNING } = TaskStatus;
  const { TASK_STATUS_COMPLETED: COMPLETED, TASK_STATUS_FAILED: FAILED } = TaskStatus;
  const { TASK_STATUS_CANCELLED: CANCELLED } = TaskStatus;

  it("cancels a pending task and makes it pending again, which clears its times and error", async () => {
    const { id } = await test.client.createTask(SHELL);
    const cancelled = await test.client.updateTask({ id, status: CANCELLED });
    expect(cancelled.status).toBe(CANCELLED);
    expect(cancelled.completedAt).toMatch(TIMESTAMP);
    expect((await test.client.updateTask({ id, status: CANCELLED })).updatedAt).toBe(cancelled.updatedAt);
    const pending = await test.client.updateTask({ id, status: PENDING, title: "again" });
    expect(pending).toMatchObject({ status: PENDING, title: "again" });
    expect([pending.startedAt, pending.completedAt, pending.error]).toEqual([undefined, undefined, undefined]);
  });

  it("makes a failed and a completed task pending again", async () => {
    for (const [index, ended] of (["FAILED", "COMPLETED"] as const).entries()) {
      const executionId = `0190a000-0000-7000-8000-0000000001${index}0`;
      const id = await runningTask(executionId);
      await test.store.recordEnded({
        id: parseExecutionId(executionId),
        status: ended,
        completedAt: new Date(),
        ...(ended === "FAILED" ? { failure: { code: "TIMEOUT", message: "too slow" } } : { output: 1 }),
      });
      expect((await test.client.getTask(id)).error).toBe(ended === "FAILED" ? "too slow" : undefined);
      const pending = await test.client.updateTask({ id, status: PENDING });
      expect([pending.status, pending.completedAt, pending.error]).toEqual([PENDING, undefined, undefined]);
    }
  });

  it.each([
    ["PENDING", RUNNING],
    ["PENDING", COMPLETED],
    ["PENDING", FAILED],
    ["RUNNING", PENDING],
    ["RUNNING", COMPLETED],
    ["RUNNING", FAILED],
    ["CANCELLED", RUNNING],
    ["CANCELLED", COMPLETED],
    ["CANCELLED", FAILED],
  ])("refuses to take a task from %s to status %d, and changes nothing else then", async (from, to) => {
    const id = from === "RUNNING" ? await runningTask(freshId()) : (await test.client.createTask(SHELL)).id;
    if (from === "CANCELLED") await test.client.updateTask({ id, status: CANCELLED });
    const before = await test.client.getTask(id);
    const { code, message } = await refusal(test.client.updateTask({ id, status: to, title: "other" }));
    expect(code).toBe("FAILED_PRECONDITION");
    expect(message).toContain(from);
    expect(await test.client.getTask(id)).toEqual(before);
  });

  it("refuses a status that is not one", async () => {
    const { id } = await test.client.createTask(SHELL);
    for (const status of [TaskStatus.TASK_STATUS_UNSPECIFIED, 6 as TaskStatus, -1 as TaskStatus]) {
      const { code, violations } = await refusal(test.client.updateTask({ id, status }));
      expect([code, violations[0]?.field]).toEqual(["INVALID_ARGUMENT", "status"]);
    }
  });

  it("says that Temporal is down when a running task cannot be cancelled", async () => {
    const id = await runningTask(freshId());
    expect((await refusal(test.client.updateTask({ id, status: CANCELLED }))).code).toBe("UNAVAILABLE");
    expect((await test.client.getTask(id)).status).toBe(RUNNING);
  });
});

describe("DeleteTask", () => {
  it("deletes a task once", async () => {
    const { id } = await test.client.createTask(SHELL);
    expect(await test.client.deleteTask(id)).toEqual({ success: true });
    expect((await refusal(test.client.getTask(id))).code).toBe("NOT_FOUND");
    expect((await refusal(test.client.deleteTask(id))).code).toBe("NOT_FOUND");
  });

  it("refuses a running task and names its execution", async () => {
    const executionId = freshId();
    const { code, message } = await refusal(test.client.deleteTask(await runningTask(executionId)));
    expect(code).toBe("FAILED_PRECONDITION");
    expect(message).toContain(executionId);
  });

  it("refuses a task that workflows name, and says which, until they no longer do", async () => {
    const { id } = await test.client.createTask(SHELL);
    const definition = JSON.stringify({
      version: 1,
      nodes: [{ id: "a", type: "task", config: { task_id: id } }],
      edges: [],
    });
    const workflow = await test.client.createWorkflow({ name: "the user", definition });
    const { code, message } = await refusal(test.client.deleteTask(id));
    expect(code).toBe("FAILED_PRECONDITION");
    expect(message).toContain("the user");
    expect(message).toContain(workflow.id);
    await test.client.deleteWorkflow(workflow.id);
    expect(await test.client.deleteTask(id)).toEqual({ success: true });
    expect(await test.store.getTask(parseTaskId(id))).toBeNull();
  });
});

let lastId = 0;
function freshId(): string {
  lastId += 1;
  return `0190a000-0000-7000-9000-${String(lastId).padStart(12, "0")}`;
}

import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Metadata } from "@grpc/grpc-js";
import { sweepExecutions } from "../../src/api/executions/repair-sweep";
import { silentLogger } from "../../src/core/logger";
import { ExecutionStatus } from "../../src/gen/proto/executions";
import { type ExecutionEvent, ExecutionEventType, TaskStatus } from "../../src/gen/proto/tasks";
import { executionIdOf, readStream, refusal, refusedFields } from "./api-client";
import { startTestStack, type TestStack } from "./api-stack";

const UNKNOWN_ID = "0190a000-0000-7000-8000-000000000000";
const { EXECUTION_EVENT_TYPE_STARTED: STARTED, EXECUTION_EVENT_TYPE_OUTPUT: OUTPUT } = ExecutionEventType;
const { EXECUTION_EVENT_TYPE_COMPLETED: COMPLETED, EXECUTION_EVENT_TYPE_FAILED: FAILED } = ExecutionEventType;

let test: TestStack;
let files = 0;
beforeAll(async () => {
  test = await startTestStack();
}, 120_000);
afterAll(() => test.close(), 30_000);

async function newTask(config: object): Promise<string> {
  const task = await test.client.createTask({ title: "test", taskType: "shell", config: JSON.stringify(config) });
  return task.id;
}

/** A task that runs until `finish` is called. */
async function waitingTask(): Promise<{ id: string; finish: () => void }> {
  files += 1;
  const file = join(test.folder, `go-${files}`);
  const id = await newTask({ command: `echo waiting; while [ ! -e ${file} ]; do sleep 0.02; done; echo done` });
  return { id, finish: () => writeFileSync(file, "") };
}

function execute(id: string, options: { override?: object | string; key?: string } = {}) {
  const metadata = new Metadata();
  if (options.key !== undefined) metadata.set("idempotency-key", options.key);
  const { override } = options;
  const text = override === undefined || typeof override === "string" ? override : JSON.stringify(override);
  return test.client.tasks.executeTask({ id, configOverride: text }, metadata);
}

const run = (id: string, options?: Parameters<typeof execute>[1]) => readStream(execute(id, options));
const types = (messages: readonly ExecutionEvent[]) => messages.map(({ eventType }) => eventType);
const dataOf = (event: ExecutionEvent | undefined) => JSON.parse(event?.data ?? "null");

/** The call's refusal; fails when the stream ends well. */
async function refusedRun(id: string, options?: Parameters<typeof execute>[1]) {
  const { error } = await run(id, options);
  if (error === undefined) throw new Error("the call was not refused");
  return error;
}

async function eventually(look: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 30_000; !(await look()); await new Promise((resolve) => setTimeout(resolve, 10))) {
    if (Date.now() > deadline) throw new Error("it did not happen");
  }
}

describe("a run", () => {
  it("is streamed from STARTED to COMPLETED and ends with OK", async () => {
    const id = await newTask({ command: "echo hello" });
    const { messages, code, executionId, trailers } = await run(id);
    expect(code).toBe("OK");
    expect(types(messages)[0]).toBe(STARTED);
    expect(types(messages).at(-1)).toBe(COMPLETED);
    expect(types(messages)).toContain(OUTPUT);
    expect(dataOf(messages[0])).toMatchObject({ task_type: "shell", input: { command: "echo hello" } });
    expect(dataOf(messages.at(-1))).toMatchObject({ output: { exit_code: 0, stdout: "hello\n" } });
    expect(trailers.get("execution-id")).toEqual([executionId]);
    for (const message of messages) {
      expect(message.taskId).toBe(id);
      expect(message.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(dataOf(message)).toMatchObject({ execution_id: executionId });
    }
    const task = await test.client.getTask(id);
    expect(task.status).toBe(TaskStatus.TASK_STATUS_COMPLETED);
    expect(Date.parse(task.completedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(task.startedAt ?? ""));
    expect(Date.parse(task.startedAt ?? "")).toBeLessThanOrEqual(Date.parse(messages[0]?.timestamp ?? ""));
  });

  it("that fails is a stream that says FAILED and ends with OK", async () => {
    const id = await newTask({ command: "echo oops >&2; exit 3" });
    const { messages, code } = await run(id);
    expect(code).toBe("OK");
    expect(types(messages).at(-1)).toBe(FAILED);
    expect(dataOf(messages.at(-1))).toMatchObject({ code: "SHELL_EXIT_CODE" });
    expect(messages.at(-1)?.error).toBeTruthy();
    const task = await test.client.getTask(id);
    expect([task.status, task.error]).toEqual([TaskStatus.TASK_STATUS_FAILED, messages.at(-1)?.error]);
  });

  it("goes on when its client goes away", async () => {
    const { id, finish } = await waitingTask();
    const call = execute(id);
    const executionId = await executionIdOf(call);
    call.on("error", () => undefined);
    call.cancel();
    finish();
    await eventually(
      async () => (await test.client.getExecution(executionId)).status === ExecutionStatus.EXECUTION_STATUS_COMPLETED,
    );
    expect((await test.client.getTask(id)).status).toBe(TaskStatus.TASK_STATUS_COMPLETED);
  });

  it("can be found by its id as soon as the client knows it", async () => {
    const { id, finish } = await waitingTask();
    const call = execute(id);
    const ended = readStream(call);
    const execution = await test.client.getExecution(await executionIdOf(call));
    expect(execution).toMatchObject({ subjectId: id, status: ExecutionStatus.EXECUTION_STATUS_RUNNING });
    finish();
    await ended;
  });

  it("that ended is followed by a new one, however fast it is asked for", async () => {
    const id = await newTask({ command: "true" });
    const seen = new Set<string>();
    for (let n = 0; n < 5; n += 1) {
      const first = execute(id);
      const streamed = readStream(first);
      seen.add(await executionIdOf(first));
      // The record says so before the run itself has closed.
      await eventually(async () => (await test.client.getTask(id)).status === TaskStatus.TASK_STATUS_COMPLETED);
      const { executionId } = await run(id);
      seen.add(executionId);
      await streamed;
    }
    expect(seen.size).toBe(10);
  });

  it("of an unknown task is refused", async () => {
    expect((await refusedRun(UNKNOWN_ID)).code).toBe("NOT_FOUND");
    expect((await refusedRun("x")).violations.map(({ field }) => field)).toEqual(["id"]);
  });
});

describe("config_override", () => {
  it("is merged over the config for this run only", async () => {
    const id = await newTask({ command: 'echo "$A $B"', env: { A: "1", B: "2" } });
    const { messages } = await run(id, { override: { env: { B: "3", A: null } } });
    expect(dataOf(messages.at(-1)).output.stdout).toBe(" 3\n");
    expect(JSON.parse((await test.client.getTask(id)).config).env).toEqual({ A: "1", B: "2" });
  });

  it.each([
    ["", ["config_override"]],
    ["[]", ["config_override"]],
    ['{"command":7}', ["config_override/command"]],
    ['{"comand":"x"}', ["config_override/comand"]],
  ])("%j is refused at %j", async (override, fields) => {
    const id = await newTask({ command: "true" });
    const error = await refusedRun(id, { override });
    expect([error.code, error.violations.map(({ field }) => field)]).toEqual(["INVALID_ARGUMENT", fields]);
    expect((await test.client.getTask(id)).status).toBe(TaskStatus.TASK_STATUS_PENDING);
  });
});

describe("a task that is running", () => {
  it("is attached to, from its start, instead of started a second time", async () => {
    const { id, finish } = await waitingTask();
    const first = execute(id);
    const streams = [readStream(first)];
    await executionIdOf(first);
    for (let n = 0; n < 3; n += 1) streams.push(run(id));
    await eventually(async () => existsSync(test.folder));
    setTimeout(finish, 200);
    const ended = await Promise.all(streams);
    expect(new Set(ended.map(({ executionId }) => executionId)).size).toBe(1);
    for (const { messages } of ended) expect(messages).toEqual(ended[0]?.messages);
    expect((await test.client.listExecutions({ subjectId: id })).total).toBe(1);
  });

  it("is started once by many calls at the same time", async () => {
    const { id, finish } = await waitingTask();
    const streams = Array.from({ length: 10 }, () => run(id));
    setTimeout(finish, 500);
    const ended = await Promise.all(streams);
    expect(new Set(ended.map(({ executionId }) => executionId)).size).toBe(1);
  });

  it("is attached to by the same config_override, and not by another", async () => {
    const { id, finish } = await waitingTask();
    const call = execute(id, { override: { env: { A: "1" } } });
    const first = readStream(call);
    const executionId = await executionIdOf(call);
    const error = await refusedRun(id, { override: { env: { A: "2" } } });
    expect(error.code).toBe("FAILED_PRECONDITION");
    expect(error.message).toContain(executionId);
    const attached = [run(id, { override: { env: { A: "1" } } }), run(id)];
    finish();
    for (const stream of await Promise.all([first, ...attached])) expect(stream.executionId).toBe(executionId);
  });

  it("is cancelled by UpdateTask, and its stream ends FAILED with the code CANCELLED", async () => {
    const { id } = await waitingTask();
    const call = execute(id);
    const ended = readStream(call);
    const executionId = await executionIdOf(call);
    const task = await test.client.updateTask({ id, status: TaskStatus.TASK_STATUS_CANCELLED, title: "stopped" });
    expect(task).toMatchObject({ status: TaskStatus.TASK_STATUS_CANCELLED, title: "stopped" });
    const { messages, code } = await ended;
    expect([code, types(messages).at(-1)]).toEqual(["OK", FAILED]);
    expect(dataOf(messages.at(-1))).toMatchObject({ code: "CANCELLED" });
    expect(messages.at(-1)?.error).toMatch(/^cancelled/);
    const execution = await test.client.getExecution(executionId);
    expect(execution).toMatchObject({
      status: ExecutionStatus.EXECUTION_STATUS_CANCELLED,
      errorCode: "CANCELLED",
    });
  });

  it("cannot be deleted, and its record follows when its run is terminated behind our back", async () => {
    const { id } = await waitingTask();
    const call = execute(id);
    const ended = readStream(call);
    const executionId = await executionIdOf(call);
    expect((await refusal(test.client.deleteTask(id))).message).toContain(executionId);
    await test.connection.client.workflow.getHandle(`task/${id}`).terminate("by hand");
    const { messages } = await ended;
    expect(dataOf(messages.at(-1))).toMatchObject({ code: "TERMINATED" });
    const task = await test.client.getTask(id);
    expect(task.status).toBe(TaskStatus.TASK_STATUS_FAILED);
    expect((await test.client.getExecution(executionId)).errorCode).toBe("TERMINATED");
    expect(await test.client.deleteTask(id)).toEqual({ success: true });
  });

  it("and was terminated is repaired by the sweep, though nobody reads it", async () => {
    const { id } = await waitingTask();
    const call = execute(id);
    const ended = readStream(call);
    await executionIdOf(call);
    await test.connection.client.workflow.getHandle(`task/${id}`).terminate("by hand");
    await ended;
    const future = {
      ...test.store,
      listRunningExecutions: (_: Date, limit: number) =>
        test.store.listRunningExecutions(new Date(Date.now() + 60_000), limit),
    };
    expect(await sweepExecutions({ store: future, runs: test.runs, logger: silentLogger })).toBeGreaterThanOrEqual(1);
    const { tasks } = await test.client.listTasks({ status: TaskStatus.TASK_STATUS_FAILED });
    expect(tasks.map((task) => task.id)).toContain(id);
  });
});

describe("an idempotency key", () => {
  it("attaches a repeated call to the first one's run, also after its end", async () => {
    const { id, finish } = await waitingTask();
    const first = execute(id, { key: "once" });
    const firstStream = readStream(first);
    await executionIdOf(first);
    const second = run(id, { key: "once" });
    finish();
    const [one, two] = await Promise.all([firstStream, second]);
    const three = await run(id, { key: "once" });
    expect([two.executionId, three.executionId]).toEqual([one.executionId, one.executionId]);
    expect([two.messages, three.messages]).toEqual([one.messages, one.messages]);
    expect((await run(id)).executionId).not.toBe(one.executionId);
  });

  it("still attaches when the task was edited in between", async () => {
    const id = await newTask({ command: "true" });
    const first = await run(id, { key: "edited" });
    await test.client.updateTask({ id, config: '{"command":"false"}' });
    expect((await run(id, { key: "edited" })).executionId).toBe(first.executionId);
  });

  it("still attaches when the task was edited so that it could not start like this any more", async () => {
    const id = await newTask({ command: "true" });
    const asked = { key: "refused now", override: { command: "echo ho" } };
    const first = await run(id, asked);
    await test.client.updateTask({ id, config: '{"argv":["true"]}' });
    expect((await run(id, asked)).executionId).toBe(first.executionId);
    expect((await refusedRun(id, { ...asked, key: "new" })).code).toBe("INVALID_ARGUMENT");
    // Who was refused has not used up the key.
    expect((await run(id, { key: "new" })).code).toBe("OK");
  });

  it("starts one run for many calls at the same time", async () => {
    const id = await newTask({ command: "sleep 0.3" });
    const ended = await Promise.all(Array.from({ length: 10 }, () => run(id, { key: "many" })));
    expect(new Set(ended.map(({ executionId }) => executionId)).size).toBe(1);
    expect((await test.client.listExecutions({ subjectId: id })).total).toBe(1);
  });

  it("with another config_override is refused with ALREADY_EXISTS", async () => {
    const id = await newTask({ command: "true" });
    const { executionId } = await run(id, { key: "k" });
    const error = await refusedRun(id, { key: "k", override: { command: "false" } });
    expect(error.code).toBe("ALREADY_EXISTS");
    expect(error.message).toContain(executionId);
    expect((await run(id, { key: "k", override: {} })).executionId).toBe(executionId);
  });

  it("belongs to its task", async () => {
    const [one, two] = [await newTask({ command: "true" }), await newTask({ command: "true" })];
    const [first, second] = [await run(one, { key: "same" }), await run(two, { key: "same" })];
    expect(first.executionId).not.toBe(second.executionId);
  });

  it("of a call that attached to a run under way belongs to that run", async () => {
    const { id, finish } = await waitingTask();
    const call = execute(id);
    const first = readStream(call);
    await executionIdOf(call);
    const attached = execute(id, { key: "late" });
    const attachedStream = readStream(attached);
    await executionIdOf(attached);
    finish();
    const { executionId } = await first;
    await attachedStream;
    expect((await run(id, { key: "late" })).executionId).toBe(executionId);
  });

  it("is checked", async () => {
    const id = await newTask({ command: "true" });
    expect((await run(id, { key: "k".repeat(255) })).code).toBe("OK");
    // Two headers come as one.
    for (const key of ["", "k".repeat(256), "one, two"]) {
      const { code, violations } = await refusedRun(id, { key });
      expect([code, violations[0]?.field]).toEqual(["INVALID_ARGUMENT", "idempotency-key"]);
    }
  });
});

describe("CancelExecution", () => {
  it("stops a run, and is refused once that has ended", async () => {
    const { id } = await waitingTask();
    const call = execute(id);
    const ended = readStream(call);
    const executionId = await executionIdOf(call);
    const asked = await test.client.cancelExecution({ id: executionId, reason: "no longer needed" });
    expect(asked.id).toBe(executionId);
    expect((await ended).messages.at(-1)?.error).toMatch(/^cancelled/);
    const { error } = await test.client.getExecution(executionId);
    expect(error).toBe("cancelled: no longer needed");
    const { code, message } = await refusal(test.client.cancelExecution({ id: executionId }));
    expect(code).toBe("FAILED_PRECONDITION");
    expect(message).toContain("CANCELLED");
    expect((await test.client.getTask(id)).status).toBe(TaskStatus.TASK_STATUS_CANCELLED);
  });

  it("refuses an unknown id and a reason that is too long", async () => {
    expect((await refusal(test.client.cancelExecution({ id: UNKNOWN_ID }))).code).toBe("NOT_FOUND");
    const reason = "r".repeat(1_001);
    expect(await refusedFields(test.client.cancelExecution({ id: UNKNOWN_ID, reason }))).toEqual(["reason"]);
  });
});

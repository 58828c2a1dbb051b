import { parseExecutionId } from "../../src/core/ids";
import { ExecutionStatus } from "../../src/gen/proto/executions";
import { readStream, refusal } from "./api-client";
import { startTestApi, type TestApi, temporalIsDown } from "./api-server";

const EXECUTION_ID = "0190a000-0000-7000-8000-000000000001";

let test: TestApi;
let taskId: string;
beforeAll(async () => {
  test = await startTestApi(temporalIsDown);
  const task = await test.client.createTask({ title: "t", taskType: "shell", config: '{"command":"true"}' });
  taskId = task.id;
  await test.store.recordStarted({
    id: parseExecutionId(EXECUTION_ID),
    kind: "task",
    subjectId: taskId,
    temporalWorkflowId: `task/${taskId}`,
    temporalRunId: "run",
    input: { command: "true" },
    startedAt: new Date(),
  });
});
afterAll(() => test.close());

it("reads and lists records while Temporal is down", async () => {
  const execution = await test.client.getExecution(EXECUTION_ID);
  expect(execution).toMatchObject({
    subjectId: taskId,
    status: ExecutionStatus.EXECUTION_STATUS_RUNNING,
    input: '{"command":"true"}',
    temporalRunId: "run",
  });
  expect((await test.client.listExecutions()).executions).toEqual([{ ...execution, input: "" }]);
  expect((await test.client.listTasks()).total).toBe(1);
});

it("says UNAVAILABLE to what needs Temporal, and leaves no trace of a start that failed", async () => {
  const task = await test.client.createTask({ title: "t", taskType: "shell", config: '{"command":"true"}' });
  const started = await readStream(test.client.tasks.executeTask({ id: task.id, configOverride: undefined }));
  expect([started.code, started.messages]).toEqual(["UNAVAILABLE", []]);
  expect(await test.client.getTask(task.id)).toEqual(task);
  expect((await test.client.listExecutions({ subjectId: task.id })).total).toBe(0);
  expect((await refusal(test.client.cancelExecution({ id: EXECUTION_ID }))).code).toBe("UNAVAILABLE");
});

it("ends a watch with UNAVAILABLE and the execution's id", async () => {
  const watched = await readStream(test.client.executions.watchExecution({ id: EXECUTION_ID, afterOffset: undefined }));
  expect([watched.code, watched.trailers.get("execution-id")]).toEqual(["UNAVAILABLE", [EXECUTION_ID]]);
});

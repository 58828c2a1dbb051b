import { setTimeout as sleep } from "node:timers/promises";
import { ExecutionStatus } from "../../src/gen/proto/executions";
import { readStream } from "./api-client";
import { startTestStack, type TestStack } from "./api-stack";
import { Killables } from "./killable";

let test: TestStack;
let processes: Killables;
beforeAll(async () => {
  test = await startTestStack();
  processes = new Killables(test);
}, 120_000);
afterAll(async () => {
  processes.killAll();
  await test.close();
}, 30_000);

const shell = (id: string, command: string) => ({
  ...{ id, type: "task", config: { task_type: "shell", config: { command } } },
  retry: { max_attempts: 1 },
});

/** An execution whose second node failed. */
async function failedExecution(): Promise<string> {
  const definition = JSON.stringify({
    version: 1,
    nodes: [shell("a", "echo a"), shell("b", "exit 1")],
    edges: [{ source: "a", target: "b" }],
  });
  const { id } = await test.client.createWorkflow({ name: "killed", definition });
  const call = test.client.workflows.executeWorkflow({ id, input: undefined });
  return (await readStream(call)).executionId ?? "";
}

it("does what a plan said though the API that made it was killed", async () => {
  const executionId = await failedExecution();
  const first = await processes.api();
  const { planToken } = await first.client.planRedrive({ executionId });
  await first.kill();
  const redriven = await test.client.redriveExecution({ executionId, planToken });
  expect(redriven.redrivenFrom).toBe(executionId);
}, 60_000);

it("starts one execution for one request, whenever the API is killed meanwhile", async () => {
  const executionId = await failedExecution();
  const { subjectId } = await test.client.getExecution(executionId);
  const delaysMs = [5, 25, 80];
  for (const [index, delayMs] of delaysMs.entries()) {
    const request = { executionId, requestId: `request-${index}` };
    const child = await processes.api();
    const cut = child.client.redriveExecution(request).then(
      ({ id }) => id,
      () => undefined,
    );
    await sleep(delayMs);
    await child.kill();
    const id = await cut;
    const repeated = await test.client.redriveExecution(request);
    if (id !== undefined) expect(repeated.id).toBe(id);
    expect((await test.client.redriveExecution(request)).id).toBe(repeated.id);
    await readStream(test.client.executions.watchExecution({ id: repeated.id, afterOffset: undefined }));
  }
  const runs = await test.runs.startedSince(new Date(0), 1_000);
  const ofWorkflow = runs.filter(({ temporalWorkflowId }) => temporalWorkflowId.includes(subjectId));
  expect(ofWorkflow).toHaveLength(1 + delaysMs.length);
  const { executions } = await test.client.listExecutions({ subjectId });
  expect(executions.filter(({ redrivenFrom }) => redrivenFrom === executionId)).toHaveLength(delaysMs.length);
  for (const { status } of executions) expect(status).toBe(ExecutionStatus.EXECUTION_STATUS_FAILED);
}, 120_000);

import { setTimeout as sleep } from "node:timers/promises";
import type { ExecutionId } from "../../src/core/ids";
import { executionIdOf, readStream } from "./api-client";
import { startTestStack, type TestStack } from "./api-stack";
import { temporalCommand } from "./temporal-command";

/** In place of 25 s. The sweep leaves a record alone for its first five seconds. */
const SWEEP_PAUSE_MS = 500;

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack({ sweepPauseMs: SWEEP_PAUSE_MS });
}, 120_000);
afterAll(() => test.close(), 60_000);

const DEFINITION = JSON.stringify({
  version: 1,
  nodes: [
    { id: "a", type: "task", config: { task_type: "noop", config: {} } },
    { id: "go", type: "signal", config: { name: "go" } },
  ],
  edges: [{ source: "a", target: "go" }],
});

/** Nobody reads it: a read would repair the record. */
async function unread(): Promise<{ readonly id: ExecutionId; readonly workflowId: string }> {
  const workflow = await test.client.createWorkflow({ name: "unread", definition: DEFINITION });
  const call = test.client.workflows.executeWorkflow({ id: workflow.id, input: undefined });
  call.on("error", () => undefined);
  const id = (await executionIdOf(call)) as ExecutionId;
  call.cancel();
  const workflowId = `workflow/${workflow.id}/${id}`;
  const handle = test.connection.client.workflow.getHandle(workflowId);
  await eventually(async () => {
    const { memo } = await handle.describe().catch(() => ({ memo: undefined }));
    return JSON.stringify(memo ?? {}).includes('"go"');
  });
  return { id, workflowId };
}

/** As the database has it, without asking the API. */
async function recorded(id: ExecutionId): Promise<string> {
  const record = await test.store.getExecution(id);
  return `${record?.status} ${record?.errorCode ?? ""}`.trim();
}

async function eventually(look: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 30_000; !(await look()); await sleep(100))
    if (Date.now() > deadline) throw new Error("it did not come to that");
}

const temporal = (...words: readonly string[]) => temporalCommand(test.temporal, "workflow", ...words);
const reset = (workflowId: string) =>
  temporal("reset", "-w", workflowId, "--type", "FirstWorkflowTask", "--reason", "again");

it("has the truth of what was terminated, cancelled or reset with Temporal's own command in the records, though nobody reads", async () => {
  const [terminated, cancelled, running, finished] = await Promise.all([unread(), unread(), unread(), unread()]);
  await Promise.all([
    temporal("terminate", "-w", terminated.workflowId, "--reason", "by hand"),
    temporal("cancel", "-w", cancelled.workflowId),
    reset(running.workflowId),
    test.client.signalExecution({ executionId: finished.id, name: "go" }),
  ]);
  await eventually(async () => (await recorded(terminated.id)) === "FAILED TERMINATED");
  await eventually(async () => (await recorded(cancelled.id)) === "CANCELLED CANCELLED");
  await eventually(async () => (await recorded(finished.id)) === "COMPLETED");
  expect(await recorded(running.id)).toBe("RUNNING");

  // One that has ended runs again, without the message that it had got; and ends once more.
  const again = ["--type", "FirstWorkflowTask", "--reason", "again", "--reapply-exclude", "All"];
  for (const { workflowId } of [finished, terminated]) await temporal("reset", "-w", workflowId, ...again);
  await eventually(async () => (await recorded(finished.id)) === "RUNNING");
  await eventually(async () => (await recorded(terminated.id)) === "RUNNING");
  for (const { id } of [finished, terminated]) await test.client.signalExecution({ executionId: id, name: "go" });
  await temporal("terminate", "-w", running.workflowId, "--reason", "enough");
  await eventually(async () => (await recorded(finished.id)) === "COMPLETED");
  await eventually(async () => (await recorded(terminated.id)) === "COMPLETED");
  await eventually(async () => (await recorded(running.id)) === "FAILED TERMINATED");

  // Whoever comes now is told the same by the stream.
  const ends = await Promise.all(
    [terminated, cancelled, running, finished].map(async ({ id }) => {
      const { messages } = await readStream(test.client.executions.watchExecution({ id, afterOffset: undefined }));
      return JSON.parse(messages.at(-1)?.data ?? "{}").code ?? "COMPLETED";
    }),
  );
  expect(ends).toEqual(["COMPLETED", "CANCELLED", "TERMINATED", "COMPLETED"]);
}, 120_000);

import { followResets } from "../../src/api/executions/follow-resets";
import { sweepExecutions } from "../../src/api/executions/repair-sweep";
import { silentLogger } from "../../src/core/logger";
import { type Event, EventType, ExecutionStatus, NodeStatus } from "../../src/gen/proto/executions";
import { executionIdOf, readStream, refusal } from "./api-client";
import { startTestStack, type TestStack } from "./api-stack";
import { temporalCommand } from "./temporal-command";

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

/** Runs `a`, then `b`, then waits for the signal `go`. */
const DEFINITION = JSON.stringify({
  version: 1,
  nodes: [shell("a", "echo a"), shell("b", "echo b"), { id: "w", type: "signal", config: { name: "go" } }],
  edges: [
    { source: "a", target: "b" },
    { source: "b", target: "w" },
  ],
});

async function waitingExecution(): Promise<{ id: string; workflowId: string }> {
  const workflow = await test.client.createWorkflow({ name: "reset", definition: DEFINITION });
  const call = test.client.workflows.executeWorkflow({ id: workflow.id, input: undefined });
  call.on("error", () => undefined);
  call.resume();
  const id = await executionIdOf(call);
  await reaches(id, "w");
  const { temporalWorkflowId } = await test.client.getExecution(id);
  return { id, workflowId: temporalWorkflowId };
}

async function reaches(id: string, node: string): Promise<void> {
  await eventually(async () => (await stateOf(id)).some(([at, status]) => at === node && status === "RUNNING"));
}

async function stateOf(executionId: string, at?: string): Promise<readonly (readonly [string, string])[]> {
  const { nodes } = await test.client.getExecutionState({ executionId, at });
  return nodes.map((node) => [node.id, (NodeStatus[node.status] ?? "").replace("NODE_STATUS_", "")]);
}

async function eventually(look: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; ) {
    if (await look()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("it did not come to that");
}

/** The id of the workflow task at which node `b` was scheduled: to reset to it is to run `b` again. */
async function resetToB(workflowId: string, reason: string): Promise<void> {
  const history = await test.connection.client.workflow.getHandle(workflowId).fetchHistory();
  const b = history.events?.find((event) => event.activityTaskScheduledEventAttributes?.activityId === "b");
  const at = String(b?.activityTaskScheduledEventAttributes?.workflowTaskCompletedEventId);
  await temporalCommand(test.temporal, "workflow", "reset", "-w", workflowId, "--event-id", at, "--reason", reason);
}

const watch = (id: string, afterOffset?: string) => test.client.executions.watchExecution({ id, afterOffset });
const statusOf = async (id: string) => (await test.client.getExecution(id)).status;
const names = (events: readonly Event[]) =>
  events
    .map(({ eventType, nodeId }) => `${EventType[eventType].replace("EVENT_TYPE_", "")}${nodeId ? ` ${nodeId}` : ""}`)
    .filter((name) => !name.startsWith("OUTPUT") && name !== "CHECKPOINT");
const context = () => ({ store: test.store, runs: test.runs, logger: silentLogger });

const BEFORE = ["STARTED", "NODE_ENTERED a", "NODE_COMPLETED a", "NODE_ENTERED b", "NODE_COMPLETED b"];

describe("a running execution that is reset with Temporal's own command", () => {
  it("goes on in every stream, open or new, at any offset, and its record stays RUNNING", async () => {
    const { id, workflowId } = await waitingExecution();
    const open = readStream(watch(id));
    const before = await test.client.getExecutionState({ executionId: id });
    await resetToB(workflowId, "try again");
    await eventually(
      async () =>
        (await stateOf(id)).length > 0 && (await test.client.getExecutionState({ executionId: id })).at !== before.at,
    );
    await reaches(id, "w");
    await sweepExecutions(context());
    expect(await statusOf(id)).toBe(ExecutionStatus.EXECUTION_STATUS_RUNNING);
    await test.client.signalExecution({ executionId: id, name: "go" });
    const { messages, code } = await open;
    expect(code).toBe("OK");
    expect(names(messages)).toEqual([
      ...BEFORE,
      "NODE_ENTERED w",
      "PROGRESS",
      "NODE_ENTERED b",
      "NODE_COMPLETED b",
      "NODE_ENTERED w",
      "NODE_COMPLETED w",
      "COMPLETED",
    ]);
    const offsets = messages.map(({ offset }) => offset);
    expect([...offsets].sort()).toEqual(offsets);
    expect(new Set(offsets).size).toBe(offsets.length);
    const late = await readStream(watch(id));
    expect(late.messages).toEqual(messages);
    for (const [index, { offset }] of messages.entries())
      expect((await readStream(watch(id, offset))).messages).toEqual(messages.slice(index + 1));
    await eventually(async () => (await statusOf(id)) === ExecutionStatus.EXECUTION_STATUS_COMPLETED);
    // At the reset, what was said of b and of w is taken back.
    const reset = messages.find(({ eventType }) => eventType === EventType.EVENT_TYPE_PROGRESS);
    expect(JSON.parse(reset?.data ?? "{}").message).toMatch(/reset in Temporal to event \d+.*try again/);
    expect(await stateOf(id, reset?.offset)).toEqual([["a", "COMPLETED"]]);
    expect(await stateOf(id, before.at)).toEqual([
      ["a", "COMPLETED"],
      ["b", "COMPLETED"],
      ["w", "RUNNING"],
    ]);
  });
});

describe("a finished execution that is reset", () => {
  it("is RUNNING again in its record, streams on, and ends anew; twice", async () => {
    const { id, workflowId } = await waitingExecution();
    const since = new Date(Date.now() - 60_000);
    await test.client.signalExecution({ executionId: id, name: "go" });
    const first = await readStream(watch(id));
    await eventually(async () => (await statusOf(id)) === ExecutionStatus.EXECUTION_STATUS_COMPLETED);
    expect(await followResets(context(), since)).toBe(0);
    // A person is slower: an end that is younger than this is taken for news by whoever reads it (history-cursor.ts).
    await new Promise((resolve) => setTimeout(resolve, 400));
    // Signals that came after the place are not lost: the run ends by itself.
    await resetToB(workflowId, "once more");
    await eventually(async () => (await followResets(context(), since)) > 0);
    await eventually(async () => (await statusOf(id)) === ExecutionStatus.EXECUTION_STATUS_COMPLETED);
    expect(await followResets(context(), since)).toBe(0);
    const again = await readStream(watch(id, first.messages.at(-1)?.offset));
    expect(names(again.messages)).toEqual([
      "PROGRESS",
      "NODE_ENTERED b",
      "NODE_COMPLETED b",
      "NODE_ENTERED w",
      "NODE_COMPLETED w",
      "COMPLETED",
    ]);
    await resetToB(workflowId, "and again");
    await eventually(async () => (await followResets(context(), since)) > 0);
    await eventually(async () => (await statusOf(id)) === ExecutionStatus.EXECUTION_STATUS_COMPLETED);
    const whole = await readStream(watch(id));
    expect(names(whole.messages).filter((name) => name === "COMPLETED")).toHaveLength(1);
    expect(names(whole.messages).filter((name) => name === "PROGRESS")).toHaveLength(2);
    expect(await stateOf(id)).toEqual([
      ["a", "COMPLETED"],
      ["b", "COMPLETED"],
      ["w", "COMPLETED"],
    ]);
  });

  it("shows RUNNING while its new run waits, and takes signals and a cancel", async () => {
    const { id, workflowId } = await waitingExecution();
    const since = new Date(Date.now() - 60_000);
    await temporalCommand(test.temporal, "workflow", "terminate", "-w", workflowId, "--reason", "by mistake");
    await eventually(async () => (await statusOf(id)) === ExecutionStatus.EXECUTION_STATUS_FAILED);
    await resetToB(workflowId, "go on");
    await eventually(async () => (await followResets(context(), since)) > 0);
    expect(await statusOf(id)).toBe(ExecutionStatus.EXECUTION_STATUS_RUNNING);
    await reaches(id, "w");
    const stream = readStream(watch(id));
    await test.client.cancelExecution({ id, reason: "enough" });
    expect(names((await stream).messages).at(-1)).toBe("FAILED");
    await eventually(async () => (await statusOf(id)) === ExecutionStatus.EXECUTION_STATUS_CANCELLED);
  });
});

describe("an execution that is ended with Temporal's own command", () => {
  it("ends an open watch with TERMINATED, and the record says so", async () => {
    const { id, workflowId } = await waitingExecution();
    const open = readStream(watch(id));
    await temporalCommand(test.temporal, "workflow", "terminate", "-w", workflowId, "--reason", "by hand");
    const { messages, code } = await open;
    expect([code, names(messages).at(-1), JSON.parse(messages.at(-1)?.data ?? "{}").code]).toEqual([
      "OK",
      "FAILED",
      "TERMINATED",
    ]);
    await sweepExecutions(context());
    await eventually(async () => (await statusOf(id)) === ExecutionStatus.EXECUTION_STATUS_FAILED);
    expect(await test.client.getExecution(id)).toMatchObject({ errorCode: "TERMINATED" });
  });

  it("ends an open watch with CANCELLED, and the record says so", async () => {
    const { id, workflowId } = await waitingExecution();
    const open = readStream(watch(id));
    await temporalCommand(test.temporal, "workflow", "cancel", "-w", workflowId);
    const { messages } = await open;
    expect(JSON.parse(messages.at(-1)?.data ?? "{}").code).toBe("CANCELLED");
    await eventually(async () => (await statusOf(id)) === ExecutionStatus.EXECUTION_STATUS_CANCELLED);
    expect((await refusal(test.client.cancelExecution({ id }))).code).toBe("FAILED_PRECONDITION");
  });
});

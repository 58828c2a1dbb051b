import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ExecutionStatus } from "../../src/gen/proto/executions";
import { ScheduleOverlap } from "../../src/gen/proto/schedules";
import { startTestStack, type TestStack } from "./api-stack";
import { connectSchedules, type ScheduleClient } from "./schedule-client";

let test: TestStack;
let schedules: ScheduleClient;
beforeAll(async () => {
  test = await startTestStack();
  schedules = connectSchedules(test.api.address);
}, 120_000);
afterAll(async () => {
  schedules.close();
  await test.close();
}, 30_000);

/** A workflow whose output is its input. */
async function echo(): Promise<string> {
  const definition = {
    version: 1,
    nodes: [{ id: "n", type: "transform", config: { output: "${{ input }}" } }],
    edges: [],
  };
  return (await test.client.createWorkflow({ name: "echo", definition: JSON.stringify(definition) })).id;
}

/** A workflow that goes on until the file is there. */
async function waitingFor(file: string): Promise<string> {
  const command = `while [ ! -e ${file} ]; do sleep 0.05; done`;
  const node = { id: "n", type: "task", config: { task_type: "shell", config: { command } } };
  const definition = { version: 1, nodes: [node], edges: [] };
  return (await test.client.createWorkflow({ name: "waits", definition: JSON.stringify(definition) })).id;
}

const never = { cron: ["0 0 1 1 * 2099"] };

async function until<T>(look: () => Promise<T>, isGood: (value: T) => boolean, timeoutMs = 60_000): Promise<T> {
  for (const deadline = Date.now() + timeoutMs; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const value = await look();
    if (isGood(value)) return value;
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(value)}`);
  }
}

const executionsOf = async (subjectId: string) => {
  const { executions } = await test.client.listExecutions({ subjectId, limit: 1_000 });
  return await Promise.all(executions.map(({ id }) => test.client.getExecution(id)));
};
const hasEnded = ({ status }: { status: ExecutionStatus }) => status > ExecutionStatus.EXECUTION_STATUS_RUNNING;

// Side by side: each has a schedule of its own, and waits for its times.
it.concurrent("starts an execution each second, which says what it was for, until it is paused and deleted", async () => {
  const workflowId = await echo();
  const input = '{"at":"${{ schedule.time }}","of":"${{ schedule.id }}"}';
  const created = await schedules.create({
    id: "each-second",
    workflowId,
    spec: { intervals: [{ every: "1s" }] },
    input,
  });
  expect(created).toMatchObject({
    id: "each-second",
    workflowId,
    taskId: undefined,
    spec: { cron: [], intervals: [{ every: "1s" }] },
    input,
    overlap: ScheduleOverlap.SCHEDULE_OVERLAP_SKIP,
    catchUpWindow: undefined,
    paused: false,
  });
  expect(created.nextTimes).toHaveLength(10);
  const ended = await until(
    () => executionsOf(workflowId),
    (all) => all.filter(hasEnded).length >= 3,
  );
  for (const execution of ended.filter(hasEnded)) {
    expect(execution).toMatchObject({
      status: ExecutionStatus.EXECUTION_STATUS_COMPLETED,
      scheduleId: "each-second",
    });
    expect(execution.temporalWorkflowId).toBe(`workflow/${workflowId}/${execution.id}`);
    const output = JSON.parse(execution.output ?? "");
    expect(output.n).toEqual({ at: expect.stringMatching(/^20.*:\d\d\.000Z$/), of: "each-second" });
  }
  const [any] = (await test.client.listExecutions({ scheduleId: "each-second" })).executions;
  expect(any).toMatchObject({ subjectId: workflowId, scheduleId: "each-second" });
  expect((await test.client.listExecutions({ scheduleId: "each" })).total).toBe(0);
  const paused = await schedules.pause("each-second", "enough");
  expect(paused).toMatchObject({ paused: true, note: "enough" });
  const known = new Set((await executionsOf(workflowId)).map(({ id }) => id));
  expect(known.has(paused.recentActions[1]?.executionId ?? "")).toBe(true);
  expect(paused.recentActions.at(-1)).toMatchObject({ status: "COMPLETED" });
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const before = (await schedules.get("each-second")).actionsTaken;
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  expect((await schedules.get("each-second")).actionsTaken).toBe(before);
  expect((await schedules.unpause("each-second")).note).toBe("enough");
  await until(
    () => schedules.get("each-second"),
    ({ actionsTaken }) => actionsTaken > before,
  );
  await schedules.delete("each-second");
  await expect(schedules.get("each-second")).rejects.toThrow('there is no schedule "each-second"');
}, 120_000);

it.concurrent("makes up for a past hour in order, with the times in the inputs, and once for each request", async () => {
  const workflowId = await echo();
  const spec = { intervals: [{ every: "10m" }] };
  await schedules.create({ id: "hourly", workflowId, spec, input: '"${{ schedule.time }}"', paused: true });
  const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 3_600_000 * 3;
  const at = (minutes: number) => new Date(hour + minutes * 60_000).toISOString();
  const wanted = [0, 10, 20, 30, 40, 50].map(at);
  const range = { id: "hourly", requestId: "first", startTime: at(0), endTime: at(59) };
  expect((await schedules.backfill(range)).times).toEqual(wanted);
  const outputs = async () =>
    (await executionsOf(workflowId)).filter(hasEnded).map(({ output }) => JSON.parse(output ?? "null")?.n);
  const made = await until(outputs, (all) => all.length >= 6);
  expect([...made].reverse()).toEqual(wanted);

  await schedules.backfill(range);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  expect(await outputs()).toHaveLength(6);
  // Who asks anew means it.
  await schedules.backfill({ ...range, requestId: "second", endTime: at(9) });
  await until(outputs, (all) => all.length === 7);
  const again = await schedules.get("hourly");
  expect(again).toMatchObject({ paused: true });
  await schedules.delete("hourly");
}, 120_000);

it.concurrent("skips the times at which the execution still runs, and lets a trigger decide for itself", async () => {
  const go = join(test.folder, "go-overlap");
  const workflowId = await waitingFor(go);
  await schedules.create({ id: "skips", workflowId, spec: { intervals: [{ every: "1s" }] } });
  const skipping = await until(
    () => schedules.get("skips"),
    ({ skippedOverlap }) => skippedOverlap >= 2,
  );
  expect(skipping.actionsTaken).toBe(1);
  expect(skipping.runningExecutionIds).toEqual([skipping.recentActions[0]?.executionId]);
  await schedules.pause("skips");
  await schedules.trigger({ id: "skips", overlap: ScheduleOverlap.SCHEDULE_OVERLAP_ALLOW_ALL });
  await until(
    () => executionsOf(workflowId),
    (all) => all.length === 2,
  );
  writeFileSync(go, "");
  await until(
    () => executionsOf(workflowId),
    (all) => all.every(hasEnded),
  );
  await schedules.delete("skips");
}, 120_000);

it.concurrent.each([
  ["cancels", ScheduleOverlap.SCHEDULE_OVERLAP_CANCEL_OTHER, ExecutionStatus.EXECUTION_STATUS_CANCELLED],
  ["terminates", ScheduleOverlap.SCHEDULE_OVERLAP_TERMINATE_OTHER, ExecutionStatus.EXECUTION_STATUS_FAILED],
])(
  "%s the last execution where the policy says so",
  async (id, overlap, status) => {
    const go = join(test.folder, `go-${id}`);
    const workflowId = await waitingFor(go);
    await schedules.create({ id, workflowId, spec: never, overlap });
    await schedules.trigger({ id });
    const [first] = await until(
      () => executionsOf(workflowId),
      (all) => all.length === 1,
    );
    await schedules.trigger({ id });
    const both = await until(
      () => executionsOf(workflowId),
      (all) => all.length === 2 && all.some(hasEnded),
    );
    expect(both.find((execution) => execution.id === first?.id)).toMatchObject({ status });
    writeFileSync(go, "");
    await until(
      () => executionsOf(workflowId),
      (all) => all.every(hasEnded),
    );
    const { recentActions } = await schedules.get(id);
    expect(recentActions.map((action) => action.status)).toEqual(["COMPLETED", ExecutionStatus[status].slice(17)]);
    await schedules.delete(id);
  },
  120_000,
);

it.concurrent.each([
  { id: "buffers-one", overlap: ScheduleOverlap.SCHEDULE_OVERLAP_BUFFER_ONE, atOnce: 1, total: 2 },
  { id: "buffers-all", overlap: ScheduleOverlap.SCHEDULE_OVERLAP_BUFFER_ALL, atOnce: 1, total: 3 },
  { id: "allows-all", overlap: ScheduleOverlap.SCHEDULE_OVERLAP_ALLOW_ALL, atOnce: 3, total: 3 },
])(
  "$id: of three times $atOnce at once, and $total in all",
  async ({ id, overlap, atOnce, total }) => {
    const go = join(test.folder, `go-${id}`);
    const workflowId = await waitingFor(go);
    await schedules.create({ id, workflowId, spec: never, overlap });
    for (let times = 0; times < 3; times += 1) await schedules.trigger({ id });
    const running = await until(
      () => executionsOf(workflowId),
      (all) => all.length === atOnce,
    );
    const dropped = ({ skippedOverlap }: { readonly skippedOverlap: number }) => skippedOverlap === 3 - total;
    await until(() => schedules.get(id), dropped);
    expect(await executionsOf(workflowId)).toHaveLength(running.length);
    writeFileSync(go, "");
    const all = await until(
      () => executionsOf(workflowId),
      (executions) => executions.length === total && executions.every(hasEnded),
    );
    const starts = all.map(({ startedAt = "" }) => startedAt).sort();
    const ends = all.map(({ completedAt = "" }) => completedAt).sort();
    // One after the other, or all before the first had ended.
    const inTurn = starts.slice(1).every((start, index) => start >= (ends[index] ?? ""));
    expect(atOnce === 1 ? inTurn : (starts.at(-1) ?? "") < (ends[0] ?? "")).toBe(true);
    await schedules.delete(id);
  },
  120_000,
);

it.concurrent("starts a task with the override for its time, and one that was terminated at once again", async () => {
  const go = join(test.folder, "go-task");
  const command = `while [ ! -e ${go} ]; do sleep 0.05; done; echo $WHEN`;
  const task = await test.client.createTask({ title: "t", taskType: "shell", config: JSON.stringify({ command }) });
  const input = '{"env":{"WHEN":"${{ schedule.id }}"}}';
  const overlap = ScheduleOverlap.SCHEDULE_OVERLAP_TERMINATE_OTHER;
  await schedules.create({ id: "of-task", taskId: task.id, spec: never, input, overlap });
  await schedules.trigger({ id: "of-task" });
  await until(
    () => executionsOf(task.id),
    (all) => all.length === 1,
  );
  await schedules.trigger({ id: "of-task" });
  await until(
    () => executionsOf(task.id),
    (all) => all.length === 2,
  );
  writeFileSync(go, "");
  const [last] = await until(
    () => executionsOf(task.id),
    (all) => all.every(hasEnded),
  );
  expect(last).toMatchObject({ temporalWorkflowId: `task/${task.id}` });
  expect(JSON.parse(last?.output ?? "")).toMatchObject({ stdout: "of-task\n" });
  await schedules.delete("of-task");
}, 120_000);

it.concurrent("leaves out a time at which somebody else runs the task, and says so", async () => {
  const go = join(test.folder, "go-busy");
  const config = JSON.stringify({ command: `while [ ! -e ${go} ]; do sleep 0.05; done` });
  const task = await test.client.createTask({ title: "t", taskType: "shell", config });
  test.client.tasks.executeTask({ id: task.id, configOverride: undefined }).on("error", () => undefined);
  await until(
    () => executionsOf(task.id),
    (all) => all.length === 1,
  );
  await schedules.create({ id: "busy", taskId: task.id, spec: never });
  await schedules.trigger({ id: "busy" });
  const [action] = (
    await until(
      () => schedules.get("busy"),
      ({ recentActions: [one] }) => one?.status === "NOT_STARTED",
    )
  ).recentActions;
  expect(action?.error).toBe(`task ${task.id} was running already`);
  writeFileSync(go, "");
  await schedules.delete("busy");
}, 120_000);

it.concurrent("pauses itself when an execution fails, also one that could not be started, and stops after its last action", async () => {
  const definition = {
    version: 1,
    nodes: [{ id: "n", type: "fail", config: { code: "X", message: "no" } }],
    edges: [],
  };
  const failing = await test.client.createWorkflow({ name: "fails", definition: JSON.stringify(definition) });
  const spec = { intervals: [{ every: "1s" }] };
  await schedules.create({ id: "fails", workflowId: failing.id, spec, pauseOnFailure: true });
  const paused = await until(
    () => schedules.get("fails"),
    (schedule) => schedule.paused,
  );
  expect(paused.recentActions[0]).toMatchObject({ status: "FAILED" });
  expect(paused.note).toContain("paused due to workflow failure");
  await schedules.delete("fails");

  const gone = await echo();
  await schedules.create({ id: "gone", workflowId: gone, spec, pauseOnFailure: true, paused: true });
  await test.client.deleteWorkflow(gone);
  await schedules.unpause("gone");
  const found = await until(
    () => schedules.get("gone"),
    (schedule) => schedule.paused,
  );
  expect(found.recentActions[0]).toMatchObject({ status: "NOT_STARTED", error: `there is no workflow ${gone}` });
  await schedules.delete("gone");

  const workflowId = await echo();
  await schedules.create({ id: "twice", workflowId, spec, remainingActions: 2 });
  await until(
    () => schedules.get("twice"),
    ({ remainingActions }) => remainingActions === 0,
  );
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  expect((await schedules.get("twice")).actionsTaken).toBe(2);
  const more = await schedules.update({ id: "twice", remainingActions: -1, spec: never, note: "no more" });
  expect(more).toMatchObject({
    remainingActions: undefined,
    spec: { cron: never.cron, intervals: [] },
    note: "no more",
  });
  await schedules.delete("twice");
}, 120_000);

it.concurrent("takes the task as it stands at each time, not as it stood when the schedule was made", async () => {
  const file = join(test.folder, "as-it-stands");
  const task = await test.client.createTask({ title: "t", taskType: "shell", config: '{"command":"false"}' });
  await schedules.create({ id: "edited", taskId: task.id, spec: never });
  await test.client.updateTask({ id: task.id, config: JSON.stringify({ command: `touch ${file}` }) });
  await schedules.trigger({ id: "edited" });
  await until(async () => existsSync(file), Boolean);
  await schedules.delete("edited");
});

it("answers at once while an execution runs that has no record yet", async () => {
  const go = join(test.folder, "go-at-once");
  const workflowId = await waitingFor(go);
  await schedules.create({ id: "at-once", workflowId, spec: never });
  // The execution goes on until the file is there: what waited for it would outlast the test.
  await schedules.trigger({ id: "at-once" });
  for (let looks = 0; looks < 5; looks++) await schedules.get("at-once");
  writeFileSync(go, "");
  await schedules.delete("at-once");
}, 30_000);

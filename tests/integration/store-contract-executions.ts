import type { StartedExecution } from "../../src/store/store-port";
import type { StoreOfTest } from "./store-contract";
import {
  aTask,
  aTaskStart,
  aWorkflow,
  aWorkflowStart,
  newExecutionId,
  newTaskId,
  newWorkflowId,
} from "./store-records";

const ENDED_AT = new Date("2026-01-02T03:05:00.001Z");

export function executionContract(store: StoreOfTest): void {
  test("tells of a redrive what it is one of, and of an execution its redrives, oldest first, one by one and in lists", async () => {
    const workflowId = newWorkflowId();
    const source = aWorkflowStart(workflowId);
    const ids = [newExecutionId(), newExecutionId()].sort();
    await store().recordStarted(source);
    for (const id of ids) await store().recordStarted({ ...aWorkflowStart(workflowId), id, redrivenFrom: source.id });
    expect(await store().getExecution(source.id)).toMatchObject({ redrivenFrom: null, redrivenAs: ids });
    expect(await store().getExecution(ids[0] ?? source.id)).toMatchObject({ redrivenFrom: source.id, redrivenAs: [] });
    const { items } = await store().listExecutions({ subjectId: workflowId }, { limit: 10, offset: 0 });
    const links = items.map(({ id, redrivenFrom, redrivenAs }) => [id, redrivenFrom, redrivenAs]);
    expect(links).toEqual(expect.arrayContaining([[source.id, null, ids], ...ids.map((id) => [id, source.id, []])]));
  });

  test("records a task's start and end, on the execution and on the task", async () => {
    const { id: taskId } = await store().createTask(aTask());
    const start = aTaskStart(taskId);
    await store().recordStarted(start);
    const running = {
      id: start.id,
      kind: "task",
      subjectId: taskId,
      status: "RUNNING",
      temporalWorkflowId: start.temporalWorkflowId,
      temporalRunId: start.temporalRunId,
      definitionHash: null,
      workflowVersion: null,
      input: start.input,
      outputBytes: null,
      error: null,
      errorCode: null,
      errorNodeId: null,
      displayName: null,
      labels: {},
      ...{ scheduleId: null, webhookName: null, causedById: null, chainDepth: null },
      ...{ redrivenFrom: null, redrivenAs: [] },
      createdAt: start.startedAt,
      startedAt: start.startedAt,
      completedAt: null,
    };
    expect(await store().getExecution(start.id)).toEqual(running);
    expect(await store().getTask(taskId)).toMatchObject({
      status: "RUNNING",
      startedAt: start.startedAt,
      completedAt: null,
      lastExecutionId: start.id,
    });

    await store().recordEnded({ id: start.id, status: "COMPLETED", completedAt: ENDED_AT, output: { text: "é" } });
    expect(await store().getExecution(start.id)).toEqual({
      ...running,
      status: "COMPLETED",
      completedAt: ENDED_AT,
      output: { text: "é" },
      outputBytes: 13,
    });
    expect(await store().getTask(taskId)).toMatchObject({ status: "COMPLETED", completedAt: ENDED_AT, error: null });
  });

  test("opens an execution that has ended, and its task, so that it can end anew", async () => {
    const { id: taskId } = await store().createTask(aTask());
    const start = aTaskStart(taskId);
    await store().recordStarted(start);
    const running = await store().getExecution(start.id);
    expect(await store().listEndedExecutions([start.id])).toEqual([]);
    const failure = { code: "SHELL_EXIT_CODE", message: "exit code 2" };
    await store().recordEnded({ id: start.id, status: "FAILED", completedAt: ENDED_AT, failure, nodeId: "n" });
    expect(await store().listEndedExecutions([start.id, newExecutionId()])).toMatchObject([
      { id: start.id, status: "FAILED", completedAt: ENDED_AT },
    ]);
    await store().recordReopened(start.id);
    await store().recordReopened(start.id);
    expect(await store().getExecution(start.id)).toEqual(running);
    expect(await store().getTask(taskId)).toMatchObject({ status: "RUNNING", completedAt: null, error: null });
    await store().recordEnded({ id: start.id, status: "COMPLETED", completedAt: ENDED_AT, output: 1 });
    expect(await store().getExecution(start.id)).toMatchObject({ status: "COMPLETED", output: 1, error: null });
    expect(await store().getTask(taskId)).toMatchObject({ status: "COMPLETED" });
  });

  test("records why an execution failed, and at which node", async () => {
    const { id: workflowId } = await store().createWorkflow(aWorkflow());
    const start = aWorkflowStart(workflowId, { workflowVersion: 7, definitionHash: "abc" });
    await store().recordStarted(start);
    const failure = { code: "SHELL_EXIT_CODE", message: "exit code 2", details: { exit_code: 2 } };
    await store().recordEnded({ id: start.id, status: "FAILED", completedAt: ENDED_AT, failure, nodeId: "build" });
    const ended = await store().getExecution(start.id);
    expect(ended).toMatchObject({
      kind: "workflow",
      status: "FAILED",
      definitionHash: "abc",
      workflowVersion: 7,
      error: "exit code 2",
      errorCode: "SHELL_EXIT_CODE",
      errorNodeId: "build",
      outputBytes: null,
    });
    expect(ended).not.toHaveProperty("output");
  });

  test("clears what the last run left on the task when the next one starts", async () => {
    const { id: taskId } = await store().createTask(aTask());
    const [first, second] = [
      aTaskStart(taskId),
      aTaskStart(taskId, { startedAt: new Date("2026-02-01T00:00:00.000Z") }),
    ];
    await store().recordStarted(first);
    const failure = { code: "TIMEOUT", message: "took too long" };
    await store().recordEnded({ id: first.id, status: "FAILED", completedAt: ENDED_AT, failure });
    expect(await store().getTask(taskId)).toMatchObject({ status: "FAILED", error: "took too long" });
    await store().recordStarted(second);
    expect(await store().getTask(taskId)).toMatchObject({
      status: "RUNNING",
      startedAt: second.startedAt,
      completedAt: null,
      error: null,
      lastExecutionId: second.id,
    });
  });

  test("ignores a start or an end that is already recorded", async () => {
    const { id: taskId } = await store().createTask(aTask());
    const start = aTaskStart(taskId);
    await store().recordStarted(start);
    await store().recordEnded({ id: start.id, status: "COMPLETED", completedAt: ENDED_AT, output: 1 });
    const [execution, task] = [await store().getExecution(start.id), await store().getTask(taskId)];
    await store().recordStarted({ ...start, input: "other" });
    const failure = { code: "CANCELLED", message: "cancelled" };
    await store().recordEnded({ id: start.id, status: "CANCELLED", completedAt: new Date(), failure });
    expect(await store().getExecution(start.id)).toEqual(execution);
    expect(await store().getTask(taskId)).toEqual(task);
  });

  test("ends only the task whose last execution it is, and not one that was set back to PENDING", async () => {
    const { id: taskId } = await store().createTask(aTask());
    const [first, second] = [aTaskStart(taskId), aTaskStart(taskId)];
    await store().recordStarted(first);
    await store().recordStarted(second);
    await store().recordEnded({ id: first.id, status: "FAILED", completedAt: ENDED_AT });
    expect(await store().getTask(taskId)).toMatchObject({ status: "RUNNING", lastExecutionId: second.id });
    await store().updateTask(taskId, { status: "CANCELLED" }, ["RUNNING"]);
    await store().updateTask(taskId, { status: "PENDING" }, ["CANCELLED"]);
    await store().recordEnded({ id: second.id, status: "CANCELLED", completedAt: ENDED_AT });
    expect(await store().getTask(taskId)).toMatchObject({ status: "PENDING", completedAt: null });
    expect(await store().getExecution(second.id)).toMatchObject({ status: "CANCELLED" });
  });

  test("records the run of a task that was deleted, and ignores the end of a run it does not know", async () => {
    const start = aTaskStart(newTaskId());
    await store().recordStarted(start);
    expect(await store().getExecution(start.id)).toMatchObject({ status: "RUNNING" });
    const unknown = newExecutionId();
    await store().recordEnded({ id: unknown, status: "COMPLETED", completedAt: ENDED_AT });
    expect(await store().getExecution(unknown)).toBeNull();
  });

  test("an end that brings its start along records both, and changes nothing when it comes again", async () => {
    const task = await store().createTask(aTask());
    const started = aTaskStart(task.id);
    const end = { id: started.id, status: "COMPLETED", completedAt: ENDED_AT, output: 1, started } as const;
    await store().recordEnded(end);
    await store().recordStarted(started);
    await store().recordEnded({ ...end, status: "FAILED" });
    expect(await store().getExecution(started.id)).toMatchObject({ status: "COMPLETED", output: 1 });
    expect(await store().getTask(task.id)).toMatchObject({
      status: "COMPLETED",
      startedAt: started.startedAt,
      completedAt: ENDED_AT,
      lastExecutionId: started.id,
    });
    const run = aWorkflowStart(newWorkflowId());
    await store().recordEnded({ id: run.id, status: "CANCELLED", completedAt: ENDED_AT, started: run });
    expect(await store().getExecution(run.id)).toMatchObject({ status: "CANCELLED", kind: "workflow" });
  });

  describe("the end of a run that was short, and brings its start along", () => {
    const startedAt = new Date("2026-01-02T03:04:05.678Z");
    const completedAt = new Date("2026-01-02T03:04:05.718Z");
    const endOf = (started: StartedExecution) =>
      ({ id: started.id, status: "COMPLETED", completedAt, output: { n: 1 }, started }) as const;

    test("records all that the two would have, on the execution and on the task", async () => {
      const { id: taskId } = await store().createTask(aTask());
      const names = { displayName: "Nightly", redrivenFrom: newExecutionId() };
      const origin = { scheduleId: "nightly", causedById: newExecutionId(), chainDepth: 2 };
      for (const labels of [{}, { team: "web" }]) {
        const told = aTaskStart(taskId, { startedAt, ...names, origin, labels });
        const silent = { ...told, id: newExecutionId() };
        await store().recordStarted(told);
        await store().recordEnded(endOf(told));
        const expected = await store().getExecution(told.id);
        expect(expected).toMatchObject({ status: "COMPLETED", output: { n: 1 }, outputBytes: 7, labels, ...names });
        await store().recordEnded(endOf(silent));
        expect(await store().getExecution(silent.id)).toEqual({ ...expected, id: silent.id });
        const ended = { status: "COMPLETED", startedAt, completedAt, error: null, lastExecutionId: silent.id };
        expect(await store().getTask(taskId)).toMatchObject(ended);
        const found = await store().listExecutions({ subjectId: taskId, labels }, { limit: 10, offset: 0 });
        expect(found.items.map(({ id }) => id)).toEqual(expect.arrayContaining([told.id, silent.id]));
      }
    });

    test("changes nothing when it comes again, or after another end", async () => {
      const { id: taskId } = await store().createTask(aTask());
      const start = aTaskStart(taskId, { startedAt });
      await store().recordEnded(endOf(start));
      const [execution, task] = [await store().getExecution(start.id), await store().getTask(taskId)];
      await store().recordEnded({ ...endOf(start), output: "another" });
      await store().recordStarted(start);
      await store().recordEnded({ ...endOf(start), completedAt: new Date(completedAt.getTime() + 1) });
      expect(await store().getExecution(start.id)).toEqual(execution);
      expect(await store().getTask(taskId)).toEqual(task);
    });

    test("leaves a task alone that was set back, or that runs again", async () => {
      const { id: taskId } = await store().createTask(aTask());
      const first = aTaskStart(taskId, { startedAt });
      await store().recordStarted(first);
      await store().updateTask(taskId, { status: "PENDING" });
      await store().recordEnded(endOf(first));
      expect(await store().getTask(taskId)).toMatchObject({ status: "PENDING", lastExecutionId: first.id });
      const late = aTaskStart(taskId, { startedAt });
      const next = aTaskStart(taskId, { startedAt: completedAt });
      await store().recordStarted(late);
      await store().recordStarted(next);
      await store().recordEnded(endOf(late));
      expect(await store().getExecution(late.id)).toMatchObject({ status: "COMPLETED" });
      expect(await store().getTask(taskId)).toMatchObject({ status: "RUNNING", lastExecutionId: next.id });
    });

    test("counts as the later one also under the id of an old key", async () => {
      const { id: taskId } = await store().createTask(aTask());
      const late = aTaskStart(taskId, { startedAt: completedAt });
      await store().recordEnded(endOf(aTaskStart(taskId, { startedAt })));
      await store().recordEnded({ ...endOf(late), completedAt: new Date(completedAt.getTime() + 40) });
      expect(await store().getTask(taskId)).toMatchObject({ startedAt: completedAt, lastExecutionId: late.id });
    });

    test("records a failure with its start too", async () => {
      const { id: taskId } = await store().createTask(aTask());
      const start = aTaskStart(taskId, { startedAt });
      const failure = { code: "EXIT_CODE", message: "exit code 1", retryable: false, attempt: 1, details: {} };
      await store().recordEnded({ ...endOf(start), status: "FAILED", failure });
      expect(await store().getExecution(start.id)).toMatchObject({ status: "FAILED", errorCode: "EXIT_CODE" });
      expect(await store().getTask(taskId)).toMatchObject({ status: "FAILED", lastExecutionId: start.id });
    });
  });

  test("records one start of twenty that come at once, and one end", async () => {
    const { id: taskId } = await store().createTask(aTask());
    const start = aTaskStart(taskId);
    await Promise.all(Array.from({ length: 20 }, () => store().recordStarted(start)));
    const page = await store().listExecutions({ subjectId: taskId }, { limit: 10, offset: 0 });
    expect(page.total).toBe(1);
    const ends = Array.from({ length: 20 }, (_, index) =>
      store().recordEnded({ id: start.id, status: "COMPLETED", completedAt: ENDED_AT, output: index }),
    );
    await Promise.all(ends);
    expect(await store().getExecution(start.id)).toMatchObject({ status: "COMPLETED" });
    expect(await store().getTask(taskId)).toMatchObject({ status: "COMPLETED", completedAt: ENDED_AT });
  });

  test("records twenty runs at once, and loses none", async () => {
    const workflowId = newWorkflowId();
    const { id: taskId } = await store().createTask(aTask());
    const starts = Array.from({ length: 20 }, (_, index) =>
      index % 2 === 0 ? aTaskStart(taskId) : aWorkflowStart(workflowId),
    );
    await Promise.all(
      starts.map(async (start) => {
        await store().recordStarted(start);
        await store().recordEnded({ id: start.id, status: "COMPLETED", completedAt: ENDED_AT, output: start.id });
      }),
    );
    for (const { id } of starts)
      expect(await store().getExecution(id)).toMatchObject({ status: "COMPLETED", output: id });
  });

  test("lists by kind, subject and status, newest first, without inputs and outputs", async () => {
    const [workflowId, taskId] = [newWorkflowId(), newTaskId()];
    const at = (second: number) => ({ startedAt: new Date(Date.UTC(2030, 0, 1, 0, 0, second)) });
    const starts = [
      aWorkflowStart(workflowId, at(1)),
      aWorkflowStart(workflowId, at(3)),
      aWorkflowStart(workflowId, at(2)),
    ];
    for (const start of [...starts, aTaskStart(taskId, at(4))]) await store().recordStarted(start);
    const [first, second, third] = starts;
    if (first === undefined || second === undefined || third === undefined) throw new Error("no starts");
    await store().recordEnded({ id: first.id, status: "COMPLETED", completedAt: ENDED_AT, output: "x" });
    const all = await store().listExecutions({ subjectId: workflowId }, { limit: 10, offset: 0 });
    expect(all.items.map(({ id }) => id)).toEqual([second.id, third.id, first.id]);
    expect(all.items.every((item) => !("input" in item) && !("output" in item))).toBe(true);
    expect(all.items[2]).toMatchObject({ status: "COMPLETED", outputBytes: 3 });
    const page = await store().listExecutions({ subjectId: workflowId }, { limit: 1, offset: 1 });
    const next = { at: third.startedAt, id: third.id };
    expect(page).toEqual({ items: [all.items[1]], total: 3, next });
    const totalOf = async (filter: Parameters<ReturnType<StoreOfTest>["listExecutions"]>[0]) =>
      (await store().listExecutions(filter, { limit: 0, offset: 0 })).total ?? Number.NaN;
    expect(await totalOf({ subjectId: workflowId, statuses: ["RUNNING"] })).toBe(2);
    expect(await totalOf({ subjectId: workflowId, kind: "task" })).toBe(0);
    expect(await totalOf({ kind: "task" })).toBeGreaterThan(0);
    expect((await totalOf({ kind: "task" })) + (await totalOf({ kind: "workflow" }))).toBe(await totalOf({}));
  });

  test("keeps executions of one millisecond in one order, page by page", async () => {
    const workflowId = newWorkflowId();
    await Promise.all(Array.from({ length: 12 }, () => store().recordStarted(aWorkflowStart(workflowId))));
    const all = (await store().listExecutions({ subjectId: workflowId }, { limit: 12, offset: 0 })).items;
    expect(all.map(({ id }) => id)).toEqual(
      all
        .map(({ id }) => id)
        .sort()
        .reverse(),
    );
    const paged = await Promise.all(
      [0, 5, 10].map((offset) => store().listExecutions({ subjectId: workflowId }, { limit: 5, offset })),
    );
    expect(paged.flatMap(({ items }) => items)).toEqual(all);
  });

  test("gives the sweep what started before a time and still runs, oldest first", async () => {
    const taskId = newTaskId();
    const at = (second: number) => aTaskStart(taskId, { startedAt: new Date(Date.UTC(2000, 0, 1, 0, 0, second)) });
    const [one, two, three, four] = [at(1), at(2), at(3), at(4)];
    for (const start of [three, one, four, two]) await store().recordStarted(start);
    await store().recordEnded({ id: two.id, status: "COMPLETED", completedAt: ENDED_AT });
    const due = await store().listRunningExecutions(four.startedAt, 10);
    expect(due.map(({ id }) => id)).toEqual([one.id, three.id]);
    expect(due.some((execution) => "input" in execution)).toBe(false);
    expect((await store().listRunningExecutions(four.startedAt, 1)).map(({ id }) => id)).toEqual([one.id]);
  });

  test("gives an idempotency key to the first of twenty claims, for good", async () => {
    const claims = Array.from({ length: 20 }, (_, index) => ({
      kind: "task" as const,
      subjectId: newTaskId(),
      key: "retry-1",
      requestHash: `hash ${index}`,
      executionId: newExecutionId(),
    })).map((claim, _, [first]) => ({ ...claim, subjectId: first?.subjectId ?? "" }));
    const of = claims[0] ?? { kind: "task", subjectId: "", key: "" };
    expect(await store().getIdempotencyKey(of)).toBeNull();
    const stored = await Promise.all(claims.map((claim) => store().claimIdempotencyKey(claim)));
    const winner = stored[0];
    expect(await store().getIdempotencyKey(of)).toEqual(winner);
    expect(claims).toContainEqual(winner);
    for (const record of stored) expect(record).toEqual(winner);
  });

  test("keeps the keys of tasks and of workflows, and of each of them, apart", async () => {
    const [taskId, other] = [newTaskId(), newTaskId()];
    const claim = {
      kind: "task" as const,
      subjectId: taskId,
      key: "k",
      requestHash: "h",
      executionId: newExecutionId(),
    };
    const variants = [
      claim,
      { ...claim, subjectId: other, executionId: newExecutionId() },
      { ...claim, kind: "workflow" as const, executionId: newExecutionId() },
      { ...claim, key: "K", executionId: newExecutionId() },
    ];
    for (const variant of variants) expect(await store().claimIdempotencyKey(variant)).toEqual(variant);
  });

  test("moves a key to the execution that its request was attached to", async () => {
    const claim = {
      kind: "task" as const,
      subjectId: newTaskId(),
      key: "k",
      requestHash: "h",
      executionId: newExecutionId(),
    };
    const moved = { ...claim, executionId: newExecutionId() };
    await store().claimIdempotencyKey(claim);
    await store().moveIdempotencyKey(moved);
    expect(await store().claimIdempotencyKey(claim)).toEqual(moved);
  });
}

import { TASK_STATUSES, type TaskStatus } from "../../src/store/records";
import type { StoreOfTest } from "./store-contract";
import { aDefinition, aTask, aTaskStart, aWorkflow, createTasksInOrder, newTaskId } from "./store-records";

export function taskContract(store: StoreOfTest): void {
  test("creates a task as PENDING, never executed, and reads back the same", async () => {
    const before = Date.now();
    const task = aTask({ description: "greets", config: { b: 1, a: [null, { c: "x" }] }, metadata: { team: "core" } });
    const created = await store().createTask(task);
    expect(created).toEqual({
      ...task,
      status: "PENDING",
      createdAt: created.createdAt,
      updatedAt: created.createdAt,
      startedAt: null,
      completedAt: null,
      error: null,
      lastExecutionId: null,
    });
    expect(created.createdAt.getTime()).toBeGreaterThanOrEqual(before);
    expect(created.createdAt.getTime()).toBeLessThanOrEqual(Date.now());
    expect(await store().getTask(task.id)).toEqual(created);
    // The client's order of keys is kept.
    expect(JSON.stringify(created.config)).toBe('{"b":1,"a":[null,{"c":"x"}]}');
  });

  test("answers null for a task that does not exist", async () => {
    expect(await store().getTask(newTaskId())).toBeNull();
    expect(await store().updateTask(newTaskId(), { title: "x" })).toBeNull();
    expect(await store().updateTask(newTaskId(), { title: "x" }, ["PENDING"])).toBeNull();
    expect(await store().deleteTask(newTaskId())).toBeNull();
  });

  test("returns those of many ids that exist", async () => {
    const [first, second] = [await store().createTask(aTask()), await store().createTask(aTask())];
    // More than fit into the bind variables of one statement.
    const ids = [...Array.from({ length: 40_000 }, newTaskId), first.id, second.id];
    const found = await store().getTasks(ids);
    expect(new Set(found.map(({ id }) => id))).toEqual(new Set([first.id, second.id]));
    expect(await store().getTasks([])).toEqual([]);
  });

  test("lists newest first, in pages, with the total of all that match", async () => {
    const ids = await createTasksInOrder(store(), 5, "paged");
    const newestFirst = [...ids].reverse();
    const list = (limit: number, offset: number) => store().listTasks({ taskType: "paged" }, { limit, offset });
    expect((await list(10, 0)).items.map(({ id }) => id)).toEqual(newestFirst);
    expect((await list(2, 1)).items.map(({ id }) => id)).toEqual(newestFirst.slice(1, 3));
    expect(await list(0, 0)).toEqual({ items: [], total: 5 });
    expect(await list(10, 5)).toEqual({ items: [], total: 5 });
    expect(await list(10, 2 ** 31)).toEqual({ items: [], total: 5 });
  });

  test("filters by status and type, together and apart", async () => {
    const [a] = await createTasksInOrder(store(), 3, "filtered");
    if (a === undefined) throw new Error("no task");
    await store().updateTask(a, { status: "CANCELLED" });
    const totalOf = async (filter: { status?: TaskStatus; taskType?: string }) =>
      (await store().listTasks(filter, { limit: 1, offset: 0 })).total;
    expect(await totalOf({ taskType: "filtered" })).toBe(3);
    expect(await totalOf({ taskType: "filtered", status: "PENDING" })).toBe(2);
    expect(await totalOf({ taskType: "filtered", status: "CANCELLED" })).toBe(1);
    expect(await totalOf({ taskType: "filtered", status: "FAILED" })).toBe(0);
    expect(await totalOf({ taskType: "no such type" })).toBe(0);
    const byStatus = await Promise.all(TASK_STATUSES.map((status) => totalOf({ status })));
    expect(byStatus.reduce((sum, total) => sum + total)).toBe(await totalOf({}));
  });

  test("keeps tasks of one millisecond in one order, page by page", async () => {
    await Promise.all(Array.from({ length: 30 }, () => store().createTask(aTask({ taskType: "crowd" }))));
    const all = (await store().listTasks({ taskType: "crowd" }, { limit: 30, offset: 0 })).items;
    const paged: string[] = [];
    for (let offset = 0; offset < 30; offset += 7) {
      const page = await store().listTasks({ taskType: "crowd" }, { limit: 7, offset });
      paged.push(...page.items.map(({ id }) => id));
    }
    expect(paged).toEqual(all.map(({ id }) => id));
    const expected = [...all].sort(
      (a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0),
    );
    expect(all).toEqual(expected);
  });

  test("changes only what is given", async () => {
    const created = await store().createTask(aTask({ description: "old", metadata: { keep: true } }));
    const updated = await store().updateTask(created.id, { title: "New title", config: { command: "true" } });
    expect(updated).toEqual({
      ...created,
      title: "New title",
      config: { command: "true" },
      updatedAt: expect.any(Date) as Date,
    });
    expect(await store().updateTask(created.id, { description: "", metadata: {} })).toMatchObject({
      title: "New title",
      description: "",
      metadata: {},
    });
  });

  test("changes nothing when the task is in none of the states it may change from", async () => {
    const created = await store().createTask(aTask());
    expect(await store().updateTask(created.id, { title: "x", status: "CANCELLED" }, ["RUNNING", "FAILED"])).toBe(
      "conflict",
    );
    expect(await store().getTask(created.id)).toEqual(created);
    expect(await store().updateTask(created.id, { status: "CANCELLED" }, ["PENDING", "RUNNING"])).toMatchObject({
      status: "CANCELLED",
    });
  });

  test("lets one of many updates win that all need the same state", async () => {
    const { id } = await store().createTask(aTask());
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        store().updateTask(id, { status: "CANCELLED", title: `winner ${index}` }, ["PENDING"]),
      ),
    );
    const winners = results.filter((result) => result !== "conflict");
    expect(winners).toHaveLength(1);
    expect(await store().getTask(id)).toEqual(winners[0]);
  });

  test("sets the time of a cancel, and clears times and error when set back to PENDING", async () => {
    const { id } = await store().createTask(aTask());
    const start = aTaskStart(id);
    await store().recordStarted(start);
    await store().recordEnded({
      id: start.id,
      status: "FAILED",
      completedAt: new Date("2026-01-02T03:05:00.001Z"),
      failure: { code: "SHELL_EXIT_CODE", message: "exit code 1" },
    });
    expect(await store().updateTask(id, { status: "PENDING" })).toMatchObject({
      status: "PENDING",
      startedAt: null,
      completedAt: null,
      error: null,
    });
    const cancelled = await store().updateTask(id, { status: "CANCELLED" });
    expect(cancelled).toMatchObject({ status: "CANCELLED", completedAt: expect.any(Date) as Date, startedAt: null });
  });

  test("deletes a task and leaves its executions", async () => {
    const { id } = await store().createTask(aTask());
    const start = aTaskStart(id);
    await store().recordStarted(start);
    await store().recordEnded({ id: start.id, status: "COMPLETED", completedAt: new Date() });
    expect(await store().deleteTask(id)).toBe("deleted");
    expect(await store().getTask(id)).toBeNull();
    expect(await store().deleteTask(id)).toBeNull();
    expect(await store().getExecution(start.id)).toMatchObject({ status: "COMPLETED", subjectId: id });
  });

  test("does not delete a task that runs", async () => {
    const { id } = await store().createTask(aTask());
    await store().recordStarted(aTaskStart(id));
    expect(await store().deleteTask(id)).toBe("running");
    expect(await store().getTask(id)).not.toBeNull();
  });

  test("does not delete a task that a workflow's newest definition names, and says which", async () => {
    const { id } = await store().createTask(aTask());
    const workflow = await store().createWorkflow(aWorkflow([id], { name: "Nightly build" }));
    expect(await store().deleteTask(id)).toEqual({ namedBy: [{ id: workflow.id, name: "Nightly build" }] });
    // An old version that names it is no obstacle: its runs have a snapshot.
    await store().updateWorkflow(workflow.id, { definition: aDefinition("without") });
    expect(await store().deleteTask(id)).toBe("deleted");
  });

  test("deletes a named task once its workflow is deleted", async () => {
    const { id } = await store().createTask(aTask());
    const workflow = await store().createWorkflow(aWorkflow([id]));
    expect(await store().deleteWorkflow(workflow.id)).toBe("deleted");
    expect(await store().deleteTask(id)).toBe("deleted");
  });

  test("never ends up with a workflow that names a deleted task, however deletes and creates interleave", async () => {
    for (let round = 0; round < 10; round++) {
      const { id } = await store().createTask(aTask());
      const [deleted, created] = await Promise.allSettled([
        store().deleteTask(id),
        store().createWorkflow(aWorkflow([id])),
      ]);
      expect(deleted.status).toBe("fulfilled");
      if (created.status === "fulfilled") {
        expect(deleted).toMatchObject({ value: { namedBy: [{ id: created.value.id }] } });
        expect(await store().getTask(id)).not.toBeNull();
      } else {
        expect(created.reason).toMatchObject({
          code: "INVALID_ARGUMENT",
          message: expect.stringContaining(id) as string,
        });
        expect(deleted).toMatchObject({ value: "deleted" });
      }
    }
  });
}

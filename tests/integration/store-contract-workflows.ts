import { setTimeout as sleep } from "node:timers/promises";
import type { StoreOfTest } from "./store-contract";
import {
  aDefinition,
  aTask,
  aWorkflow,
  aWorkflowStart,
  newExecutionId,
  newTaskId,
  newWorkflowId,
} from "./store-records";

export function workflowContract(store: StoreOfTest): void {
  test("creates a workflow as a DRAFT of version 1 and reads back the same", async () => {
    const tasks = [await store().createTask(aTask()), await store().createTask(aTask())];
    const workflow = aWorkflow(tasks.map(({ id }) => id).reverse(), { description: "builds" });
    const created = await store().createWorkflow(workflow);
    const { workflowIds: _, ...fields } = workflow;
    expect(created).toEqual({
      ...fields,
      status: "DRAFT",
      version: 1,
      createdAt: expect.any(Date) as Date,
      updatedAt: created.createdAt,
    });
    expect(await store().getWorkflow(workflow.id)).toEqual(created);
    expect(await store().getWorkflowVersion(workflow.id, 1)).toEqual({
      workflowId: workflow.id,
      version: 1,
      definition: workflow.definition,
      definitionHash: workflow.definitionHash,
      createdAt: created.createdAt,
    });
  });

  test("answers null for workflows and versions that do not exist", async () => {
    const { id } = await store().createWorkflow(aWorkflow());
    expect(await store().getWorkflow(newWorkflowId())).toBeNull();
    expect(await store().updateWorkflow(newWorkflowId(), { name: "x" })).toBeNull();
    expect(await store().deleteWorkflow(newWorkflowId())).toBeNull();
    for (const version of [0, 2, -1, 1.5, 2 ** 31, 2 ** 53]) {
      expect(await store().getWorkflowVersion(id, version)).toBeNull();
    }
  });

  test("refuses a definition that names a task that does not exist, and keeps nothing of it", async () => {
    const missing = newTaskId();
    const workflow = aWorkflow([missing]);
    const refusal = { code: "INVALID_ARGUMENT", message: expect.stringContaining(missing) as string };
    await expect(store().createWorkflow(workflow)).rejects.toMatchObject(refusal);
    expect(await store().getWorkflow(workflow.id)).toBeNull();
    const created = await store().createWorkflow(aWorkflow());
    const changes = { name: "changed", definition: aDefinition("two", [missing]) };
    await expect(store().updateWorkflow(created.id, changes)).rejects.toMatchObject(refusal);
    expect(await store().getWorkflow(created.id)).toEqual(created);
    expect(await store().getWorkflowVersion(created.id, 2)).toBeNull();
  });

  test("makes a new version only of a definition with a new hash", async () => {
    const { id: taskId } = await store().createTask(aTask());
    const created = await store().createWorkflow(aWorkflow());
    const same = await store().updateWorkflow(created.id, { name: "renamed", definition: aDefinition("one") });
    expect(same).toMatchObject({ name: "renamed", version: 1, taskIds: [] });
    expect(await store().getWorkflowVersion(created.id, 2)).toBeNull();
    const changed = await store().updateWorkflow(created.id, { definition: aDefinition("two", [taskId]) });
    expect(changed).toMatchObject({ name: "renamed", version: 2, taskIds: [taskId], definitionHash: "hash of two" });
    expect(await store().getWorkflow(created.id)).toEqual(changed);
    // Back to an earlier definition is a change too.
    expect(await store().updateWorkflow(created.id, { definition: aDefinition("one") })).toMatchObject({ version: 3 });
    const versions = await Promise.all([1, 2, 3].map((version) => store().getWorkflowVersion(created.id, version)));
    expect(versions.map((version) => version?.definitionHash)).toEqual(["hash of one", "hash of two", "hash of one"]);
  });

  test("changes only what is given", async () => {
    const created = await store().createWorkflow(aWorkflow([], { description: "old" }));
    const updated = await store().updateWorkflow(created.id, { status: "ARCHIVED" });
    expect(updated).toEqual({ ...created, status: "ARCHIVED", updatedAt: expect.any(Date) as Date });
    expect(await store().updateWorkflow(created.id, { description: "" })).toMatchObject({
      description: "",
      status: "ARCHIVED",
      name: created.name,
    });
  });

  test("gives versions written at the same time numbers without gap or repeat", async () => {
    const { id } = await store().createWorkflow(aWorkflow());
    const marks = Array.from({ length: 20 }, (_, index) => `mark ${index}`);
    const updated = await Promise.all(
      marks.map((mark) => store().updateWorkflow(id, { definition: aDefinition(mark) })),
    );
    const versions = updated.map((workflow) => workflow?.version ?? 0).sort((a, b) => a - b);
    expect(versions).toEqual(marks.map((_, index) => index + 2));
    for (const workflow of updated) {
      const version = await store().getWorkflowVersion(id, workflow?.version ?? 0);
      expect(version?.definitionHash).toBe(workflow?.definitionHash);
    }
    expect(await store().getWorkflow(id)).toMatchObject({ version: 21 });
  });

  test("lists newest first, in pages, by status, with the tasks they name", async () => {
    const { id: taskId } = await store().createTask(aTask());
    const ids: string[] = [];
    for (let index = 0; index < 4; index++) {
      const { id } = await store().createWorkflow(aWorkflow([taskId]));
      await store().updateWorkflow(id, { status: "ACTIVE" });
      ids.push(id);
      await sleep(2);
    }
    const page = await store().listWorkflows({ status: "ACTIVE" }, { limit: 2, offset: 1 });
    expect(page.total).toBe(4);
    expect(page.items.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    expect(page.items.map(({ taskIds }) => taskIds)).toEqual([[taskId], [taskId]]);
    const all = await store().listWorkflows({}, { limit: 1000, offset: 0 });
    expect(all.total).toBe(all.items.length);
    expect(all.items.slice(0, 4).map(({ id }) => id)).toEqual([...ids].reverse());
  });

  test("does not delete a workflow that runs; deletes its versions and leaves its executions", async () => {
    const { id } = await store().createWorkflow(aWorkflow());
    const start = aWorkflowStart(id);
    await store().recordStarted(start);
    expect(await store().deleteWorkflow(id)).toBe("running");
    await store().recordEnded({ id: start.id, status: "CANCELLED", completedAt: new Date() });
    expect(await store().deleteWorkflow(id)).toBe("deleted");
    expect(await store().getWorkflow(id)).toBeNull();
    expect(await store().getWorkflowVersion(id, 1)).toBeNull();
    expect(await store().getExecution(start.id)).toMatchObject({ status: "CANCELLED" });
    expect(await store().deleteWorkflow(id)).toBeNull();
  });

  test("answers null, not running, for a deleted workflow whose execution was recorded late", async () => {
    const id = newWorkflowId();
    await store().recordStarted(aWorkflowStart(id, { id: newExecutionId() }));
    expect(await store().deleteWorkflow(id)).toBeNull();
  });

  test("reads several workflows at once, and leaves out those that are not there", async () => {
    const created = [await store().createWorkflow(aWorkflow()), await store().createWorkflow(aWorkflow())];
    const found = await store().getWorkflows([...created.map(({ id }) => id), newWorkflowId()]);
    expect(found).toHaveLength(2);
    expect(found).toEqual(expect.arrayContaining(created));
    expect(await store().getWorkflows([])).toEqual([]);
  });

  test("lists versions newest first, in pages, without definitions", async () => {
    const { id } = await store().createWorkflow(aWorkflow());
    for (const mark of ["two", "three", "one"]) await store().updateWorkflow(id, { definition: aDefinition(mark) });
    const page = await store().listWorkflowVersions(id, { limit: 2, offset: 1 });
    expect(page).toEqual({
      items: [
        { workflowId: id, version: 3, definitionHash: "hash of three", createdAt: expect.any(Date) as Date },
        { workflowId: id, version: 2, definitionHash: "hash of two", createdAt: expect.any(Date) as Date },
      ],
      total: 4,
    });
    expect(await store().listWorkflowVersions(newWorkflowId(), { limit: 2, offset: 0 })).toEqual({
      items: [],
      total: 0,
    });
  });

  test("finds the newest version, also by its hash", async () => {
    const { id } = await store().createWorkflow(aWorkflow());
    for (const mark of ["two", "one", "three"]) await store().updateWorkflow(id, { definition: aDefinition(mark) });
    expect(await store().getNewestWorkflowVersion(id, {})).toEqual(await store().getWorkflowVersion(id, 4));
    const newestOne = await store().getNewestWorkflowVersion(id, { definitionHash: "hash of one" });
    expect(newestOne).toEqual(await store().getWorkflowVersion(id, 3));
    expect(await store().getNewestWorkflowVersion(id, { definitionHash: "hash of four" })).toBeNull();
    expect(await store().getNewestWorkflowVersion(newWorkflowId(), {})).toBeNull();
  });

  test("refuses a definition that names a workflow that does not exist, and keeps nothing of it", async () => {
    const missing = newWorkflowId();
    const workflow = aWorkflow([], aDefinition("calls", [], [missing]));
    const refusal = { code: "INVALID_ARGUMENT", message: expect.stringContaining(missing) as string };
    await expect(store().createWorkflow(workflow)).rejects.toMatchObject(refusal);
    expect(await store().getWorkflow(workflow.id)).toBeNull();
    const created = await store().createWorkflow(aWorkflow());
    const changes = { definition: aDefinition("calls", [], [missing]) };
    await expect(store().updateWorkflow(created.id, changes)).rejects.toMatchObject(refusal);
    expect(await store().getWorkflow(created.id)).toEqual(created);
  });

  test("does not delete a workflow that another one's newest definition names, and says which", async () => {
    const called = await store().createWorkflow(aWorkflow());
    const caller = await store().createWorkflow(
      aWorkflow([], { name: "Nightly", ...aDefinition("c", [], [called.id]) }),
    );
    expect(await store().deleteWorkflow(called.id)).toEqual({ namedBy: [{ id: caller.id, name: "Nightly" }] });
    await store().updateWorkflow(caller.id, { definition: aDefinition("without") });
    expect(await store().deleteWorkflow(called.id)).toBe("deleted");
  });

  test("deletes a named workflow once its caller is deleted", async () => {
    const called = await store().createWorkflow(aWorkflow());
    const caller = await store().createWorkflow(aWorkflow([], aDefinition("c", [], [called.id])));
    expect(await store().deleteWorkflow(caller.id)).toBe("deleted");
    expect(await store().deleteWorkflow(called.id)).toBe("deleted");
  });

  test("never ends up with a workflow that names a deleted one, however deletes and creates interleave", async () => {
    for (let round = 0; round < 10; round++) {
      const { id } = await store().createWorkflow(aWorkflow());
      const [deleted, created] = await Promise.allSettled([
        store().deleteWorkflow(id),
        store().createWorkflow(aWorkflow([], aDefinition("c", [], [id]))),
      ]);
      expect(deleted.status).toBe("fulfilled");
      const isThere = (await store().getWorkflow(id)) !== null;
      expect(created.status === "fulfilled").toBe(isThere);
      if (created.status === "rejected") expect(created.reason).toMatchObject({ code: "INVALID_ARGUMENT" });
    }
  });
}

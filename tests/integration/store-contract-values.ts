import { randomBytes, randomUUID } from "node:crypto";
import type { JsonValue } from "../../src/core/json";
import type { StoreOfTest } from "./store-contract";
import { aTask, aTaskStart, aWorkflow, newExecutionId, newTaskId } from "./store-records";

/** Past the size of a page, of a TOAST chunk and of what the API takes in one message. */
const LARGE_BYTES = 8 * 1024 * 1024;

/** Every character that JSON can hold and databases have trouble with. */
const HARD_TEXT = "\0\u0001\u007f'\"\\%_;--\u2028 Grüße 世界 🚀 \uD800";

export function valueContract(store: StoreOfTest): void {
  test("keeps any JSON as it is: keys, order, NUL, lone surrogates, numbers", async () => {
    const config = { [HARD_TEXT]: HARD_TEXT, z: 1, a: [1e308, 5e-324, -1.5, 2 ** 53, true, null, "", {}, []] };
    const { id } = await store().createTask(aTask({ config, metadata: { __proto__: 1, constructor: "x" } }));
    const task = await store().getTask(id);
    expect(task?.config).toEqual(config);
    expect(Object.keys(task?.config ?? {})).toEqual(Object.keys(config));
    const start = aTaskStart(id, { input: HARD_TEXT });
    await store().recordStarted(start);
    await store().recordEnded({ id: start.id, status: "COMPLETED", completedAt: new Date(), output: null });
    expect(await store().getExecution(start.id)).toMatchObject({ input: HARD_TEXT, output: null, outputBytes: 4 });
    // Both at once are written by a statement of their own.
    const short = aTaskStart(id, { input: config, displayName: HARD_TEXT });
    const completedAt = new Date(short.startedAt.getTime() + 1);
    const end = { id: short.id, status: "COMPLETED", completedAt, output: config, started: short } as const;
    await store().recordEnded(end);
    const displayName = HARD_TEXT.replace("\0", "\uFFFD").replace("\uD800", "\uFFFD");
    expect(await store().getExecution(short.id)).toMatchObject({ input: config, output: config, displayName });
  });

  test("keeps text, and replaces the characters that no database can keep", async () => {
    const kept = HARD_TEXT.replace("\0", "\uFFFD").replace("\uD800", "\uFFFD");
    const created = await store().createTask(
      aTask({ title: HARD_TEXT, description: HARD_TEXT, taskType: HARD_TEXT, workspacePath: HARD_TEXT }),
    );
    expect(created).toMatchObject({ title: kept, description: kept, taskType: kept, workspacePath: kept });
    expect(await store().getTask(created.id)).toEqual(created);
    expect((await store().listTasks({ taskType: HARD_TEXT }, { limit: 10, offset: 0 })).items).toEqual([created]);
    expect(await store().updateTask(created.id, { title: "a\0b" })).toMatchObject({ title: "a\uFFFDb" });

    const workflow = await store().createWorkflow(aWorkflow([], { name: HARD_TEXT, description: HARD_TEXT }));
    expect(await store().getWorkflow(workflow.id)).toEqual(workflow);
    expect(workflow).toMatchObject({ name: kept, description: kept });

    const start = aTaskStart(created.id);
    await store().recordStarted(start);
    const failure = { code: "INTERNAL", message: HARD_TEXT };
    await store().recordEnded({ id: start.id, status: "FAILED", completedAt: new Date(), failure, nodeId: HARD_TEXT });
    expect(await store().getExecution(start.id)).toMatchObject({ error: kept, errorNodeId: kept });
    expect(await store().getTask(created.id)).toMatchObject({ error: kept });
    expect(await store().listExecutions({ subjectId: "a\0b" }, { limit: 1, offset: 0 })).toEqual({
      items: [],
      total: 0,
      next: null,
    });
  });

  test("matches filters and keys exactly: case, blanks and accents count", async () => {
    for (const taskType of ["exact", "Exact", "exact ", "éxact"]) await store().createTask(aTask({ taskType }));
    expect((await store().listTasks({ taskType: "exact" }, { limit: 10, offset: 0 })).total).toBe(1);
    expect((await store().listTasks({ taskType: "exac_" }, { limit: 10, offset: 0 })).total).toBe(0);
  });

  test("keeps very large values", async () => {
    const text = randomBytes(LARGE_BYTES / 2).toString("hex");
    const { id } = await store().createTask(aTask({ config: { text }, description: text }));
    const start = aTaskStart(id, { input: { text } });
    await store().recordStarted(start);
    await store().recordEnded({ id: start.id, status: "COMPLETED", completedAt: new Date(), output: text });
    const task = await store().getTask(id);
    expect(task?.description === text && task.config["text"] === text).toBe(true);
    const execution = await store().getExecution(start.id);
    expect(execution?.output === text).toBe(true);
    expect(execution?.outputBytes).toBe(LARGE_BYTES + 2);
  });

  test("keeps times to the millisecond, before 1970 as well as far ahead", async () => {
    for (const iso of ["1969-07-20T20:17:40.123Z", "2026-03-29T02:30:00.999Z", "9999-12-31T23:59:59.999Z"]) {
      const start = aTaskStart(newTaskId(), { startedAt: new Date(iso) });
      await store().recordStarted(start);
      expect((await store().getExecution(start.id))?.startedAt?.toISOString()).toBe(iso);
    }
  });

  test("keeps blobs byte by byte, empty and large, and replaces one that is put again", async () => {
    const executionId = newExecutionId();
    for (const data of [
      new Uint8Array(0),
      Uint8Array.from({ length: 256 }, (_, byte) => byte),
      randomBytes(LARGE_BYTES),
    ]) {
      const reference = randomUUID();
      await store().putBlob({ reference, executionId, data });
      const read = await store().getBlob(reference);
      expect(read !== null && Buffer.compare(read, data)).toBe(0);
    }
    const reference = `executions/${executionId}/stdout`;
    await store().putBlob({ reference, executionId, data: Buffer.from("first") });
    await store().putBlob({ reference, executionId, data: Buffer.from("second") });
    expect(Buffer.from((await store().getBlob(reference)) ?? []).toString()).toBe("second");
    expect(await store().getBlob("no such blob")).toBeNull();
    expect(await store().getBlob("a\0b")).toBeNull();
    await store().deleteBlobs([reference, "no such blob"]);
    await store().deleteBlobs([]);
    expect(await store().getBlob(reference)).toBeNull();
  });

  test("keeps results until they expire, replaces them, and removes those that have expired", async () => {
    const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));
    const put = (hash: string, value: JsonValue, expiresAt: Date, now: Date) =>
      store().putCachedResult({ hash, value, expiresAt }, now);
    await put("a", { text: HARD_TEXT }, at(10), at(0));
    await put("b", null, at(20), at(0));
    expect(await store().getCachedResult("a", at(9))).toEqual({ value: { text: HARD_TEXT } });
    expect(await store().getCachedResult("a", at(10))).toBeNull();
    expect(await store().getCachedResult("b", at(10))).toEqual({ value: null });
    expect(await store().getCachedResult("none", at(0))).toBeNull();
    await put("b", [1], at(40), at(15));
    expect(await store().getCachedResult("b", at(30))).toEqual({ value: [1] });
    // Gone, not only expired: also for who believes that it is earlier.
    expect(await store().getCachedResult("a", at(0))).toBeNull();
  });
}

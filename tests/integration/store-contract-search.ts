import type { ExecutionId } from "../../src/core/ids";
import { FINAL_STATUSES } from "../../src/store/records";
import type { ExecutionFilter, ExecutionOrder, StartedExecution } from "../../src/store/store-port";
import type { StoreOfTest } from "./store-contract";
import { aTaskStart, aWorkflowStart, newTaskId, newWorkflowId } from "./store-records";

const at = (second: number) => new Date(Date.UTC(2031, 0, 1, 0, 0, second));

/** Finding executions, and pruning them. */
export function searchContract(store: StoreOfTest): void {
  const ids = async (filter: ExecutionFilter, order?: ExecutionOrder) => {
    const page = { limit: 100, offset: 0, ...(order === undefined ? {} : { order }) };
    const { items, total, next } = await store().listExecutions(filter, page);
    expect(total).toBe(items.length);
    expect(next).toBeNull();
    return items.map(({ id }) => id);
  };
  const start = async (subjectId: string, second: number, changes: Partial<StartedExecution> = {}) => {
    const started = aWorkflowStart(subjectId, { startedAt: at(second), ...changes });
    await store().recordStarted(started);
    return started.id;
  };
  const end = (id: ExecutionId, second: number, error?: { code: string; message: string; nodeId?: string }) =>
    store().recordEnded({
      id,
      status: error === undefined ? "COMPLETED" : "FAILED",
      completedAt: at(second),
      ...(error === undefined ? {} : { failure: error }),
      ...(error?.nodeId === undefined ? {} : { nodeId: error.nodeId }),
    });

  test("keeps an execution's name and labels, and finds it by all of the labels that are asked for", async () => {
    const subjectId = newWorkflowId();
    const web = await start(subjectId, 1, { labels: { team: "web", tier: "1" }, displayName: "Prüfung 🚀" });
    const other = await start(subjectId, 2, { labels: { team: "web", tier: "2" } });
    const task = aTaskStart(newTaskId(), { startedAt: at(3), labels: { team: "ops%", "a/b.c": "" } });
    await store().recordStarted(task);
    await store().recordStarted(task);
    expect(await store().getExecution(web)).toMatchObject({
      displayName: "Prüfung 🚀",
      labels: { team: "web", tier: "1" },
    });
    expect(await ids({ labels: { team: "web" } })).toEqual([other, web]);
    expect(await ids({ labels: { team: "web" } }, "CREATED_ASC")).toEqual([web, other]);
    expect(await ids({ labels: { team: "web", tier: "1" } })).toEqual([web]);
    expect(await ids({ labels: { tier: "1", team: "web" }, kind: "task" })).toEqual([]);
    expect(await ids({ labels: { team: "WEB" } })).toEqual([]);
    expect(await ids({ labels: { team: "ops%", "a/b.c": "" } })).toEqual([task.id]);
    expect((await store().listExecutions({ labels: { "a/b.c": "" } }, { limit: 1, offset: 0 })).items).toMatchObject([
      { displayName: null, labels: { team: "ops%", "a/b.c": "" } },
    ]);
  });

  test("finds by any of several statuses and by times, from the first on and before the second", async () => {
    const subjectId = newWorkflowId();
    const [one, two, three] = [await start(subjectId, 1), await start(subjectId, 2), await start(subjectId, 3)];
    await end(one, 10);
    await end(two, 9, { code: "TIMEOUT", message: "took too long" });
    const own = (filter: ExecutionFilter) => ids({ subjectId, ...filter });
    expect(await own({ statuses: ["COMPLETED", "FAILED"] })).toEqual([two, one]);
    expect(await own({ statuses: ["RUNNING"] })).toEqual([three]);
    expect(await own({ statuses: [] })).toEqual([]);
    expect(await own({ startedAfter: at(2) })).toEqual([three, two]);
    expect(await own({ startedAfter: at(1), startedBefore: at(2) })).toEqual([one]);
    expect(await own({ completedAfter: at(10) })).toEqual([one]);
    expect(await own({ completedBefore: at(10) })).toEqual([two]);
    expect(await own({ completedAfter: at(9), completedBefore: at(11) })).toEqual([two, one]);
  });

  test("finds a text in an error's code, node and message, whatever its case, and takes % and _ for themselves", async () => {
    const subjectId = newWorkflowId();
    const [one, two, ended] = [await start(subjectId, 1), await start(subjectId, 2), await start(subjectId, 3)];
    await end(one, 4, { code: "SHELL_EXIT_CODE", message: "exit code 2: 100% ÄRGER!", nodeId: "build" });
    await end(two, 5, { code: "HTTP_STATUS", message: "503 of https://example.com/a_b" });
    await end(ended, 6);
    const own = (errorText: string) => ids({ subjectId, errorText });
    expect(await own("shell_exit")).toEqual([one]);
    expect(await own("BUILD")).toEqual([one]);
    expect(await own("ärger!")).toEqual([one]);
    expect(await own("100%")).toEqual([one]);
    expect(await own("exit_code_2")).toEqual([]);
    expect(await own("%")).toEqual([one]);
    expect(await own("a_b")).toEqual([two]);
    expect(await own("!")).toEqual([one]);
    expect(await own("' OR 1=1")).toEqual([]);
    expect(await ids({ subjectId, errorText: "code", statuses: ["CANCELLED"] })).toEqual([]);
  });

  test("finds a text in a name, whatever its case, and takes % and _ for themselves", async () => {
    const subjectId = newWorkflowId();
    const one = await start(subjectId, 1, { displayName: "Nightly import 100%" });
    const two = await start(subjectId, 2, { displayName: "nightly_Prüfung" });
    await start(subjectId, 3);
    const own = (nameText: string) => ids({ subjectId, nameText });
    expect(await own("nightly")).toEqual([two, one]);
    expect(await own("IMPORT")).toEqual([one]);
    expect(await own("prüf")).toEqual([two]);
    expect(await own("%")).toEqual([one]);
    expect(await own("y_p")).toEqual([two]);
    expect(await own("t_1")).toEqual([]);
    expect(await own("' OR 1=1")).toEqual([]);
    expect(await ids({ subjectId, nameText: "nightly", startedAfter: at(2) }, "CREATED_ASC")).toEqual([two]);
  });

  test("finds only some ids, also ten thousand of them, in the order asked for", async () => {
    const subjectId = newWorkflowId();
    const [one, two] = [await start(subjectId, 1), await start(subjectId, 2)];
    await start(subjectId, 3);
    expect(await ids({ subjectId, ids: [] })).toEqual([]);
    const others = Array.from({ length: 9_998 }, () => newWorkflowId());
    expect(await ids({ subjectId, ids: [...others, one, two] }, "CREATED_ASC")).toEqual([one, two]);
  });

  test("orders by creation and by completion, either way; what runs has no place in the latter", async () => {
    const subjectId = newWorkflowId();
    const [one, two, three] = [await start(subjectId, 1), await start(subjectId, 2), await start(subjectId, 3)];
    await end(one, 10);
    await end(two, 9);
    expect(await ids({ subjectId }, "CREATED_ASC")).toEqual([one, two, three]);
    expect(await ids({ subjectId }, "COMPLETED_DESC")).toEqual([one, two]);
    expect(await ids({ subjectId }, "COMPLETED_ASC")).toEqual([two, one]);
  });

  test.each(["CREATED_DESC", "CREATED_ASC", "COMPLETED_DESC", "COMPLETED_ASC"] as const)(
    "pages by %s without gap or repeat while executions start and go, also within one millisecond",
    async (order) => {
      const subjectId = newWorkflowId();
      const labels = { order };
      const all: ExecutionId[] = [];
      for (let index = 0; index < 12; index += 1) {
        const id = await start(subjectId, 10 + Math.floor(index / 4), { labels });
        await end(id, 20 + Math.floor(index / 4));
        all.push(id);
      }
      for (const filter of [{ subjectId }, { labels }, { subjectId, labels }]) {
        const before = await ids(filter, order);
        expect([...before].sort()).toEqual([...all].sort());
        const seen: ExecutionId[] = [];
        let after: { at: Date; id: ExecutionId } | null = null;
        do {
          const place: { after?: { at: Date; id: ExecutionId } } = after === null ? {} : { after };
          const page = await store().listExecutions(filter, { limit: 5, offset: 0, order, counted: false, ...place });
          expect(page.total).toBeNull();
          seen.push(...page.items.map(({ id }) => id));
          after = page.next;
          // At the end that has been passed.
          const second = order.endsWith("DESC") ? 50 + all.length : -all.length;
          const late = await start(subjectId, second, { labels });
          await end(late, second);
          all.push(late);
        } while (after !== null);
        expect(seen).toEqual(before);
      }
    },
  );

  test("prunes what ended before a time, with labels, blobs and keys, and never what runs", async () => {
    const subjectId = newWorkflowId();
    const long = (second: number) => ({
      startedAt: new Date(Date.UTC(1999, 0, 1, 0, 0, second)),
      labels: { era: "old" },
    });
    const old = [
      await start(subjectId, 0, long(1)),
      await start(subjectId, 0, long(2)),
      await start(subjectId, 0, long(3)),
    ];
    const [one, two, running] = old;
    if (one === undefined || two === undefined || running === undefined) throw new Error("no starts");
    const ended = { completedAt: new Date(Date.UTC(1999, 0, 2)), output: 1 };
    await store().recordEnded({ id: one, status: "COMPLETED", ...ended });
    await store().recordEnded({ id: two, status: "FAILED", ...ended });
    for (const id of old) {
      await store().putBlob({ reference: `${id}/1`, executionId: id, data: new Uint8Array([1]) });
      await store().claimIdempotencyKey({ kind: "workflow", subjectId, key: id, requestHash: "h", executionId: id });
    }
    const rule = { statuses: FINAL_STATUSES, completedBefore: new Date(Date.UTC(2000, 0, 1)) };
    expect(await store().countPrunable(rule)).toBe(2);
    expect(await store().countPrunable({ ...rule, statuses: ["FAILED"] })).toBe(1);
    expect(await store().countPrunable({ ...rule, completedBefore: ended.completedAt })).toBe(0);
    expect(await store().pruneExecutions(rule, 1)).toBe(1);
    expect(await store().pruneExecutions(rule, 10)).toBe(1);
    expect(await store().pruneExecutions(rule, 10)).toBe(0);
    expect(await ids({ labels: { era: "old" } })).toEqual([running]);
    expect([await store().getExecution(one), await store().getBlob(`${one}/1`)]).toEqual([null, null]);
    expect(await store().getBlob(`${running}/1`)).toEqual(new Uint8Array([1]));
    const claim = { kind: "workflow" as const, subjectId, requestHash: "other", executionId: running };
    expect(await store().claimIdempotencyKey({ ...claim, key: one })).toMatchObject({ requestHash: "other" });
    expect(await store().claimIdempotencyKey({ ...claim, key: running })).toMatchObject({ requestHash: "h" });
    await store().recordEnded({ id: running, status: "COMPLETED", ...ended });
    expect(await store().pruneExecutions(rule, 10)).toBe(1);
  });

  test("keeps the newest of each task and workflow, and with a time those that either keeps", async () => {
    const [busy, quiet] = [newWorkflowId(), newWorkflowId()];
    const created: ExecutionId[] = [];
    for (let index = 0; index < 5; index += 1) {
      const id = await start(busy, 100 + index);
      created.push(id);
      if (index < 4) await end(id, 200 - index);
    }
    const only = await start(quiet, 100);
    await end(only, 110);
    const rule = { statuses: FINAL_STATUSES, keepLast: 2 };
    const before = { ...rule, completedBefore: at(200) };
    // Of all that is in this database; the rest of it is of subjects of their own.
    const gone = async () => (await ids({ subjectId: busy })).length;
    expect(await store().countPrunable(before)).toBeGreaterThanOrEqual(1);
    await store().pruneExecutions(before, 1_000);
    expect(await gone()).toBe(4);
    expect(await store().getExecution(created[0] as ExecutionId)).not.toBeNull();
    await store().pruneExecutions(rule, 1_000);
    expect(await ids({ subjectId: busy })).toEqual([created[4], created[3], created[2]]);
    expect(await ids({ subjectId: quiet })).toEqual([only]);
    expect(await store().countPrunable(rule)).toBe(0);
  });
}

import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { type Logger, silentLogger } from "../../src/core/logger";
import { openStore } from "../../src/store/open-store";
import type { TestDatabase } from "./store-contract";
import { aDefinition, aTask, aTaskStart, aWorkflow, newExecutionId, newTaskId } from "./store-records";

const run = promisify(execFile);

/** Built by `npm run build`: processes of their own run what is shipped. */
const BUILT_STORE = path.resolve(__dirname, "../../dist/store/open-store.js");

/** Opens the store of argv[2], creates argv[3] tasks one after the other, and prints how often it migrated. */
const WRITER = `
  const { randomUUID } = require("node:crypto");
  const { openStore } = require(process.argv[1]);
  let migrated = 0;
  const count = (_, message) => { if (message === "migrated the database") migrated++; };
  const logger = { debug: count, info: count, warn: count, error: count };
  (async () => {
    const store = await openStore({ databaseUrl: process.argv[2], logger });
    for (let n = 0; n < Number(process.argv[3]); n++) {
      const task = { id: randomUUID(), title: "t", description: "", taskType: "written", config: {}, metadata: {}, workspacePath: "" };
      await store.createTask(task);
      await store.recordStarted({ id: randomUUID(), kind: "task", subjectId: task.id, temporalWorkflowId: "w", temporalRunId: "r", input: {}, startedAt: new Date() });
    }
    await store.close();
    console.log(migrated);
  })().catch((error) => { console.error(error); process.exitCode = 1; });
`;

/** Runs `WRITER`; resolves to how often it migrated. */
export async function writeInOtherProcess(url: string, count: number): Promise<number> {
  const { stdout } = await run(process.execPath, ["-e", WRITER, BUILT_STORE, url, String(count)]);
  return Number(stdout);
}

export function lifecycleContract(createDatabase: () => Promise<TestDatabase>): void {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createDatabase();
  });
  afterEach(() => database.remove());

  test("keeps everything across a restart", async () => {
    const before = await openStore({ databaseUrl: database.url, logger: silentLogger });
    const task = await before.createTask(aTask({ metadata: { kept: true } }));
    const workflow = await before.createWorkflow(aWorkflow([task.id]));
    await before.updateWorkflow(workflow.id, { definition: aDefinition("two", [task.id]) });
    const start = aTaskStart(task.id);
    await before.recordStarted(start);
    await before.recordEnded({ id: start.id, status: "COMPLETED", completedAt: new Date(), output: { n: 1 } });
    const claim = { kind: "task" as const, subjectId: task.id, key: "k", requestHash: "h", executionId: start.id };
    await before.claimIdempotencyKey(claim);
    await before.putBlob({ reference: "r", executionId: start.id, data: Uint8Array.of(1, 2, 3) });
    const read = async (store: typeof before) => [
      await store.getTask(task.id),
      await store.getWorkflow(workflow.id),
      await store.getWorkflowVersion(workflow.id, 1),
      await store.getWorkflowVersion(workflow.id, 2),
      await store.getExecution(start.id),
      await store.claimIdempotencyKey({ ...claim, executionId: newExecutionId() }),
      await store.getBlob("r"),
    ];
    const records = await read(before);
    expect(records).not.toContain(null);
    await before.close();

    const after = await openStore({ databaseUrl: database.url, logger: silentLogger });
    expect(await read(after)).toEqual(records);
    await after.close();
  });

  test("migrates once when four stores of one process open an empty database at the same time", async () => {
    let migrated = 0;
    const logger: Logger = { ...silentLogger, info: () => migrated++ };
    const stores = await Promise.all([1, 2, 3, 4].map(() => openStore({ databaseUrl: database.url, logger })));
    await Promise.all(stores.map((store) => store.createTask(aTask())));
    const { total } = (await stores[0]?.listTasks({}, { limit: 0, offset: 0 })) ?? { total: 0 };
    expect(total).toBe(4);
    expect(migrated).toBe(1);
    await Promise.all(stores.map((store) => store.close()));
  });

  test("migrates once when four processes start at the same time, and none is refused while all write", async () => {
    const migrated = await Promise.all([1, 2, 3, 4].map(() => writeInOtherProcess(database.url, 20)));
    expect(migrated.sort()).toEqual([0, 0, 0, 1]);
    const store = await openStore({ databaseUrl: database.url, logger: silentLogger });
    expect((await store.listTasks({ taskType: "written" }, { limit: 0, offset: 0 })).total).toBe(80);
    expect((await store.listExecutions({ statuses: ["RUNNING"] }, { limit: 0, offset: 0 })).total).toBe(80);
    await store.close();
  });

  test("answers a ping, and is UNAVAILABLE after it was closed", async () => {
    const store = await openStore({ databaseUrl: database.url, logger: silentLogger });
    await expect(store.ping()).resolves.toBeUndefined();
    await store.close();
    await store.close();
    await expect(store.ping()).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await expect(store.getTask(newTaskId())).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await expect(store.createTask(aTask())).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });
}

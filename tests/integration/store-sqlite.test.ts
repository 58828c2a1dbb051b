import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { silentLogger } from "../../src/core/logger";
import { openStore } from "../../src/store/open-store";
import { SqliteAdapter } from "../../src/store/sqlite-adapter";
import { storeContract, type TestDatabase } from "./store-contract";
import { writeInOtherProcess } from "./store-contract-lifecycle";
import { aTask } from "./store-records";

let folder: string;
let count = 0;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "aco-store-"));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** In a folder that does not exist yet, under a name that is not a valid piece of a URL. */
async function createDatabase(): Promise<TestDatabase & { readonly file: string }> {
  const file = path.join(folder, `data ${count++}`, "a%20co?#.db");
  const remove = async () => fs.rmSync(path.dirname(file), { recursive: true, force: true });
  return { url: `file:${file}`, file, remove };
}

const open = (databaseUrl: string) => openStore({ databaseUrl, logger: silentLogger });

storeContract(createDatabase);

test("makes the folder and keeps the records to their owner", async () => {
  const { url, file } = await createDatabase();
  const store = await open(url);
  await store.createTask(aTask());
  const modes = fs
    .readdirSync(path.dirname(file))
    .map((name) => [
      name.replace("a%20co?#.db", ""),
      (fs.statSync(path.join(path.dirname(file), name)).mode & 0o777).toString(8),
    ]);
  expect(Object.fromEntries(modes)).toEqual({ "": "600", "-wal": "600", "-shm": "600" });
  expect((fs.statSync(path.dirname(file)).mode & 0o777).toString(8)).toBe("700");
  await store.close();
});

test("takes back the rights that others had on the file", async () => {
  const { url, file } = await createDatabase();
  await (await open(url)).close();
  fs.chmodSync(file, 0o644);
  await (await open(url)).close();
  expect((fs.statSync(file).mode & 0o777).toString(8)).toBe("600");
});

test("lets other processes write while this one does, without refusing either", async () => {
  const { url } = await createDatabase();
  const store = await open(url);
  const others = Promise.all([writeInOtherProcess(url, 50), writeInOtherProcess(url, 50)]);
  let done = false;
  void others.finally(() => {
    done = true;
  });
  let written = 0;
  while (!done) {
    await Promise.all(Array.from({ length: 20 }, () => store.createTask(aTask({ taskType: "ours" }))));
    written += 20;
    // The driver is synchronous: without this, the loop would never see the others end.
    await setImmediate();
  }
  await others;
  expect((await store.listTasks({ taskType: "ours" }, { limit: 0, offset: 0 })).total).toBe(written);
  expect((await store.listTasks({ taskType: "written" }, { limit: 0, offset: 0 })).total).toBe(100);
  await store.close();
});

test("waits for another's long transaction without blocking the event loop", async () => {
  const { url, file } = await createDatabase();
  const store = await open(url);
  // The first call loads Prisma's compiler of queries, which does block.
  await store.createTask(aTask());
  const other = await new SqliteAdapter(file).connect();
  const transaction = await other.startTransaction();
  let ticks = 0;
  const ticker = setInterval(() => ticks++, 10);
  const created = store.createTask(aTask());
  await new Promise((resolve) => setTimeout(resolve, 500));
  clearInterval(ticker);
  await transaction.rollback();
  await expect(created).resolves.toMatchObject({ status: "PENDING" });
  // Of 50 that would fit; the waits inside SQLite, and other tests on the machine, take their share.
  expect(ticks).toBeGreaterThan(5);
  await other.dispose();
  await store.close();
});

test("leaves nothing half done when a process dies while it migrates", async () => {
  const { url, file } = await createDatabase();
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const dying = await new SqliteAdapter(file).connect();
  await dying.executeScript("BEGIN IMMEDIATE; CREATE TABLE tasks (id TEXT); CREATE TABLE _prisma_migrations (x TEXT)");
  // What the operating system does to a dead process's files.
  await dying.dispose();
  const store = await open(url);
  await expect(store.createTask(aTask())).resolves.toMatchObject({ status: "PENDING" });
  await store.close();
});

test("says so when the file is not a database, or cannot be made", async () => {
  const { url, file } = await createDatabase();
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, "this is a letter, not a database\n".repeat(100));
  await expect(open(url)).rejects.toMatchObject({
    code: "UNAVAILABLE",
    message: expect.stringContaining(file) as string,
  });
  await expect(open(`file:${file}/below/a.db`)).rejects.toMatchObject({
    code: "UNAVAILABLE",
    message: expect.stringContaining("DATABASE_URL") as string,
  });
});

test("does not repeat a URL that it refuses", async () => {
  const refused = open("mysql://root:hunter2@localhost/aco");
  await expect(refused).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
    message: expect.not.stringContaining("hunter2") as string,
  });
});

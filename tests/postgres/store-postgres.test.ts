import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { silentLogger } from "../../src/core/logger";
import { openStore } from "../../src/store/open-store";
import { storeContract } from "../integration/store-contract";
import { aTask } from "../integration/store-records";
import { createPostgresDatabase, runSql, SERVER_URL } from "./postgres-database";
import { startTcpProxy } from "./tcp-proxy";

const run = promisify(execFile);

storeContract(createPostgresDatabase);

const open = (databaseUrl: string) => openStore({ databaseUrl, logger: silentLogger });

const password = decodeURIComponent(new URL(SERVER_URL).password);

/** What an error says, with all its causes. */
function allOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause === undefined ? message : `${message}\n${allOf(cause)}`;
}

async function refusalOf(url: string): Promise<Error & { code?: string }> {
  return open(url).then(
    () => Promise.reject(new Error("it opened")),
    (error: Error) => error,
  );
}

test("has the tables that the models say, in a real database", async () => {
  const database = await createPostgresDatabase();
  await (await open(database.url)).close();
  const script = path.resolve(__dirname, "../../scripts/check-postgres-schema.mjs");
  await expect(run(process.execPath, [script, database.url])).resolves.toMatchObject({ stdout: "" });
  await runSql(database.url, "ALTER TABLE tasks DROP COLUMN error");
  await expect(run(process.execPath, [script, database.url])).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("missing: column tasks error text") as string,
  });
  await database.remove();
});

test("is UNAVAILABLE while the network is gone, and goes on when it is back", async () => {
  const database = await createPostgresDatabase();
  const { hostname, port } = new URL(database.url);
  const proxy = await startTcpProxy({ host: hostname, port: Number(port) });
  const url = new URL(database.url);
  url.port = String(proxy.port);
  const store = await open(url.href);
  const task = await store.createTask(aTask());
  proxy.cut();
  const unavailable = { code: "UNAVAILABLE", message: "the database cannot be reached; try again" };
  await expect(store.ping()).rejects.toMatchObject(unavailable);
  await expect(store.getTask(task.id)).rejects.toMatchObject(unavailable);
  await expect(store.createTask(aTask())).rejects.toMatchObject(unavailable);
  await expect(store.deleteWorkflow(task.id as never)).rejects.toMatchObject(unavailable);
  const failure = await store.ping().catch((error: unknown) => error);
  expect(allOf(failure)).not.toContain(password);
  proxy.restore();
  expect(await store.getTask(task.id)).toEqual(task);
  await store.close();
  await proxy.close();
  await database.remove();
});

test("is UNAVAILABLE, not broken, when the server ends its connections in the middle of things", async () => {
  const database = await createPostgresDatabase();
  const store = await open(database.url);
  const sql = `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '${database.name}'`;
  const outcomes: string[] = [];
  for (let round = 0; round < 5; round++) {
    const calls = Array.from({ length: 20 }, () => store.createTask(aTask()));
    const [settled] = await Promise.all([Promise.allSettled(calls), runSql(SERVER_URL, sql)]);
    for (const call of settled) outcomes.push(call.status === "fulfilled" ? "created" : String(call.reason.code));
  }
  expect(outcomes.filter((outcome) => outcome !== "created" && outcome !== "UNAVAILABLE")).toEqual([]);
  // The pool may still hold connections that it does not know to be dead, but no more than its size.
  for (let tries = 0; tries < 10; tries++) await store.ping().catch(() => undefined);
  await expect(store.createTask(aTask())).resolves.toMatchObject({ status: "PENDING" });
  await store.close();
  await database.remove();
});

test.each([
  ["a wrong password", (url: URL) => Object.assign(url, { password: "wrong%20secret" })],
  ["a database that does not exist", (url: URL) => Object.assign(url, { pathname: "/no_such_database" })],
  ["a port where nobody listens", (url: URL) => Object.assign(url, { port: "1" })],
])("says where it looked, without the password, given %s", async (_, change) => {
  const url = change(new URL(SERVER_URL));
  const error = await refusalOf(url.href);
  expect(error).toMatchObject({ code: "UNAVAILABLE" });
  expect(error.message).toContain("DATABASE_URL: cannot open the database");
  expect(error.message).toContain(url.host);
  for (const secret of [password, url.password, decodeURIComponent(url.password)]) {
    expect(allOf(error)).not.toContain(secret);
  }
});

test("waits its turn when all connections are in use", async () => {
  const database = await createPostgresDatabase();
  const store = await open(database.url);
  const created = await Promise.all(Array.from({ length: 200 }, () => store.createTask(aTask({ taskType: "many" }))));
  expect(created).toHaveLength(200);
  const [row] = await runSql(
    SERVER_URL,
    `SELECT count(*)::int FROM pg_stat_activity WHERE datname = '${database.name}' AND application_name = 'aco'`,
  );
  expect(row?.[0]).toBeLessThanOrEqual(10);
  await store.close();
  await database.remove();
});

import fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PrismaLibSql } from "@prisma/adapter-libsql";
import { splitStatements } from "./sql-script";

type Client = ReturnType<PrismaLibSql["createClient"]>;
type ClientConfig = Parameters<PrismaLibSql["createClient"]>[0];
type Transaction = Awaited<ReturnType<Client["transaction"]>>;

/**
 * How long one call inside SQLite may wait for another process's lock. The driver is synchronous: this blocks the event
 * loop, so it covers the usual write (under a millisecond) and no more.
 */
const BLOCKING_WAIT_MS = 20;

/** How long a statement is tried again while another process writes, before it fails as UNAVAILABLE. */
const BUSY_LIMIT_MS = 20_000;

/** Between two tries; picked at random up to this, so that two processes do not stay in step. */
const BUSY_PAUSE_MS = 10;

/** WAL lets readers go on while one writes; NORMAL then loses nothing that was committed when the process is killed. */
const PRAGMAS = [
  `PRAGMA busy_timeout = ${BLOCKING_WAIT_MS}`,
  "PRAGMA journal_mode = WAL",
  "PRAGMA synchronous = NORMAL",
  "PRAGMA foreign_keys = ON",
];

/** Makes the folder and an empty file that only their owner can read: records hold what tasks were given and gave. */
export function prepareSqliteFile(file: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  fs.closeSync(fs.openSync(file, "a", 0o600));
  // SQLite gives its -wal and -shm files the mode of this one.
  fs.chmodSync(file, 0o600);
}

/**
 * Prisma's adapter on exactly one connection. The stock client opens another one, without our pragmas, after each
 * transaction, and begins transactions in a way (`DEFERRED`) that fails when two processes write.
 */
export class SqliteAdapter extends PrismaLibSql {
  constructor(file: string) {
    super({ url: `file:${file.split("/").map(encodeURIComponent).join("/")}`, timeout: BLOCKING_WAIT_MS });
  }

  override createClient(config: ClientConfig): Client {
    return onOneConnection(super.createClient(config));
  }

  override async connect(): ReturnType<PrismaLibSql["connect"]> {
    const connection = await super.connect();
    for (const sql of PRAGMAS) await connection.queryRaw({ sql, args: [], argTypes: [] });
    return connection;
  }
}

function onOneConnection(client: Client): Client {
  const execute = client.execute.bind(client) as (statement: unknown) => ReturnType<Client["execute"]>;
  // The adapter calls it with one argument, one call after the other.
  client.execute = ((statement: unknown) => whileBusy(() => execute(statement))) as Client["execute"];
  client.executeMultiple = async (script) => {
    for (const statement of splitStatements(script)) await client.execute(statement);
  };
  client.transaction = () => beginTransaction(client);
  return client;
}

/** `IMMEDIATE`: the only statement of a transaction that can find the database locked is the first. */
async function beginTransaction(client: Client): Promise<Transaction> {
  await client.execute("BEGIN IMMEDIATE");
  let open = true;
  const end = async (sql: string) => {
    open = false;
    await client.execute(sql);
  };
  return {
    execute: client.execute,
    executeMultiple: client.executeMultiple,
    batch: (statements) => Promise.all(statements.map((statement) => client.execute(statement as string))),
    commit: async () => {
      try {
        await end("COMMIT");
      } catch (error) {
        // A full disk, for one. Left open, the transaction would swallow everybody's next writes.
        await end("ROLLBACK").catch(() => undefined);
        throw error;
      }
    },
    rollback: () => end("ROLLBACK"),
    close: () => {
      if (open) void end("ROLLBACK").catch(() => undefined);
    },
    get closed() {
      return !open;
    },
  };
}

/** Tries again while another process holds the lock, without blocking the event loop in between. */
async function whileBusy<T>(work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + BUSY_LIMIT_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
      await sleep(Math.ceil(Math.random() * BUSY_PAUSE_MS));
    }
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "SQLITE_BUSY";
}

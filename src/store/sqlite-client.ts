import { setTimeout as sleep } from "node:timers/promises";
import type { PrismaLibSql } from "@prisma/adapter-libsql";
import SqliteDriver from "libsql";

/** The part of @libsql/client that Prisma's adapter calls. */
export type Client = ReturnType<PrismaLibSql["createClient"]>;
type ResultSet = Awaited<ReturnType<Client["execute"]>>;

/**
 * How long one call inside SQLite may wait for another process's lock. The driver is synchronous: this blocks the event
 * loop, so it covers the usual write (under a millisecond) and no more.
 */
const BLOCKING_WAIT_MS = 5;

/** How long a write is tried again while another process holds the lock, before it fails as UNAVAILABLE. */
const BUSY_LIMIT_MS = 20_000;

/** Between two tries; picked at random up to this, so that two processes do not stay in step. */
const BUSY_PAUSE_MS = 10;

/**
 * One connection to a SQLite file, for Prisma's adapter. It stands in for @libsql/client, which opens another connection,
 * without our pragmas, after each transaction, and loses writes: a prepared statement that met a lock stays active until it
 * is garbage-collected, and until then nothing that its connection writes is committed (libsql 0.5.29, measured in
 * docs/decisions/0008-sqlite-locks.md). So locks are taken with `exec`, which leaves nothing behind, and no prepared
 * statement runs without one.
 */
export function openSqliteClient(file: string): Client {
  const driver = new SqliteDriver(file, { timeout: BLOCKING_WAIT_MS });
  const execute = async (statement: unknown): Promise<ResultSet> => {
    const { sql, args } = statement as { readonly sql: string; readonly args: readonly unknown[] };
    const prepared = driver.prepare(sql);
    if (driver.inTransaction || isRead(sql)) return whileBusy(() => runPrepared(prepared, args));
    await begin(driver);
    try {
      const result = runPrepared(prepared, args);
      driver.exec("COMMIT");
      return result;
    } catch (error) {
      rollback(driver);
      throw error;
    }
  };
  const client = {
    execute,
    executeMultiple: (script: string) => whileBusy(() => driver.exec(script)),
    transaction: async () => {
      await begin(driver);
      return {
        execute,
        commit: async () => {
          try {
            driver.exec("COMMIT");
          } catch (error) {
            // A full disk, for one. Left open, the transaction would swallow everybody's next writes.
            rollback(driver);
            throw error;
          }
        },
        rollback: async () => rollback(driver),
      };
    },
    close: () => driver.close(),
  };
  // The adapter calls no more than these, one after the other.
  return client as unknown as Client;
}

/** `IMMEDIATE`: of all statements of a transaction, only this one can find the database locked. */
function begin(driver: SqliteDriver.Database): Promise<void> {
  return whileBusy(() => {
    driver.exec("BEGIN IMMEDIATE");
  });
}

function rollback(driver: SqliteDriver.Database): void {
  // After some errors SQLite has rolled back by itself.
  if (driver.inTransaction) driver.exec("ROLLBACK");
}

function isRead(sql: string): boolean {
  return /^\s*(SELECT|PRAGMA)\b/i.test(sql);
}

function runPrepared(statement: SqliteDriver.Statement, args: readonly unknown[]): ResultSet {
  const values = args.map((value) => (typeof value === "boolean" ? Number(value) : value));
  if (!statement.reader) return resultOf({ rowsAffected: statement.run(values).changes });
  const columns = statement.columns();
  const rows = (statement.raw(true).all(values) as unknown[][]).map((row) => row.map(fromDriver));
  return resultOf({
    columns: columns.map(({ name }) => name),
    // Null for what is computed: the adapter then looks at the values.
    columnTypes: columns.map(({ type }) => type ?? ""),
    rows,
  });
}

/** The adapter knows bytes as an `ArrayBuffer`; a buffer's own may be longer than the buffer. */
function fromDriver(value: unknown): unknown {
  return Buffer.isBuffer(value) ? Uint8Array.from(value).buffer : value;
}

function resultOf(found: { columns?: string[]; columnTypes?: string[]; rows?: unknown[][]; rowsAffected?: number }) {
  return { columns: [], columnTypes: [], rows: [], rowsAffected: 0, ...found } as unknown as ResultSet;
}

/** Tries again while another process holds the lock, without blocking the event loop in between. */
async function whileBusy<T>(work: () => T): Promise<T> {
  const deadline = performance.now() + BUSY_LIMIT_MS;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
      await sleep(Math.ceil(Math.random() * BUSY_PAUSE_MS));
    }
  }
}

function isBusy(error: unknown): boolean {
  return String((error as { readonly code?: unknown }).code).startsWith("SQLITE_BUSY");
}

import fs from "node:fs";
import path from "node:path";
import type { SqlDriverAdapter } from "@prisma/driver-adapter-utils";
import type { Logger } from "../core/logger";
import type { DatabaseAddress } from "./database-url";
import { openSchemaEngine } from "./schema-engine";

/** From `src/store` as from `dist/store`. */
const MIGRATIONS_DIR = path.resolve(__dirname, "../../prisma/migrations");

interface Dialect {
  /** Starts a transaction that one process at a time can be in; ended by the process's death, if by nothing else. */
  readonly begin: readonly string[];
  readonly tableExists: string;
}

const DIALECTS: Readonly<Record<DatabaseAddress["kind"], Dialect>> = {
  sqlite: {
    begin: ["BEGIN IMMEDIATE"],
    tableExists: `SELECT name FROM sqlite_master WHERE name = '_prisma_migrations'`,
  },
  postgresql: {
    // The number is arbitrary ("aco" in ASCII); it must stay the same in all versions.
    begin: ["BEGIN", "SELECT pg_advisory_xact_lock(6382447)"],
    tableExists: `SELECT c.relname::text FROM pg_class c WHERE c.oid = to_regclass('_prisma_migrations')`,
  },
};

/**
 * Brings a database to the newest migration. All of it happens in one transaction that also is the lock: of several
 * processes that start at once the first does the work and the others wait, and one that dies leaves nothing half done.
 * `connection` must be a single connection, not a pool.
 */
export async function migrate(
  kind: DatabaseAddress["kind"],
  connection: SqlDriverAdapter,
  logger: Logger,
): Promise<void> {
  const dialect = DIALECTS[kind];
  const names = migrationNames(kind);
  // Loading the engine takes far longer than looking, and almost always there is nothing to do.
  if (await isUpToDate(connection, dialect, names, logger)) return;
  try {
    for (const sql of dialect.begin) await connection.executeScript(sql);
    if (!(await isUpToDate(connection, dialect, names, logger))) await apply(kind, connection, names, logger);
    await connection.executeScript("COMMIT");
  } catch (error) {
    await connection.executeScript("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

function migrationNames(kind: DatabaseAddress["kind"]): readonly string[] {
  const entries = fs.readdirSync(path.join(MIGRATIONS_DIR, kind), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** Migrations that a database lacks, and those that it has and this version does not know. */
export async function migrationState(
  kind: DatabaseAddress["kind"],
  connection: SqlDriverAdapter,
): Promise<{ readonly pending: readonly string[]; readonly unknown: readonly string[] }> {
  const names = migrationNames(kind);
  const applied = await appliedMigrations(connection, DIALECTS[kind]);
  return {
    pending: names.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !names.includes(name)),
  };
}

async function appliedMigrations(connection: SqlDriverAdapter, dialect: Dialect): Promise<readonly string[]> {
  if ((await firstColumn(connection, dialect.tableExists)).length === 0) return [];
  return await firstColumn(
    connection,
    `SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
  );
}

async function isUpToDate(
  connection: SqlDriverAdapter,
  dialect: Dialect,
  names: readonly string[],
  logger: Logger,
): Promise<boolean> {
  const applied = await appliedMigrations(connection, dialect);
  const unknown = applied.filter((name) => !names.includes(name));
  // Happens while a cluster is being updated; migrations only add, so the older version goes on working.
  if (unknown.length > 0) logger.warn({ migrations: unknown }, "a newer version has migrated this database");
  return names.every((name) => applied.includes(name));
}

async function firstColumn(connection: SqlDriverAdapter, sql: string): Promise<readonly string[]> {
  const { rows } = await connection.queryRaw({ sql, args: [], argTypes: [] });
  return rows.map((row) => String(row[0]));
}

async function apply(
  kind: DatabaseAddress["kind"],
  connection: SqlDriverAdapter,
  names: readonly string[],
  logger: Logger,
): Promise<void> {
  const baseDir = path.join(MIGRATIONS_DIR, kind);
  const migrationDirectories = names.map((name) => {
    const value = fs.readFileSync(path.join(baseDir, name, "migration.sql"), "utf8");
    return { path: name, migrationFile: { path: "migration.sql", content: { tag: "ok" as const, value } } };
  });
  const lockfile = { path: "migration_lock.toml", content: `provider = "${kind}"\n` };
  const engine = await openSchemaEngine(`datasource db {\n  provider = "${kind}"\n}\n`, connection);
  try {
    const { appliedMigrationNames } = await engine.applyMigrations({
      filters: { externalTables: [], externalEnums: [] },
      migrationsList: { baseDir, lockfile, shadowDbInitScript: "", migrationDirectories },
    });
    logger.info({ migrations: appliedMigrationNames }, "migrated the database");
  } finally {
    engine.free();
  }
}

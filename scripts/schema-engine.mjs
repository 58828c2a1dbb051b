/** Prisma's schema engine for scripts: compares schemas and migrations without a server. */
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { PrismaLibSql } from "@prisma/adapter-libsql";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import { PROVIDERS, schemaFor } from "./prisma-schema.mjs";
import { ROOT } from "./steps.mjs";

export const MIGRATIONS = path.join(ROOT, "prisma", "migrations");

/** The models as the newest migration leaves them: what the next migration starts from. */
export const SNAPSHOT_FILE = path.join(MIGRATIONS, "models.prisma");

/** Names of a provider's migrations, oldest first. */
export function migrationNames(provider) {
  const folder = path.join(MIGRATIONS, provider);
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** The package is made for bundlers that import .wasm files; Node needs these four lines instead. */
async function loadSchemaEngine() {
  const bindings = await import("@prisma/schema-engine-wasm/schema_engine_bg");
  const folder = path.dirname(fileURLToPath(import.meta.resolve("@prisma/schema-engine-wasm/schema_engine_bg")));
  const wasm = fs.readFileSync(path.join(folder, "schema_engine_bg.wasm"));
  const { instance } = await WebAssembly.instantiate(wasm, { "./schema_engine_bg.js": bindings });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return bindings.SchemaEngine;
}

/** The engine hands over a whole migration as one query, of which libsql would run the first statement and say nothing. */
class ScriptRunningLibSql extends PrismaLibSql {
  async connectToShadowDb() {
    const connection = await super.connectToShadowDb();
    const executeRaw = connection.executeRaw.bind(connection);
    connection.executeRaw = async (query) => {
      if (query.args.length > 0) return executeRaw(query);
      await connection.executeScript(query.sql);
      return 0;
    };
    return connection;
  }
}

/** Instantiated once: the bindings are one set of globals. */
let loading;

async function openEngine(provider, adapter) {
  loading ??= loadSchemaEngine();
  const SchemaEngine = await loading;
  const datamodels = [["schema.prisma", schemaFor(provider, "")]];
  return SchemaEngine.new({ datamodels }, () => {}, bindMigrationAwareSqlAdapterFactory(adapter));
}

/**
 * `diff(from, to)`: the SQL that leads from one to the other, or null where they are the same. Both come from
 * `modelsTarget` or `migrationsTarget`. The engine stands on an empty SQLite database in memory; to compare two schemas of
 * PostgreSQL it needs no PostgreSQL.
 */
export async function openDiff() {
  const engine = await openEngine("sqlite", new ScriptRunningLibSql({ url: ":memory:" }));
  return async (from, to) => {
    const filters = { externalTables: [], externalEnums: [] };
    const { exitCode, stdout } = await engine.diff({ from, to, script: true, exitCode: true, filters });
    return exitCode === 0 ? null : stdout;
  };
}

export const EMPTY_TARGET = { tag: "empty" };

export function modelsTarget(provider, models) {
  return { tag: "schemaDatamodel", files: [{ path: "schema.prisma", content: schemaFor(provider, models) }] };
}

/** What a database is like after all migrations. SQLite only: the engine replays them in memory. */
export function sqliteMigrationsTarget() {
  const baseDir = path.join(MIGRATIONS, "sqlite");
  const migrationDirectories = migrationNames("sqlite").map((name) => {
    const content = { tag: "ok", value: fs.readFileSync(path.join(baseDir, name, "migration.sql"), "utf8") };
    return { path: name, migrationFile: { path: "migration.sql", content } };
  });
  return {
    tag: "migrations",
    baseDir,
    lockfile: { path: "migration_lock.toml", content: 'provider = "sqlite"\n' },
    shadowDbInitScript: "",
    migrationDirectories,
  };
}

/** What leads from the newest migrations to `models`, for each provider; null where nothing does. */
export async function missingMigrations(diff, models) {
  const snapshot = fs.existsSync(SNAPSHOT_FILE) ? fs.readFileSync(SNAPSHOT_FILE, "utf8") : null;
  const scripts = {};
  for (const provider of PROVIDERS) {
    const from = snapshot === null ? EMPTY_TARGET : modelsTarget(provider, snapshot);
    scripts[provider] = await diff(from, modelsTarget(provider, models));
  }
  return scripts;
}

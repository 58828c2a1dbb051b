import { accessSync, constants, existsSync } from "node:fs";
import { dirname } from "node:path";
import type { SqlDriverAdapter } from "@prisma/driver-adapter-utils";
import { silentLogger } from "../core/logger";
import { parseDatabaseUrl } from "./database-url";
import { migrationState } from "./migrate";
import { openError } from "./open-store";
import { postgresMigrationAdapter } from "./postgres-adapter";
import { SqliteAdapter } from "./sqlite-adapter";

/** What `aco doctor` tells of a database. */
export interface DatabaseFacts {
  /** Where it is, without a password. */
  readonly place: string;
  /** False for a SQLite file that is still to be made. */
  readonly exists: boolean;
  /** Migrations of ours that it lacks. */
  readonly pending: readonly string[];
  /** Migrations that it has and we do not know. */
  readonly unknown: readonly string[];
  readonly isWritable: boolean;
}

/** Looks at a database and changes nothing. Throws UNAVAILABLE where it cannot be reached. */
export async function examineDatabase(databaseUrl: string): Promise<DatabaseFacts> {
  const address = parseDatabaseUrl(databaseUrl);
  const place = address.kind === "sqlite" ? address.file : `PostgreSQL on ${new URL(address.url).host}`;
  if (address.kind === "sqlite" && !existsSync(address.file))
    return { place, exists: false, pending: [], unknown: [], isWritable: true };
  const adapter =
    address.kind === "sqlite" ? new SqliteAdapter(address.file) : postgresMigrationAdapter(address.url, silentLogger);
  try {
    const connection = await adapter.connect();
    try {
      const state = await migrationState(address.kind, connection);
      const isWritable = address.kind === "sqlite" ? mayWrite(address.file) : await isPrimary(connection);
      return { place, exists: true, ...state, isWritable };
    } finally {
      await connection.dispose();
    }
  } catch (error) {
    throw openError(error, address);
  }
}

/** SQLite writes beside the file as well. */
function mayWrite(file: string): boolean {
  try {
    accessSync(file, constants.W_OK);
    accessSync(dirname(file), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** A standby, or a user who may make nothing in the schema, could not even migrate. */
async function isPrimary(connection: SqlDriverAdapter): Promise<boolean> {
  const sql =
    "SELECT (current_setting('transaction_read_only') = 'off' AND has_schema_privilege(current_schema(), 'CREATE'))::text";
  const { rows } = await connection.queryRaw({ sql, args: [], argTypes: [] });
  return String(rows[0]?.[0]) === "true";
}

import type { SqlMigrationAwareDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import { isOrchestratorError, OrchestratorError } from "../core/errors";
import type { Logger } from "../core/logger";
import { createBlobStore } from "./blob-store";
import { type Client, createDatabase } from "./database";
import { type DatabaseAddress, parseDatabaseUrl } from "./database-url";
import { createExecutionPruning } from "./execution-pruning";
import { createExecutionStore } from "./execution-store";
import { createIdempotencyStore } from "./idempotency-store";
import { migrate } from "./migrate";
import { postgresAdapter, postgresMigrationAdapter } from "./postgres-adapter";
import { createReactionStore } from "./reaction-store";
import { createResultCacheStore } from "./result-cache-store";
import { prepareSqliteFile, SqliteAdapter } from "./sqlite-adapter";
import { storeError } from "./store-errors";
import type { Store } from "./store-port";
import { createTaskStore } from "./task-store";
import { createWebhookStore } from "./webhook-store";
import { createWorkflowStore } from "./workflow-store";
import { createWorkflowVersionStore } from "./workflow-version-store";

/**
 * How long a transaction may wait to begin, and how long it may take. Prisma's defaults (2 s and 5 s) are less than what
 * a burst of writes on SQLite, where one writes at a time, can need on a slow disk.
 */
const TRANSACTION_OPTIONS = { maxWait: 20_000, timeout: 20_000 };

/**
 * Opens the records at `databaseUrl` (`file:/path/to/aco.db` or `postgresql://...`) and brings them to the newest
 * migration. Throws INVALID_ARGUMENT for another kind of URL, UNAVAILABLE where the database cannot be reached.
 */
export async function openStore(options: { databaseUrl: string; logger: Logger }): Promise<Store> {
  const address = parseDatabaseUrl(options.databaseUrl);
  const client = await openClient(address, options.logger);
  const database = createDatabase(client, { writesInTurn: address.kind === "sqlite" });
  return {
    ...createTaskStore(database),
    ...createWorkflowStore(database),
    ...createWorkflowVersionStore(database),
    ...createExecutionStore(database),
    ...createExecutionPruning(database),
    ...createIdempotencyStore(database),
    ...createBlobStore(database),
    ...createResultCacheStore(database),
    ...createReactionStore(database),
    ...createWebhookStore(database),
    ping: async () => {
      await database.run((client) => client.$queryRaw`SELECT 1`);
    },
    close: () => database.close(),
  };
}

async function openClient(address: DatabaseAddress, logger: Logger): Promise<Client> {
  try {
    // Each client brings its own compiler of queries (megabytes of wasm), so only the one that is needed is loaded.
    if (address.kind === "sqlite") {
      prepareSqliteFile(address.file);
      await migrateOn(address, new SqliteAdapter(address.file), logger);
      const { PrismaClient } = require("../gen/prisma/sqlite/client") as typeof import("../gen/prisma/sqlite/client");
      return new PrismaClient({ adapter: new SqliteAdapter(address.file), transactionOptions: TRANSACTION_OPTIONS });
    }
    await migrateOn(address, postgresMigrationAdapter(address.url, logger), logger);
    const { PrismaClient } =
      require("../gen/prisma/postgresql/client") as typeof import("../gen/prisma/postgresql/client");
    const adapter = postgresAdapter(address.url, logger);
    return new PrismaClient({ adapter, transactionOptions: TRANSACTION_OPTIONS }) as unknown as Client;
  } catch (error) {
    throw openError(error, address);
  }
}

async function migrateOn(
  address: DatabaseAddress,
  adapter: SqlMigrationAwareDriverAdapterFactory,
  logger: Logger,
): Promise<void> {
  const connection = await adapter.connect();
  try {
    await migrate(address.kind, connection, logger);
  } finally {
    await connection.dispose();
  }
}

/** Says where it looked, since whoever starts a server must know which setting is wrong; never the password. */
export function openError(error: unknown, address: DatabaseAddress): unknown {
  const place = address.kind === "sqlite" ? address.file : placeOf(address.url);
  if (isOrchestratorError(storeError(error)) || isSystemError(error)) {
    return new OrchestratorError("UNAVAILABLE", `DATABASE_URL: cannot open ${place}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
  return new Error(`cannot migrate ${place}: ${reasonOf(error)}`, { cause: error });
}

function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `the database ${JSON.stringify(decodeURIComponent(pathname.slice(1)))} on ${host}`;
}

/** Node's own, such as ENOTDIR or EACCES. */
function isSystemError(error: unknown): boolean {
  return typeof error === "object" && error !== null && "syscall" in error;
}

function reasonOf(error: unknown): string {
  const { message } = error as { readonly message?: unknown };
  return String(message ?? error).split("\n")[0] ?? "";
}

import { PrismaPg } from "@prisma/adapter-pg";
import type { Logger } from "../core/logger";

/**
 * Connections of one process. PostgreSQL allows 100 in all by default: room for eight processes and for administrators.
 */
const POOL_SIZE = 10;

/** How long a call waits for a connection: shorter than a client's usual deadline, so that it hears UNAVAILABLE. */
const CONNECT_TIMEOUT_MS = 5_000;

/** After this a connection that is not used is closed; pg's own default. */
const IDLE_TIMEOUT_MS = 10_000;

/** No statement of ours takes long; one that does is stuck behind something that will not end. */
const STATEMENT_TIMEOUT_MS = 30_000;

export function postgresAdapter(url: string, logger: Logger): PrismaPg {
  return adapterOf(url, logger, { max: POOL_SIZE, statement_timeout: STATEMENT_TIMEOUT_MS });
}

/** One connection that stays: migrations run in one transaction on it. They may take as long as they need. */
export function postgresMigrationAdapter(url: string, logger: Logger): PrismaPg {
  return adapterOf(url, logger, { max: 1, idleTimeoutMillis: 0 });
}

function adapterOf(
  url: string,
  logger: Logger,
  limits: { max: number; idleTimeoutMillis?: number; statement_timeout?: number },
): PrismaPg {
  const lost = (error: Error) => logger.warn({ err: error }, "a database connection was lost");
  return new PrismaPg(
    {
      connectionString: url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
      keepAlive: true,
      application_name: "aco",
      ...limits,
    },
    { onPoolError: lost, onConnectionError: lost },
  );
}

import { setTimeout as sleep } from "node:timers/promises";
import type { Prisma, PrismaClient } from "../gen/prisma/sqlite/client";
import { isConflict, storeError, unavailable } from "./store-errors";

/**
 * The client, whatever the database is: both are generated from the same models, so the type of one stands for both.
 * What only one of them can do (`skipDuplicates`, `mode: "insensitive"`) is not used.
 */
export type Client = PrismaClient;
export type Transaction = Prisma.TransactionClient;

/** Tries of a transaction that others keep getting in the way of. */
const MAX_TRIES = 8;

/** Between two of them; picked at random up to this, times the number of the try. */
const RETRY_PAUSE_MS = 10;

/** How the parts of the store reach the database. Both throw UNAVAILABLE where it cannot be reached. */
export interface Database {
  /** Calls outside a transaction; each statement is atomic. */
  run<T>(work: (client: Client) => Promise<T>): Promise<T>;
  /** All or nothing; `work` may run more than once. Inside it, no other call than on `transaction`. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** SQLite: a statement that writes sees all that was written before it. PostgreSQL's sees what was there when it began. */
  readonly writesInTurn: boolean;
  close(): Promise<void>;
}

export function createDatabase(client: Client, { writesInTurn }: { readonly writesInTurn: boolean }): Database {
  let closing: Promise<void> | undefined;
  const run = async <T>(work: (client: Client) => Promise<T>): Promise<T> => {
    for (let tries = 1; ; tries++) {
      // A closed client would quietly open the database again.
      if (closing !== undefined) throw unavailable();
      try {
        return await work(client);
      } catch (error) {
        if (!isConflict(error) || tries === MAX_TRIES) throw storeError(error);
        await sleep(Math.random() * RETRY_PAUSE_MS * tries);
      }
    }
  };
  return {
    run,
    transaction: (work) => run((client) => client.$transaction(work)),
    writesInTurn,
    close: () => {
      closing ??= client.$disconnect();
      return closing;
    },
  };
}

import type { JsonValue } from "../core/json";
import type { Database } from "./database";
import type { Store } from "./store-port";

export type ResultCacheStore = Pick<Store, "getCachedResult" | "putCachedResult">;

export function createResultCacheStore(database: Database): ResultCacheStore {
  return {
    getCachedResult: async (hash, now) => {
      const where = { hash, expiresAt: { gt: now } };
      const row = await database.run((client) => client.cachedResult.findFirst({ where, select: { value: true } }));
      return row === null ? null : { value: JSON.parse(row.value) as JsonValue };
    },

    putCachedResult: async ({ hash, value, expiresAt }, now) => {
      // Whoever puts something in clears away what nobody can take any more, so the table stays as small as its use.
      await database.run((client) => client.cachedResult.deleteMany({ where: { expiresAt: { lte: now } } }));
      const row = { hash, expiresAt, value: JSON.stringify(value) };
      await database.run((client) =>
        client.cachedResult.upsert({ where: { hash }, create: row, update: row, select: { hash: true } }),
      );
    },
  };
}

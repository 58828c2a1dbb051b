import type { ExecutionId } from "../core/ids";
import type { IdempotencyKey } from "../gen/prisma/sqlite/client";
import type { Client, Database } from "./database";
import type { IdempotencyRecord } from "./records";
import { storableText } from "./storable-text";
import { isUniqueViolation } from "./store-errors";
import type { Store } from "./store-port";

export type IdempotencyStore = Pick<Store, "getIdempotencyKey" | "claimIdempotencyKey" | "moveIdempotencyKey">;

export function createIdempotencyStore(database: Database): IdempotencyStore {
  const claim = async (wanted: IdempotencyKey): Promise<IdempotencyKey> => {
    const stored = await database.run((client) => find(client, wanted));
    if (stored !== null) return stored;
    try {
      return await database.run((client) => client.idempotencyKey.create({ data: wanted }));
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      // Somebody else's claim came first, so it is there now, unless it was pruned in this very moment.
      return claim(wanted);
    }
  };
  return {
    getIdempotencyKey: async (of) => {
      const wanted = { ...of, subjectId: storableText(of.subjectId), key: storableText(of.key) };
      const stored = await database.run((client) => find(client, wanted));
      return stored === null ? null : decodeKey(stored);
    },

    claimIdempotencyKey: async (record) => decodeKey(await claim(encodeKey(record))),

    moveIdempotencyKey: async (record) => {
      const { kind, subjectId, key, executionId } = encodeKey(record);
      const where = { kind, subjectId, key };
      await database.run((client) => client.idempotencyKey.updateMany({ where, data: { executionId } }));
    },
  };
}

type KeyName = Pick<IdempotencyKey, "kind" | "subjectId" | "key">;

function find(client: Client, { kind, subjectId, key }: KeyName): Promise<IdempotencyKey | null> {
  return client.idempotencyKey.findUnique({ where: { kind_subjectId_key: { kind, subjectId, key } } });
}

function encodeKey(record: IdempotencyRecord): IdempotencyKey {
  return { ...record, subjectId: storableText(record.subjectId), key: storableText(record.key) };
}

function decodeKey(row: IdempotencyKey): IdempotencyRecord {
  return { ...row, executionId: row.executionId as ExecutionId };
}

import type { Database } from "./database";
import { storableText } from "./storable-text";
import type { Store } from "./store-port";

export type BlobStore = Pick<Store, "putBlob" | "getBlob" | "deleteBlobs">;

export function createBlobStore(database: Database): BlobStore {
  return {
    putBlob: async ({ reference, executionId, data }) => {
      // A copy: Prisma wants to know that nobody else shares the memory.
      const row = { reference: storableText(reference), executionId, data: Uint8Array.from(data) };
      const where = { reference: row.reference };
      // An attempt that is repeated after its worker was lost puts the same blob again.
      await database.run((client) =>
        client.blob.upsert({ where, create: row, update: row, select: { reference: true } }),
      );
    },

    getBlob: async (reference) => {
      const where = { reference: storableText(reference) };
      const row = await database.run((client) => client.blob.findUnique({ where, select: { data: true } }));
      return row?.data ?? null;
    },

    deleteBlobs: async (references) => {
      const where = { reference: { in: references.map(storableText) } };
      await database.run((client) => client.blob.deleteMany({ where }));
    },
  };
}

import type { Prisma, Webhook } from "../gen/prisma/sqlite/client";
import type { Database } from "./database";
import { storableText } from "./storable-text";
import { isUniqueViolation } from "./store-errors";
import { WEBHOOK_SIGNATURES, type WebhookChanges, type WebhookRecord, type WebhookStore } from "./webhook-records";

export function createWebhookStore(database: Database): WebhookStore {
  return {
    createWebhook: async (webhook) => {
      const now = new Date();
      const data = { ...webhook, ...storable(webhook), createdAt: now, updatedAt: now };
      try {
        return decode(await database.run((client) => client.webhook.create({ data })));
      } catch (error) {
        if (isUniqueViolation(error)) return null;
        throw error;
      }
    },

    getWebhook: async (name) => {
      const row = await database.run((client) => client.webhook.findUnique({ where: { name: storableText(name) } }));
      return row === null ? null : decode(row);
    },

    listWebhooks: async ({ subjectId }, { limit, offset }) => {
      const where: Prisma.WebhookWhereInput = subjectId === undefined ? {} : { subjectId: storableText(subjectId) };
      const orderBy: Prisma.WebhookOrderByWithRelationInput[] = [{ createdAt: "desc" }, { name: "desc" }];
      return await database.run(async (client) => {
        const rows = await client.webhook.findMany({ where, orderBy, take: limit, skip: offset });
        return { items: rows.map(decode), total: await client.webhook.count({ where }) };
      });
    },

    updateWebhook: async (name, changes) => {
      const data = { ...changes, ...storable(changes), updatedAt: new Date() };
      const [row] = await database.run((client) =>
        client.webhook.updateManyAndReturn({ where: { name: storableText(name) }, data }),
      );
      return row === undefined ? null : decode(row);
    },

    deleteWebhook: async (name) => {
      const where = { name: storableText(name) };
      return (await database.run((client) => client.webhook.deleteMany({ where }))).count > 0;
    },
  };
}

function storable({ description, input }: WebhookChanges): { description?: string; input?: string | null } {
  return {
    ...(description === undefined ? {} : { description: storableText(description) }),
    ...(input === undefined ? {} : { input: input === null ? null : storableText(input) }),
  };
}

/** What is stored came from `createWebhook`. */
function decode(row: Webhook): WebhookRecord {
  const signature = WEBHOOK_SIGNATURES.find((each) => each === row.signature) ?? "standard";
  return { ...row, signature };
}

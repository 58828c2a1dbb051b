import { type Sql, sqltag as sql } from "@prisma/client/runtime/client";
import type { ExecutionId } from "../core/ids";
import type { Prisma } from "../gen/prisma/sqlite/client";
import type { Database } from "./database";
import type { DeliveryAttempt, DeliveryKey, ReactionStore } from "./reaction-records";
import { decodeDelivery, decodeReaction, encodeReaction, encodeReactionChanges } from "./reaction-rows";
import { storableText } from "./storable-text";
import { isUniqueViolation } from "./store-errors";

export function createReactionStore(database: Database): ReactionStore {
  return { ...reactionMethods(database), ...deliveryMethods(database) };
}

/**
 * Makes the deliveries of an execution that has ended; does nothing where they are there or it has not. Goes by the record
 * alone, so that it may be carried out by whoever records an end, in that transaction, any number of times.
 */
export function makeDeliveries(executionId: string): Sql {
  return sql`INSERT INTO reaction_deliveries
      (execution_id, reaction_id, status, kind, target, attempts, created_at, next_attempt_at, due_at)
    SELECT e.id, r.id, 'PENDING', r.kind, r.target, 0, e.completed_at, e.completed_at, e.completed_at
    FROM executions e JOIN reactions r ON r.scope_id IN (e.id, e.subject_id)
    WHERE e.id = ${executionId} AND e.completed_at IS NOT NULL AND r.enabled
      AND (r.scope = 'execution' OR r.created_at <= e.completed_at)
      AND r.statuses LIKE '%' || CAST(e.status AS TEXT) || '%'
    ON CONFLICT DO NOTHING`;
}

type ReactionMethods = Pick<
  ReactionStore,
  | "createReaction"
  | "addExecutionReactions"
  | "removeExecutionReactions"
  | "getReaction"
  | "listReactions"
  | "listReactionsTo"
  | "updateReaction"
  | "deleteReaction"
  | "pruneOrphanReactions"
>;

function reactionMethods(database: Database): ReactionMethods {
  return {
    createReaction: async (reaction) => {
      const data = encodeReaction(reaction, new Date());
      return decodeReaction(await database.run((client) => client.reaction.create({ data })));
    },

    addExecutionReactions: async (executionId, reactions) => {
      for (const reaction of reactions) await insertOnce(database, encodeReaction(reaction, new Date()));
      return await catchUp(database, executionId);
    },

    removeExecutionReactions: async (scopeId) => {
      await database.run((client) => client.reaction.deleteMany({ where: { scope: "execution", scopeId } }));
    },

    getReaction: async (id) => {
      const row = await database.run((client) => client.reaction.findUnique({ where: { id } }));
      return row === null ? null : decodeReaction(row);
    },

    listReactions: async ({ scopeId }, { limit, offset }) => {
      const where: Prisma.ReactionWhereInput = {
        scope: { not: "execution" },
        ...(scopeId === undefined ? {} : { scopeId: storableText(scopeId) }),
      };
      const orderBy: Prisma.ReactionOrderByWithRelationInput[] = [{ createdAt: "desc" }, { id: "desc" }];
      return await database.run(async (client) => {
        const rows = await client.reaction.findMany({ where, orderBy, take: limit, skip: offset });
        return { items: rows.map(decodeReaction), total: await client.reaction.count({ where }) };
      });
    },

    listReactionsTo: async ({ id, subjectId }) => {
      const where = { scopeId: { in: [id, storableText(subjectId)] }, enabled: true };
      const rows = await database.run((client) =>
        client.reaction.findMany({ where, orderBy: [{ createdAt: "asc" }, { id: "asc" }] }),
      );
      return rows.map(decodeReaction);
    },

    updateReaction: async (id, changes) => {
      const data = encodeReactionChanges(changes, new Date());
      const [row] = await database.run((client) => client.reaction.updateManyAndReturn({ where: { id }, data }));
      return row === undefined ? null : decodeReaction(row);
    },

    deleteReaction: async (id) =>
      (await database.run((client) => client.reaction.deleteMany({ where: { id } }))).count > 0,

    pruneOrphanReactions: (before) =>
      database.run(
        (client) => client.$executeRaw`DELETE FROM reactions WHERE scope = 'execution' AND created_at < ${before}
          AND NOT EXISTS (SELECT 1 FROM executions e WHERE e.id = reactions.scope_id)`,
      ),
  };
}

type DeliveryMethods = Omit<ReactionStore, keyof ReactionMethods>;

function deliveryMethods(database: Database): DeliveryMethods {
  const change = async (key: DeliveryKey, data: Prisma.ReactionDeliveryUpdateManyMutationInput) => {
    const [row] = await database.run((client) =>
      client.reactionDelivery.updateManyAndReturn({ where: whereOf(key), data }),
    );
    return row === undefined ? null : decodeDelivery(row);
  };
  const find = (key: DeliveryKey) =>
    database.run((client) => client.reactionDelivery.findFirst({ where: whereOf(key) }));
  return {
    listDeliveries: async (executionId) => {
      const rows = await database.run((client) =>
        client.reactionDelivery.findMany({ where: { executionId }, orderBy: { reactionId: "asc" } }),
      );
      return rows.map(decodeDelivery);
    },

    getDelivery: async (key) => {
      const row = await find(key);
      return row === null ? null : decodeDelivery(row);
    },

    listDueDeliveries: async (before, limit) => {
      const rows = await database.run((client) =>
        client.reactionDelivery.findMany({
          where: { dueAt: { lt: before } },
          orderBy: { dueAt: "asc" },
          take: limit,
          select: { executionId: true, reactionId: true },
        }),
      );
      return rows.map(({ executionId, reactionId }) => ({ executionId: executionId as ExecutionId, reactionId }));
    },

    postponeDelivery: async (key, until) => {
      const where = { ...whereOf(key), status: "PENDING" as const };
      await database.run((client) => client.reactionDelivery.updateMany({ where, data: { dueAt: until } }));
    },

    recordAttempt: (key, attempt) => change(key, encodeAttempt(attempt)),

    restartDelivery: (key, now) =>
      change(key, { status: "PENDING", attempts: 0, nextAttemptAt: now, completedAt: null, dueAt: now, error: null }),

    removeDelivery: async (key) => {
      await database.run((client) => client.reactionDelivery.deleteMany({ where: whereOf(key) }));
    },

    claimStart: async (key, startedExecutionId) => {
      const where = { ...whereOf(key), startedExecutionId: null };
      await database.run((client) => client.reactionDelivery.updateMany({ where, data: { startedExecutionId } }));
      return ((await find(key))?.startedExecutionId ?? null) as ExecutionId | null;
    },
  };
}

function whereOf({ executionId, reactionId }: DeliveryKey) {
  return { executionId, reactionId };
}

/** What is not over is looked at again some time after its next attempt, in case that is never made. */
const OVERDUE_MS = 5 * 60_000;

function encodeAttempt(attempt: DeliveryAttempt): Prisma.ReactionDeliveryUpdateManyMutationInput {
  const { status, at, nextAttemptAt, responseStatus, error } = attempt;
  const isOver = status !== "PENDING";
  return {
    status,
    attempts: { increment: 1 },
    lastAttemptAt: at,
    nextAttemptAt: isOver ? null : nextAttemptAt,
    completedAt: isOver ? at : null,
    dueAt: isOver ? null : new Date((nextAttemptAt ?? at).getTime() + OVERDUE_MS),
    responseStatus: responseStatus ?? null,
    error: error === undefined ? null : storableText(error),
  };
}

/** One with a known id is the same request once more. */
async function insertOnce(database: Database, data: ReturnType<typeof encodeReaction>): Promise<void> {
  try {
    await database.run((client) => client.reaction.create({ data }));
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
  }
}

/**
 * Somebody may be recording the end right now, in a transaction that began before the reactions were there. To write to the
 * execution's row waits for that to be over; an end that comes later finds the reactions.
 */
async function catchUp(database: Database, executionId: ExecutionId): Promise<boolean> {
  return await database.transaction(async (transaction) => {
    await transaction.$executeRaw`UPDATE executions SET id = id WHERE id = ${executionId}`;
    return (await transaction.$executeRaw(makeDeliveries(executionId))) > 0;
  });
}

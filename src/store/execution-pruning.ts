import { type Sql, sqltag as sql } from "@prisma/client/runtime/client";
import type { Database, Transaction } from "./database";
import { statusIn, where } from "./execution-search";
import type { PruneRule, Store } from "./store-port";

export type ExecutionPruning = Pick<Store, "countPrunable" | "pruneExecutions">;

/** Records that are deleted in one transaction: on SQLite, some 20 ms during which nothing else is done. */
const BATCH_SIZE = 200;

export function createExecutionPruning(database: Database): ExecutionPruning {
  return {
    countPrunable: async (rule) => {
      let total = 0;
      for await (const conditions of prunable(database, rule)) total += await count(database, conditions);
      return total;
    },

    pruneExecutions: async (rule, limit) => {
      let deleted = 0;
      for await (const conditions of prunable(database, rule)) {
        for (let found = BATCH_SIZE; found === BATCH_SIZE && deleted < limit; ) {
          const ids = await oldest(database, conditions, Math.min(BATCH_SIZE, limit - deleted));
          found = ids.length;
          deleted += await database.transaction((transaction) => deleteEnded(transaction, ids));
        }
        if (deleted >= limit) break;
      }
      return deleted;
    },
  };
}

/** What may go, in parts that an index finds: all of it, or what may go of each task and workflow. */
async function* prunable(database: Database, rule: PruneRule): AsyncGenerator<readonly Sql[]> {
  const { statuses, completedBefore, keepLast = 0 } = rule;
  const shared = [
    statusIn(statuses),
    sql`e.completed_at IS NOT NULL`,
    sql`NOT EXISTS (SELECT 1 FROM reaction_deliveries d WHERE d.execution_id = e.id AND d.due_at IS NOT NULL)`,
    ...(completedBefore === undefined ? [] : [sql`e.completed_at < ${completedBefore}`]),
  ];
  if (keepLast === 0) {
    yield shared;
    return;
  }
  // Few have more than are kept of each.
  const subjects = await rows<{ subject_id: string }>(
    database,
    sql`SELECT e.subject_id FROM executions e GROUP BY e.subject_id HAVING count(*) > ${keepLast}`,
  );
  for (const { subject_id } of subjects) {
    const own = [sql`e.subject_id = ${subject_id}`, statusIn(statuses)];
    const [newest] = await rows<{ id: string }>(
      database,
      sql`SELECT e.id FROM executions e${where(own)} ORDER BY e.created_at DESC, e.id DESC LIMIT 1 OFFSET ${keepLast}`,
    );
    if (newest === undefined) continue;
    const first = sql`(SELECT n.created_at FROM executions n WHERE n.id = ${newest.id})`;
    yield [sql`e.subject_id = ${subject_id}`, ...shared, sql`(e.created_at, e.id) <= (${first}, ${newest.id})`];
  }
}

async function count(database: Database, conditions: readonly Sql[]): Promise<number> {
  const query = sql`SELECT count(*) AS total FROM executions e${where(conditions)}`;
  return Number((await rows<{ total: bigint }>(database, query))[0]?.total ?? 0);
}

async function oldest(database: Database, conditions: readonly Sql[], limit: number): Promise<readonly string[]> {
  const query = sql`SELECT e.id FROM executions e${where(conditions)} ORDER BY e.completed_at, e.id LIMIT ${limit}`;
  return (await rows<{ id: string }>(database, query)).map(({ id }) => id);
}

/** Returns how many were deleted: another API may have been faster. */
async function deleteEnded(transaction: Transaction, ids: readonly string[]): Promise<number> {
  const executionId = { in: [...ids] };
  const ended = { id: executionId, status: { notIn: ["PENDING" as const, "RUNNING" as const] } };
  // Labels go with their execution. What belongs to one that is not to go after all must stay, hence this order.
  const { count } = await transaction.execution.deleteMany({ where: ended });
  const left = await transaction.execution.findMany({ where: { id: executionId }, select: { id: true } });
  const gone = { in: ids.filter((id) => !left.some((row) => row.id === id)) };
  await transaction.blob.deleteMany({ where: { executionId: gone } });
  await transaction.reactionDelivery.deleteMany({ where: { executionId: gone } });
  await transaction.reaction.deleteMany({ where: { scope: "execution", scopeId: gone } });
  await transaction.idempotencyKey.deleteMany({ where: { executionId: gone } });
  return count;
}

function rows<Row>(database: Database, query: Sql): Promise<readonly Row[]> {
  return database.run((client) => client.$queryRaw<Row[]>(query));
}

import type { Prisma } from "../gen/prisma/sqlite/client";
import type { Database } from "./database";
import { decodeExecution, decodeExecutionSummary, encodeEnded, encodeStarted } from "./execution-rows";
import { storableText } from "./storable-text";
import { isUniqueViolation } from "./store-errors";
import type { EndedExecution, StartedExecution, Store } from "./store-port";

/** Inputs and outputs can be megabytes: lists leave them where they are. */
const SUMMARY = { input: true, output: true } satisfies Prisma.ExecutionOmit;

const OPEN: Prisma.ExecutionWhereInput = { status: { in: ["PENDING", "RUNNING"] } };

export type ExecutionStore = Pick<
  Store,
  "recordStarted" | "recordEnded" | "getExecution" | "listExecutions" | "listRunningExecutions"
>;

export function createExecutionStore(database: Database): ExecutionStore {
  return {
    recordStarted: async (execution) => {
      // Every start is recorded twice, by the API and by the run itself: the second one ends here.
      const where = { id: execution.id };
      const known = await database.run((client) => client.execution.findUnique({ where, select: { id: true } }));
      if (known !== null) return;
      try {
        await insertStarted(database, execution);
      } catch (error) {
        // The other one was faster, and has marked the task too.
        if (!isUniqueViolation(error)) throw error;
      }
    },

    recordEnded: (execution) => endExecution(database, execution),

    getExecution: async (id) => {
      const row = await database.run((client) => client.execution.findUnique({ where: { id } }));
      return row === null ? null : decodeExecution(row);
    },

    listExecutions: async ({ kind, subjectId, status }, { limit, offset }) => {
      const where: Prisma.ExecutionWhereInput = {
        ...(kind !== undefined && { kind }),
        ...(subjectId !== undefined && { subjectId: storableText(subjectId) }),
        ...(status !== undefined && { status }),
      };
      const orderBy: Prisma.ExecutionOrderByWithRelationInput[] = [{ createdAt: "desc" }, { id: "desc" }];
      return database.run(async (client) => {
        const [rows, total] = await Promise.all([
          client.execution.findMany({ where, orderBy, take: limit, skip: offset, omit: SUMMARY }),
          client.execution.count({ where }),
        ]);
        return { items: rows.map(decodeExecutionSummary), total };
      });
    },

    listRunningExecutions: async (before, limit) => {
      const rows = await database.run((client) =>
        client.execution.findMany({
          where: { status: "RUNNING", startedAt: { lt: before } },
          orderBy: [{ startedAt: "asc" }, { id: "asc" }],
          take: limit,
          omit: SUMMARY,
        }),
      );
      return rows.map(decodeExecutionSummary);
    },
  };
}

function insertStarted(database: Database, execution: StartedExecution): Promise<unknown> {
  const data = encodeStarted(execution);
  if (execution.kind === "workflow")
    return database.run((client) => client.execution.create({ data, select: { id: true } }));
  return database.transaction(async (transaction) => {
    await transaction.execution.create({ data, select: { id: true } });
    await transaction.task.updateMany({
      where: { id: execution.subjectId },
      data: {
        status: "RUNNING",
        startedAt: execution.startedAt,
        completedAt: null,
        error: null,
        lastExecutionId: execution.id,
        updatedAt: new Date(),
      },
    });
  });
}

async function endExecution(database: Database, execution: EndedExecution): Promise<void> {
  const where = { ...OPEN, id: execution.id };
  const open = await database.run((client) =>
    client.execution.findFirst({ where, select: { kind: true, subjectId: true } }),
  );
  if (open === null) return;
  const data = encodeEnded(execution);
  if (open.kind === "workflow") {
    await database.run((client) => client.execution.updateMany({ where, data }));
    return;
  }
  await database.transaction(async (transaction) => {
    const { count } = await transaction.execution.updateMany({ where, data });
    if (count === 0) return;
    await transaction.task.updateMany({
      // A client may have set the task back to PENDING while this run was stopping; that is the later word.
      where: { id: open.subjectId, lastExecutionId: execution.id, status: { not: "PENDING" } },
      data: {
        status: execution.status,
        completedAt: execution.completedAt,
        error: data.error,
        updatedAt: new Date(),
      },
    });
  });
}

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
  | "recordStarted"
  | "recordEnded"
  | "recordReopened"
  | "getExecution"
  | "listExecutions"
  | "listRunningExecutions"
  | "listEndedExecutions"
>;

export function createExecutionStore(database: Database): ExecutionStore {
  return {
    recordStarted: (execution) => insertStarted(database, execution),

    recordEnded: async (execution) => {
      if ((await endOpen(database, execution)) || execution.started === undefined) return;
      // It has ended already, and then this changes nothing, or its start was never recorded.
      await insertStarted(database, execution.started);
      await endOpen(database, execution);
    },

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

    listEndedExecutions: async (ids) => {
      const rows = await database.run((client) =>
        client.execution.findMany({ where: { id: { in: [...ids] }, NOT: OPEN }, omit: SUMMARY }),
      );
      return rows.map(decodeExecutionSummary);
    },

    recordReopened: (id) => reopen(database, id),
  };
}

/** Does nothing where the execution is known: both the API and the run record a start, and either may be first. */
async function insertStarted(database: Database, execution: StartedExecution): Promise<void> {
  const data = encodeStarted(execution);
  try {
    await database.run<unknown>((client) => {
      const insert = client.execution.create({ data, select: { id: true } });
      if (execution.kind === "workflow") return insert;
      const markTask = client.task.updateMany({
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
      return client.$transaction([insert, markTask]);
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
  }
}

/** Ends the execution, and its task with it, where it is still open. Returns whether it was. */
async function endOpen(database: Database, execution: EndedExecution): Promise<boolean> {
  const { id, started } = execution;
  const where = { ...OPEN, id };
  const data = encodeEnded(execution);
  const taskId = started === undefined ? await taskOf(database, id) : subjectTask(started);
  return database.run(async (client) => {
    const end = client.execution.updateMany({ where, data });
    if (taskId === undefined) return (await end).count > 0;
    const endTask = client.task.updateMany({
      // RUNNING: a client may have set the task back to PENDING while this run was stopping; that is the later word.
      where: { id: taskId, lastExecutionId: id, status: "RUNNING" },
      data: {
        status: execution.status,
        completedAt: execution.completedAt,
        error: data.error,
        updatedAt: new Date(),
      },
    });
    const [{ count }] = await client.$transaction([end, endTask]);
    return count > 0;
  });
}

async function reopen(database: Database, id: string): Promise<void> {
  const taskId = await taskOf(database, id);
  const data = {
    status: "RUNNING" as const,
    completedAt: null,
    output: null,
    outputBytes: null,
    error: null,
    errorCode: null,
    errorNodeId: null,
  };
  await database.run<unknown>((client) => {
    const execution = client.execution.updateMany({ where: { id, NOT: OPEN }, data });
    if (taskId === undefined) return execution;
    const task = client.task.updateMany({
      // Only where the task's state is this execution's end: a client may have set it back to PENDING since.
      where: { id: taskId, lastExecutionId: id, status: { in: ["COMPLETED", "FAILED", "CANCELLED"] } },
      data: { status: "RUNNING", completedAt: null, error: null, updatedAt: new Date() },
    });
    return client.$transaction([execution, task]);
  });
}

function subjectTask({ kind, subjectId }: Pick<StartedExecution, "kind" | "subjectId">): string | undefined {
  return kind === "task" ? subjectId : undefined;
}

/** The task that was executed; undefined where it was a workflow, or nothing is known of it. */
async function taskOf(database: Database, id: string): Promise<string | undefined> {
  const row = await database.run((client) =>
    client.execution.findUnique({ where: { id }, select: { kind: true, subjectId: true } }),
  );
  return row === null ? undefined : subjectTask(row);
}

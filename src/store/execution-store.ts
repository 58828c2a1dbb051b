import type { ExecutionId } from "../core/ids";
import type { Prisma } from "../gen/prisma/sqlite/client";
import type { Client, Database } from "./database";
import { endTaskQuery, endUnheededQuery, insertUnheededQuery } from "./execution-end";
import {
  decodeExecution,
  decodeExecutionSummary,
  encodeEnded,
  encodeLabelRows,
  encodeStarted,
  errorText,
} from "./execution-rows";
import { countQuery, keepErrorQuery, searchQuery } from "./execution-search";
import { makeDeliveries } from "./reaction-store";
import { isUniqueViolation } from "./store-errors";
import type {
  EndedExecution,
  ExecutionCursor,
  ExecutionFilter,
  ExecutionOrder,
  StartedExecution,
  Store,
} from "./store-port";

/** Inputs and outputs can be megabytes: lists leave them where they are. */
const SUMMARY = { input: true, output: true } satisfies Prisma.ExecutionOmit;

/** The start of a run that was shorter has probably not been recorded. Only which statement comes first depends on it. */
const SHORT_MS = 100;

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
      const { started } = execution;
      if (await endUnheeded(database, execution)) return 0;
      if (started !== undefined && isLikelyNew(database, execution)) await insertStarted(database, started);
      const deliveries = await endHeeded(database, execution);
      if (deliveries !== null || started === undefined) return deliveries ?? 0;
      // It has ended already, and then this changes nothing, or its start was never recorded.
      await insertStarted(database, started);
      return (await endHeeded(database, execution)) ?? 0;
    },

    getExecution: async (id) => {
      const [row, redrives] = await database.run(async (client) => [
        await client.execution.findUnique({ where: { id } }),
        await redrivesOf(client, [id]),
      ]);
      return row === null ? null : decodeExecution(row, redrives.get(id));
    },

    listExecutions: (filter, page) =>
      database.run(async (client) => {
        const found = page.limit === 0 ? [] : await client.$queryRaw<FoundRow[]>(searchQuery(filter, page));
        const ids = found.slice(0, page.limit).map(({ id }) => id);
        const rows = await client.execution.findMany({ where: { id: { in: ids } }, omit: SUMMARY });
        const rowOf = new Map(rows.map((row) => [row.id, row]));
        const redrives = await redrivesOf(client, ids);
        const items = ids
          .flatMap((id) => rowOf.get(id) ?? [])
          .map((row) => decodeExecutionSummary(row, redrives.get(row.id)));
        const total = page.counted === false ? null : await countAll(client, filter, page.order);
        return { items, total, next: found.length > page.limit ? cursorOf(found[page.limit - 1]) : null };
      }),

    listRunningExecutions: async (before, limit) => {
      const rows = await database.run((client) =>
        client.execution.findMany({
          where: { status: "RUNNING", startedAt: { lt: before } },
          orderBy: [{ startedAt: "asc" }, { id: "asc" }],
          take: limit,
          omit: SUMMARY,
        }),
      );
      return rows.map((row) => decodeExecutionSummary(row));
    },

    listEndedExecutions: async (ids) => {
      const rows = await database.run((client) =>
        client.execution.findMany({ where: { id: { in: [...ids] }, NOT: OPEN }, omit: SUMMARY }),
      );
      return rows.map((row) => decodeExecutionSummary(row));
    },

    recordReopened: (id) => reopen(database, id),
  };
}

/** The executions that are redrives of others, oldest first, by the others' ids. */
async function redrivesOf(client: Client, ids: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await client.execution.findMany({
    where: { redrivenFrom: { in: [...ids] } },
    // Ids are UUIDv7: in the order of their making.
    orderBy: { id: "asc" },
    select: { id: true, redrivenFrom: true },
  });
  const redrives = new Map<string, string[]>();
  for (const { id, redrivenFrom } of rows) {
    if (redrivenFrom !== null) redrives.set(redrivenFrom, [...(redrives.get(redrivenFrom) ?? []), id]);
  }
  return redrives;
}

/** As `searchQuery` gives them. */
interface FoundRow {
  readonly id: string;
  /** A text on SQLite, which has no type for times. */
  readonly at: Date | string;
}

function cursorOf(row: FoundRow | undefined): ExecutionCursor | null {
  return row === undefined ? null : { id: row.id as ExecutionId, at: new Date(row.at) };
}

async function countAll(client: Client, filter: ExecutionFilter, order: ExecutionOrder = "CREATED_DESC") {
  const [row] = await client.$queryRaw<{ total: bigint }[]>(countQuery(filter, order));
  return Number(row?.total ?? 0);
}

/** Does nothing where the execution is known: both the API and the run record a start, and either may be first. */
async function insertStarted(database: Database, execution: StartedExecution): Promise<void> {
  const data = encodeStarted(execution);
  const labels = encodeLabelRows(execution);
  try {
    await database.run<unknown>((client) => {
      const insert = client.execution.create({ data, select: { id: true } });
      const addLabels = labels.length === 0 ? [] : [client.executionLabel.createMany({ data: labels })];
      if (execution.kind === "workflow")
        return labels.length === 0 ? insert : client.$transaction([insert, ...addLabels]);
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
      return client.$transaction([insert, ...addLabels, markTask]);
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
  }
}

/**
 * Ends an execution that has completed, and to which nobody reacts: most of them, with as few statements as there can be, since the
 * run waits for them. Raw ones: the run of a task costs 8 % more with Prisma's. True where that was so.
 */
async function endUnheeded(database: Database, execution: EndedExecution): Promise<boolean> {
  const { started, failure } = execution;
  if (!database.writesInTurn || started === undefined || failure !== undefined) return false;
  const isNew = isLikelyNew(database, execution) && Object.keys(started.labels ?? {}).length === 0;
  const query = isNew ? insertUnheededQuery(execution, started) : endUnheededQuery(execution);
  const taskId = subjectTask(started);
  const count = await database.run(async (client) => {
    const end = client.$executeRaw(query);
    if (taskId === undefined) return await end;
    return (await client.$transaction([end, client.$executeRaw(endTaskQuery(execution, started))]))[0];
  });
  return count > 0;
}

/** On SQLite the record is most often of a run of this very process, and then the API leaves the shortest ones to it. */
function isLikelyNew({ writesInTurn }: Database, { started, completedAt }: EndedExecution): boolean {
  return writesInTurn && started !== undefined && completedAt.getTime() - started.startedAt.getTime() < SHORT_MS;
}

function endTask(client: Client, taskId: string, execution: EndedExecution) {
  const { id, status, completedAt } = execution;
  return client.task.updateMany({
    // RUNNING: a client may have set the task back to PENDING while this run was stopping; that is the later word.
    where: { id: taskId, lastExecutionId: id, status: "RUNNING" },
    data: { status, completedAt, error: encodeEnded(execution).error, updatedAt: new Date() },
  });
}

async function endHeeded(database: Database, execution: EndedExecution): Promise<number | null> {
  const { id, started } = execution;
  const where = { ...OPEN, id };
  const data = encodeEnded(execution);
  const taskId = started === undefined ? await taskOf(database, id) : subjectTask(started);
  const text = errorText(execution);
  return database.run(async (client) => {
    const end = client.execution.updateMany({ where, data });
    const react = client.$executeRaw(makeDeliveries(id));
    const keepError = text === null ? [] : [client.$executeRaw(keepErrorQuery(execution, text))];
    if (taskId === undefined) {
      const [{ count }, deliveries] = await client.$transaction([end, react, ...keepError]);
      return count > 0 ? deliveries : null;
    }
    const ends = [end, endTask(client, taskId, execution), react, ...keepError] as const;
    const [{ count }, , deliveries] = await client.$transaction([...ends]);
    return count > 0 ? deliveries : null;
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
    const forget = client.executionError.deleteMany({ where: { executionId: id, execution: { completedAt: null } } });
    if (taskId === undefined) return client.$transaction([execution, forget]);
    const task = client.task.updateMany({
      // Only where the task's state is this execution's end: a client may have set it back to PENDING since.
      where: { id: taskId, lastExecutionId: id, status: { in: ["COMPLETED", "FAILED", "CANCELLED"] } },
      data: { status: "RUNNING", completedAt: null, error: null, updatedAt: new Date() },
    });
    return client.$transaction([execution, forget, task]);
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

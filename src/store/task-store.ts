import type { WorkflowId } from "../core/ids";
import type { Prisma } from "../gen/prisma/sqlite/client";
import type { Database } from "./database";
import type { TaskRecord } from "./records";
import { storableText } from "./storable-text";
import { isForeignKeyViolation, unavailable } from "./store-errors";
import type { NewTask, Store, TaskChanges } from "./store-port";
import { decodeTask, encodeTask } from "./task-rows";

/** Rounds of a delete whose task keeps changing between the attempt and the look at why it failed. */
const MAX_DELETE_ROUNDS = 10;

export type TaskStore = Pick<Store, "createTask" | "getTask" | "getTasks" | "listTasks" | "updateTask" | "deleteTask">;

export function createTaskStore(database: Database): TaskStore {
  return {
    createTask: async (task) => {
      const record = newTaskRecord(task, new Date());
      return decodeTask(await database.run((client) => client.task.create({ data: encodeTask(record) })));
    },

    getTask: async (id) => {
      const row = await database.run((client) => client.task.findUnique({ where: { id } }));
      return row === null ? null : decodeTask(row);
    },

    getTasks: async (ids) => {
      if (ids.length === 0) return [];
      const rows = await database.run((client) => client.task.findMany({ where: { id: { in: [...ids] } } }));
      return rows.map(decodeTask);
    },

    listTasks: async ({ status, taskType }, { limit, offset }) => {
      const where: Prisma.TaskWhereInput = {
        ...(status !== undefined && { status }),
        ...(taskType !== undefined && { taskType: storableText(taskType) }),
      };
      const orderBy: Prisma.TaskOrderByWithRelationInput[] = [{ createdAt: "desc" }, { id: "desc" }];
      return database.run(async (client) => {
        const [rows, total] = await Promise.all([
          client.task.findMany({ where, orderBy, take: limit, skip: offset }),
          client.task.count({ where }),
        ]);
        return { items: rows.map(decodeTask), total };
      });
    },

    updateTask: (id, changes, onlyFrom) =>
      database.run(async (client) => {
        const where = { id, ...(onlyFrom !== undefined && { status: { in: [...onlyFrom] } }) };
        const [row] = await client.task.updateManyAndReturn({ where, data: encodeChanges(changes, new Date()) });
        if (row !== undefined) return decodeTask(row);
        return (await client.task.count({ where: { id } })) === 0 ? null : "conflict";
      }),

    deleteTask: async (id) => {
      for (let round = 0; round < MAX_DELETE_ROUNDS; round++) {
        if (await deleteFreeTask(database, id)) return "deleted";
        const task = await database.run((client) =>
          client.task.findUnique({
            where: { id },
            select: { status: true, namedBy: { select: { workflow: { select: { id: true, name: true } } } } },
          }),
        );
        if (task === null) return null;
        if (task.status === "RUNNING") return "running";
        const namedBy = task.namedBy.map(({ workflow }) => ({ id: workflow.id as WorkflowId, name: workflow.name }));
        if (namedBy.length > 0) return { namedBy };
        // It ended, or was dropped from a definition, since the attempt.
      }
      throw unavailable();
    },
  };
}

/**
 * With the reactions to its ends. The task goes by one statement, so nothing can come between looking and deleting but a new
 * reference, which the foreign key refuses.
 */
async function deleteFreeTask(database: Database, id: string): Promise<boolean> {
  try {
    const where: Prisma.TaskWhereInput = { id, status: { not: "RUNNING" }, namedBy: { none: {} } };
    return await database.transaction(async (transaction) => {
      const { count } = await transaction.task.deleteMany({ where });
      if (count > 0) await transaction.reaction.deleteMany({ where: { scopeId: id } });
      return count > 0;
    });
  } catch (error) {
    if (isForeignKeyViolation(error)) return false;
    throw error;
  }
}

function newTaskRecord(task: NewTask, now: Date): TaskRecord {
  return {
    id: task.id,
    title: task.title,
    description: task.description,
    taskType: task.taskType,
    config: task.config,
    metadata: task.metadata,
    workspacePath: task.workspacePath,
    status: "PENDING",
    createdAt: now,
    updatedAt: now,
    startedAt: null,
    completedAt: null,
    error: null,
    lastExecutionId: null,
  };
}

function encodeChanges(changes: TaskChanges, now: Date): Prisma.TaskUpdateManyMutationInput {
  const { title, description, config, metadata, status } = changes;
  return {
    updatedAt: now,
    ...(title !== undefined && { title: storableText(title) }),
    ...(description !== undefined && { description: storableText(description) }),
    ...(config !== undefined && { config: JSON.stringify(config) }),
    ...(metadata !== undefined && { metadata: JSON.stringify(metadata) }),
    ...(status !== undefined && { status }),
    ...(status === "PENDING" && { startedAt: null, completedAt: null, error: null }),
    ...(status === "CANCELLED" && { completedAt: now }),
  };
}

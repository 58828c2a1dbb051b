import type { TaskId, WorkflowId } from "../core/ids";
import { invalidArgument } from "../core/errors";
import type { Prisma } from "../gen/prisma/sqlite/client";
import type { Database, Transaction } from "./database";
import type { WorkflowRecord } from "./records";
import { storableText } from "./storable-text";
import { isForeignKeyViolation } from "./store-errors";
import type { NewWorkflow, Store, WorkflowChanges } from "./store-port";
import {
  decodeWorkflow,
  decodeWorkflowVersion,
  encodeTaskIds,
  encodeWorkflow,
  encodeWorkflowVersion,
  WITH_TASKS,
} from "./workflow-rows";

/** Greatest number that the column of versions holds. */
const MAX_VERSION = 2 ** 31 - 1;

export type WorkflowStore = Pick<
  Store,
  "createWorkflow" | "getWorkflow" | "listWorkflows" | "updateWorkflow" | "deleteWorkflow" | "getWorkflowVersion"
>;

export function createWorkflowStore(database: Database): WorkflowStore {
  return {
    createWorkflow: (workflow) =>
      withKnownTasks(database, workflow.taskIds, async () => {
        const record = newWorkflowRecord(workflow, new Date());
        await database.transaction(async (transaction) => {
          await transaction.workflow.create({ data: encodeWorkflow(record) });
          await writeVersion(transaction, record, record.createdAt);
        });
        return record;
      }),

    getWorkflow: async (id) => {
      const row = await database.run((client) => client.workflow.findUnique({ where: { id }, include: WITH_TASKS }));
      return row === null ? null : decodeWorkflow(row);
    },

    listWorkflows: async ({ status }, { limit, offset }) => {
      const where: Prisma.WorkflowWhereInput = { ...(status !== undefined && { status }) };
      const orderBy: Prisma.WorkflowOrderByWithRelationInput[] = [{ createdAt: "desc" }, { id: "desc" }];
      return database.run(async (client) => {
        const [rows, total] = await Promise.all([
          client.workflow.findMany({ where, orderBy, take: limit, skip: offset, include: WITH_TASKS }),
          client.workflow.count({ where }),
        ]);
        return { items: rows.map(decodeWorkflow), total };
      });
    },

    updateWorkflow: (id, changes) =>
      withKnownTasks(database, changes.definition?.taskIds ?? [], () =>
        database.transaction((transaction) => updateWorkflow(transaction, id, changes, new Date())),
      ),

    deleteWorkflow: (id) =>
      database.transaction(async (transaction) => {
        if ((await transaction.workflow.count({ where: { id } })) === 0) return null;
        const open = await transaction.execution.count({
          where: { subjectId: id, status: { in: ["PENDING", "RUNNING"] } },
        });
        if (open > 0) return "running";
        const { count } = await transaction.workflow.deleteMany({ where: { id } });
        return count === 0 ? null : "deleted";
      }),

    getWorkflowVersion: async (workflowId, version) => {
      if (!Number.isInteger(version) || version < 1 || version > MAX_VERSION) return null;
      const where = { workflowId_version: { workflowId, version } };
      const row = await database.run((client) => client.workflowVersion.findUnique({ where }));
      return row === null ? null : decodeWorkflowVersion(row);
    },
  };
}

async function updateWorkflow(
  transaction: Transaction,
  id: WorkflowId,
  changes: WorkflowChanges,
  now: Date,
): Promise<WorkflowRecord | null> {
  // Writing first locks the row, so what is read next stays true: two updates at once make two versions, not one twice.
  const { count } = await transaction.workflow.updateMany({ where: { id }, data: { updatedAt: now } });
  const row = count === 0 ? null : await transaction.workflow.findUnique({ where: { id }, include: WITH_TASKS });
  if (row === null) return null;
  const current = decodeWorkflow(row);
  const { name, description, status, definition } = changes;
  const isNewVersion = definition !== undefined && definition.definitionHash !== current.definitionHash;
  const record: WorkflowRecord = {
    ...current,
    ...(name !== undefined && { name: storableText(name) }),
    ...(description !== undefined && { description: storableText(description) }),
    ...(status !== undefined && { status }),
    ...(isNewVersion && { ...definition, version: current.version + 1 }),
  };
  await transaction.workflow.update({ where: { id }, data: encodeWorkflow(record) });
  if (isNewVersion) {
    await transaction.workflowTask.deleteMany({ where: { workflowId: id } });
    await writeVersion(transaction, record, now);
  }
  return record;
}

/** The rows that go with a workflow's newest version. */
async function writeVersion(transaction: Transaction, record: WorkflowRecord, createdAt: Date): Promise<void> {
  const { id: workflowId, version, definition, definitionHash } = record;
  await transaction.workflowVersion.create({
    data: encodeWorkflowVersion({ workflowId, version, definition, definitionHash, createdAt }),
  });
  if (record.taskIds.length === 0) return;
  await transaction.workflowTask.createMany({
    data: encodeTaskIds(record.taskIds).map((reference) => ({ workflowId, ...reference })),
  });
}

/** Says which tasks a definition names in vain: they were deleted since the caller looked. */
async function withKnownTasks<T>(database: Database, taskIds: readonly TaskId[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isForeignKeyViolation(error)) throw error;
    const known = await database.run((client) =>
      client.task.findMany({ where: { id: { in: [...taskIds] } }, select: { id: true } }),
    );
    const missing = taskIds.filter((taskId) => !known.some(({ id }) => id === taskId));
    throw invalidArgument([
      { field: "definition", description: `names tasks that do not exist: ${missing.join(", ")}` },
    ]);
  }
}

function newWorkflowRecord(workflow: NewWorkflow, now: Date): WorkflowRecord {
  return {
    id: workflow.id,
    name: storableText(workflow.name),
    description: storableText(workflow.description),
    status: "DRAFT",
    definition: workflow.definition,
    definitionHash: workflow.definitionHash,
    version: 1,
    taskIds: workflow.taskIds,
    createdAt: now,
    updatedAt: now,
  };
}

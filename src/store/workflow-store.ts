import type { WorkflowId } from "../core/ids";
import type { Prisma } from "../gen/prisma/sqlite/client";
import type { Database, Transaction } from "./database";
import type { WorkflowRecord } from "./records";
import { storableText } from "./storable-text";
import { isForeignKeyViolation, unavailable } from "./store-errors";
import type { DeletedWorkflow, NewWorkflow, Store, WorkflowChanges } from "./store-port";
import { withKnownReferences, writeReferences } from "./workflow-references";
import { decodeWorkflow, encodeWorkflow, encodeWorkflowVersion, WITH_TASKS } from "./workflow-rows";

/** Rounds of a delete that others keep getting in the way of: one that names the workflow, and is changed at once. */
const MAX_DELETE_ROUNDS = 10;

export type WorkflowStore = Pick<
  Store,
  "createWorkflow" | "getWorkflow" | "getWorkflows" | "listWorkflows" | "updateWorkflow" | "deleteWorkflow"
>;

export function createWorkflowStore(database: Database): WorkflowStore {
  return {
    createWorkflow: (workflow) =>
      withKnownReferences(database, workflow, async () => {
        const record = newWorkflowRecord(workflow, new Date());
        await database.transaction(async (transaction) => {
          await transaction.workflow.create({ data: encodeWorkflow(record) });
          await writeVersion(transaction, record, record.createdAt);
          await writeReferences(transaction, record.id, workflow);
        });
        return record;
      }),

    getWorkflow: async (id) => {
      const row = await database.run((client) => client.workflow.findUnique({ where: { id }, include: WITH_TASKS }));
      return row === null ? null : decodeWorkflow(row);
    },

    getWorkflows: async (ids) => {
      const where = { id: { in: [...ids] } };
      const rows = await database.run((client) => client.workflow.findMany({ where, include: WITH_TASKS }));
      return rows.map(decodeWorkflow);
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
      withKnownReferences(database, changes.definition, () =>
        database.transaction((transaction) => updateWorkflow(transaction, id, changes, new Date())),
      ),

    deleteWorkflow: async (id) => {
      for (let round = 0; round < MAX_DELETE_ROUNDS; round++) {
        try {
          return await database.transaction((transaction) => deleteFreeWorkflow(transaction, id));
        } catch (error) {
          // Somebody named it between the look and the delete; look again.
          if (!isForeignKeyViolation(error)) throw error;
        }
      }
      throw unavailable();
    },
  };
}

async function deleteFreeWorkflow(transaction: Transaction, id: WorkflowId): Promise<DeletedWorkflow> {
  if ((await transaction.workflow.count({ where: { id } })) === 0) return null;
  const calls = await transaction.workflowCall.findMany({
    where: { calledId: id },
    select: { workflow: { select: { id: true, name: true } } },
    orderBy: { workflowId: "asc" },
  });
  if (calls.length > 0) {
    return { namedBy: calls.map(({ workflow }) => ({ id: workflow.id as WorkflowId, name: workflow.name })) };
  }
  const open = await transaction.execution.count({
    where: { subjectId: id, status: { in: ["PENDING", "RUNNING"] } },
  });
  if (open > 0) return "running";
  const { count } = await transaction.workflow.deleteMany({ where: { id } });
  await transaction.reaction.deleteMany({ where: { scopeId: id } });
  return count === 0 ? null : "deleted";
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
  const next = definition?.definitionHash === current.definitionHash ? undefined : definition;
  const record: WorkflowRecord = {
    ...current,
    ...(name !== undefined && { name: storableText(name) }),
    ...(description !== undefined && { description: storableText(description) }),
    ...(status !== undefined && { status }),
    ...(next !== undefined && {
      definition: next.definition,
      definitionHash: next.definitionHash,
      taskIds: next.taskIds,
      version: current.version + 1,
    }),
  };
  await transaction.workflow.update({ where: { id }, data: encodeWorkflow(record) });
  if (next !== undefined) {
    await writeVersion(transaction, record, now);
    await writeReferences(transaction, id, next);
  }
  return record;
}

async function writeVersion(transaction: Transaction, record: WorkflowRecord, createdAt: Date): Promise<void> {
  const { id: workflowId, version, definition, definitionHash } = record;
  await transaction.workflowVersion.create({
    data: encodeWorkflowVersion({ workflowId, version, definition, definitionHash, createdAt }),
  });
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

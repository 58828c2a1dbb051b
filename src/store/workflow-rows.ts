import type { TaskId, WorkflowId } from "../core/ids";
import type { JsonObject } from "../core/json";
import type { Prisma, Workflow, WorkflowVersion } from "../gen/prisma/sqlite/client";
import type { WorkflowRecord, WorkflowVersionRecord } from "./records";
import { storableText } from "./storable-text";

/** What a read of a workflow has to ask for. */
export const WITH_TASKS = {
  tasks: { select: { taskId: true }, orderBy: { position: "asc" } },
} satisfies Prisma.WorkflowInclude;

export type WorkflowRow = Workflow & { readonly tasks: readonly { readonly taskId: string }[] };

/** The row without `tasks`, which are rows of their own (`encodeTaskIds`). */
export function encodeWorkflow(record: WorkflowRecord): Workflow {
  const { taskIds: _, ...fields } = record;
  return {
    ...fields,
    name: storableText(record.name),
    description: storableText(record.description),
    definition: JSON.stringify(record.definition),
  };
}

export function encodeTaskIds(taskIds: readonly TaskId[]): { position: number; taskId: string }[] {
  return taskIds.map((taskId, position) => ({ position, taskId }));
}

export function decodeWorkflow({ tasks, ...row }: WorkflowRow): WorkflowRecord {
  return {
    ...row,
    id: row.id as WorkflowId,
    definition: JSON.parse(row.definition) as JsonObject,
    taskIds: tasks.map(({ taskId }) => taskId as TaskId),
  };
}

export function encodeWorkflowVersion(record: WorkflowVersionRecord): WorkflowVersion {
  return { ...record, definition: JSON.stringify(record.definition) };
}

export function decodeWorkflowVersion(row: WorkflowVersion): WorkflowVersionRecord {
  return {
    ...row,
    workflowId: row.workflowId as WorkflowId,
    definition: JSON.parse(row.definition) as JsonObject,
  };
}

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

/** The row without `tasks`, which are rows of their own. */
export function encodeWorkflow(record: WorkflowRecord): Workflow {
  const { taskIds: _, ...fields } = record;
  return {
    ...fields,
    name: storableText(record.name),
    description: storableText(record.description),
    definition: JSON.stringify(record.definition),
  };
}

export function decodeWorkflow({ tasks, ...row }: WorkflowRow): WorkflowRecord {
  return {
    ...row,
    id: row.id as WorkflowId,
    definition: JSON.parse(row.definition) as JsonObject,
    taskIds: tasks.map(({ taskId }) => taskId as TaskId),
  };
}

export function encodeWorkflowVersion(record: Required<WorkflowVersionRecord>): WorkflowVersion {
  return { ...record, definition: JSON.stringify(record.definition) };
}

export function decodeWorkflowVersion({ definition, ...row }: WorkflowVersion): WorkflowVersionRecord {
  return { ...decodeWorkflowVersionSummary(row), definition: JSON.parse(definition) as JsonObject };
}

export function decodeWorkflowVersionSummary(row: Omit<WorkflowVersion, "definition">): WorkflowVersionRecord {
  return { ...row, workflowId: row.workflowId as WorkflowId };
}

import type { ExecutionId, TaskId } from "../core/ids";
import type { JsonObject } from "../core/json";
import type { Task } from "../gen/prisma/sqlite/client";
import type { TaskRecord } from "./records";
import { storableText } from "./storable-text";

/** `decodeTask` gives back what was encoded, but for characters that `storableText` replaces. */
export function encodeTask(record: TaskRecord): Task {
  return {
    ...record,
    title: storableText(record.title),
    description: storableText(record.description),
    taskType: storableText(record.taskType),
    workspacePath: storableText(record.workspacePath),
    error: record.error === null ? null : storableText(record.error),
    config: JSON.stringify(record.config),
    metadata: JSON.stringify(record.metadata),
  };
}

export function decodeTask(row: Task): TaskRecord {
  return {
    ...row,
    id: row.id as TaskId,
    lastExecutionId: row.lastExecutionId as ExecutionId | null,
    config: JSON.parse(row.config) as JsonObject,
    metadata: JSON.parse(row.metadata) as JsonObject,
  };
}

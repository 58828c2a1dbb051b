import { type ExecutionId, parseTaskId } from "../../core/ids";
import type { JsonObject } from "../../core/json";
import { type Task, TaskStatus as WireStatus } from "../../gen/proto/tasks";
import type { TaskRecord, TaskStatus } from "../../store/records";
import { enumCodec } from "./enum-codec";
import { decodeOptionalTimestamp, decodeTimestamp, encodeOptionalTimestamp, encodeTimestamp } from "./timestamps";

export const taskStatusCodec = enumCodec<TaskStatus, WireStatus>({
  PENDING: WireStatus.TASK_STATUS_PENDING,
  RUNNING: WireStatus.TASK_STATUS_RUNNING,
  COMPLETED: WireStatus.TASK_STATUS_COMPLETED,
  FAILED: WireStatus.TASK_STATUS_FAILED,
  CANCELLED: WireStatus.TASK_STATUS_CANCELLED,
});

/** All of a record but `lastExecutionId`, which the contract has no field for. */
export function encodeTask(record: TaskRecord): Task {
  return {
    id: record.id,
    title: record.title,
    description: record.description,
    taskType: record.taskType,
    status: taskStatusCodec.encode(record.status),
    config: JSON.stringify(record.config),
    metadata: JSON.stringify(record.metadata),
    workspacePath: record.workspacePath,
    createdAt: encodeTimestamp(record.createdAt),
    updatedAt: encodeTimestamp(record.updatedAt),
    startedAt: encodeOptionalTimestamp(record.startedAt),
    completedAt: encodeOptionalTimestamp(record.completedAt),
    error: record.error ?? undefined,
  };
}

/** The inverse of `encodeTask`. Throws for what no server sends. */
export function decodeTask(task: Task, lastExecutionId: ExecutionId | null = null): TaskRecord {
  const status = taskStatusCodec.decode(task.status);
  if (status === undefined) throw new Error(`unknown task status ${task.status}`);
  return {
    id: parseTaskId(task.id),
    title: task.title,
    description: task.description,
    taskType: task.taskType,
    status,
    config: JSON.parse(task.config) as JsonObject,
    metadata: JSON.parse(task.metadata) as JsonObject,
    workspacePath: task.workspacePath,
    createdAt: decodeTimestamp(task.createdAt),
    updatedAt: decodeTimestamp(task.updatedAt),
    startedAt: decodeOptionalTimestamp(task.startedAt),
    completedAt: decodeOptionalTimestamp(task.completedAt),
    error: task.error ?? null,
    lastExecutionId,
  };
}

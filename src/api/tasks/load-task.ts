import type { TaskId } from "../../core/ids";
import type { TaskRecord } from "../../store/records";
import type { ApiContext } from "../api-context";
import { repairExecution } from "../executions/repair-execution";
import { notFound } from "../requests/not-found";

/** The task as it stands; NOT_FOUND where there is none. One that is RUNNING though its run has closed is repaired first. */
export async function loadTask(context: ApiContext, id: TaskId): Promise<TaskRecord> {
  const task = await context.store.getTask(id);
  if (task === null) throw notFound("task", id);
  if (task.status !== "RUNNING" || task.lastExecutionId === null) return task;
  const execution = await context.store.getExecution(task.lastExecutionId);
  if (execution === null || !(await repairExecution(context, execution))) return task;
  return (await context.store.getTask(id)) ?? task;
}

import { assertNever } from "../../core/assert-never";
import { OrchestratorError } from "../../core/errors";
import { parseTaskId } from "../../core/ids";
import { parseTaskConfig } from "../../definition/task-types/registry";
import type { Task, UpdateTaskRequest } from "../../gen/proto/tasks";
import type { TaskRecord, TaskStatus } from "../../store/records";
import type { TaskChanges } from "../../store/store-port";
import type { ApiContext } from "../api-context";
import { encodeTask, taskStatusCodec } from "../convert/task";
import { cancelAndWait } from "../executions/cancel-and-wait";
import { MAX_CONFIG_BYTES, MAX_DESCRIPTION_LENGTH, MAX_METADATA_BYTES, MAX_TITLE_LENGTH } from "../limits";
import { notFound } from "../requests/not-found";
import { RequestCheck } from "../requests/request-check";
import { loadTask } from "./load-task";

/** A status that changes under us is looked at again this often; each time somebody else got something done. */
const MAX_STATUS_CONFLICTS = 5;

export async function updateTask(context: ApiContext, request: UpdateTaskRequest): Promise<Task> {
  const id = parseTaskId(request.id);
  let task = await loadTask(context, id);
  const { changes, status } = decodeChanges(task, request);
  for (let conflicts = 0; conflicts < MAX_STATUS_CONFLICTS; conflicts += 1) {
    const action = statusAction(task.status, status);
    if (action === "none" && Object.keys(changes).length === 0) return encodeTask(task);
    const updated = await context.store.updateTask(
      id,
      action === "set" && status !== undefined ? { ...changes, status } : changes,
      // Whatever was decided from the status holds only while it stands.
      status === undefined ? undefined : [task.status],
    );
    if (updated === null) throw notFound("task", id);
    if (updated !== "conflict") {
      return encodeTask(action === "cancel-run" ? await cancelRun(context, updated) : updated);
    }
    task = await loadTask(context, id);
  }
  throw new OrchestratorError("UNAVAILABLE", "the task's status keeps changing; try again");
}

/** Only what is present. Throws INVALID_ARGUMENT with everything that is wrong. */
function decodeChanges(task: TaskRecord, request: UpdateTaskRequest): { changes: TaskChanges; status?: TaskStatus } {
  const check = new RequestCheck();
  const changes: { -readonly [Key in keyof TaskChanges]: TaskChanges[Key] } = {};
  if (request.title !== undefined) changes.title = check.requiredText("title", request.title, MAX_TITLE_LENGTH);
  if (request.description !== undefined) {
    changes.description = check.text("description", request.description, MAX_DESCRIPTION_LENGTH);
  }
  if (request.metadata !== undefined) {
    changes.metadata = check.jsonObject("metadata", request.metadata, MAX_METADATA_BYTES);
  }
  if (request.config !== undefined) {
    changes.config = check.jsonObject("config", request.config, MAX_CONFIG_BYTES);
    const parsed = check.mentions("config") ? undefined : parseTaskConfig(task.taskType, changes.config);
    if (parsed?.ok === false) check.addProblems("config", parsed.error);
  }
  const status = taskStatusCodec.check(check, "status", request.status);
  check.finish();
  return status === undefined ? { changes } : { changes, status };
}

/** What a client's wish for `to` means for a task at `from`. Throws FAILED_PRECONDITION where it makes no sense. */
function statusAction(from: TaskStatus, to: TaskStatus | undefined): "none" | "set" | "cancel-run" {
  if (to === undefined || to === from) return "none";
  switch (to) {
    case "CANCELLED":
      if (from === "PENDING") return "set";
      if (from === "RUNNING") return "cancel-run";
      break;
    case "PENDING":
      if (from !== "RUNNING") return "set";
      break;
    case "RUNNING":
    case "COMPLETED":
    case "FAILED":
      break;
    default:
      return assertNever(to, "task status");
  }
  throw new OrchestratorError(
    "FAILED_PRECONDITION",
    `a task that is ${from} cannot be set to ${to}: clients may set CANCELLED from PENDING or RUNNING, and PENDING from ` +
      "COMPLETED, FAILED or CANCELLED",
  );
}

/** The task once its run has stopped, or as it stands when that takes long; then it is CANCELLED when the run has ended. */
async function cancelRun(context: ApiContext, task: TaskRecord): Promise<TaskRecord> {
  const execution = task.lastExecutionId === null ? null : await context.store.getExecution(task.lastExecutionId);
  if (execution !== null) await cancelAndWait(context, execution, "the task's status was set to CANCELLED");
  return (await context.store.getTask(task.id)) ?? task;
}

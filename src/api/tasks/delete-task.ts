import { OrchestratorError } from "../../core/errors";
import { parseTaskId } from "../../core/ids";
import type { DeleteTaskRequest, DeleteTaskResponse } from "../../gen/proto/tasks";
import type { ApiContext } from "../api-context";
import { namedBy } from "../requests/named-by";
import { notFound } from "../requests/not-found";
import { loadTask } from "./load-task";

export async function deleteTask(context: ApiContext, request: DeleteTaskRequest): Promise<DeleteTaskResponse> {
  const id = parseTaskId(request.id);
  const task = await loadTask(context, id);
  const result = await context.store.deleteTask(id);
  if (result === null) throw notFound("task", id);
  if (result === "deleted") return { success: true };
  if (result === "running") {
    throw new OrchestratorError(
      "FAILED_PRECONDITION",
      `task ${id} is running (execution ${task.lastExecutionId ?? "unknown"}); cancel it first, or wait for its end`,
    );
  }
  throw namedBy("task", id, result);
}

import { OrchestratorError } from "../../core/errors";
import { parseTaskId } from "../../core/ids";
import type { DeleteTaskRequest, DeleteTaskResponse } from "../../gen/proto/tasks";
import type { ApiContext } from "../api-context";
import { notFound } from "../requests/not-found";
import { loadTask } from "./load-task";

/** A message names at most this many workflows; a person needs one to go on. */
const MAX_NAMED_WORKFLOWS = 5;

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
  const names = result.namedBy.slice(0, MAX_NAMED_WORKFLOWS).map((workflow) => `"${workflow.name}" (${workflow.id})`);
  const more = result.namedBy.length > names.length ? ` and ${result.namedBy.length - names.length} more` : "";
  throw new OrchestratorError(
    "FAILED_PRECONDITION",
    `task ${id} is named by ${result.namedBy.length === 1 ? "the workflow" : "the workflows"} ${names.join(", ")}${more}; ` +
      "change or delete that first",
  );
}

import { parseTaskId } from "../../core/ids";
import type { GetTaskRequest, Task } from "../../gen/proto/tasks";
import type { ApiContext } from "../api-context";
import { encodeTask } from "../convert/task";
import { loadTask } from "./load-task";

export async function getTask(context: ApiContext, request: GetTaskRequest): Promise<Task> {
  return encodeTask(await loadTask(context, parseTaskId(request.id)));
}

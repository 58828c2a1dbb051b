import { isAbsolute, join, resolve } from "node:path";
import { v7 as uuidv7 } from "uuid";
import { parseTaskId, type TaskId } from "../../core/ids";
import type { JsonObject } from "../../core/json";
import { parseTaskConfig, TASK_TYPE_NAMES, unknownTaskType } from "../../definition/task-types/registry";
import type { CreateTaskRequest, Task } from "../../gen/proto/tasks";
import type { NewTask } from "../../store/store-port";
import type { ApiContext } from "../api-context";
import { encodeTask } from "../convert/task";
import {
  MAX_CONFIG_BYTES,
  MAX_DESCRIPTION_LENGTH,
  MAX_METADATA_BYTES,
  MAX_PATH_LENGTH,
  MAX_TITLE_LENGTH,
} from "../limits";
import { RequestCheck } from "../requests/request-check";

export async function createTask({ store, dataDir }: ApiContext, request: CreateTaskRequest): Promise<Task> {
  const id = parseTaskId(uuidv7());
  return encodeTask(await store.createTask(decodeNewTask(id, dataDir, request)));
}

/** Throws INVALID_ARGUMENT with everything that is wrong. */
function decodeNewTask(id: TaskId, dataDir: string, request: CreateTaskRequest): NewTask {
  const check = new RequestCheck();
  const title = check.requiredText("title", request.title, MAX_TITLE_LENGTH);
  const description = check.text("description", request.description, MAX_DESCRIPTION_LENGTH);
  const taskType = check.requiredText("task_type", request.taskType, MAX_TITLE_LENGTH);
  const config = check.jsonObject("config", request.config ?? "{}", MAX_CONFIG_BYTES);
  const metadata = check.jsonObject("metadata", request.metadata ?? "{}", MAX_METADATA_BYTES);
  const workspacePath =
    request.workspacePath === undefined
      ? join(dataDir, "workspaces", "tasks", id)
      : checkWorkspacePath(check, request.workspacePath);
  if (!check.mentions("task_type")) checkConfig(check, taskType, config);
  check.finish();
  return { id, title, description, taskType, config, metadata, workspacePath };
}

function checkConfig(check: RequestCheck, taskType: string, config: JsonObject): void {
  if (!TASK_TYPE_NAMES.includes(taskType)) {
    check.addProblems("task_type", [unknownTaskType(taskType, "")]);
  } else if (!check.mentions("config")) {
    const parsed = parseTaskConfig(taskType, config);
    if (!parsed.ok) check.addProblems("config", parsed.error);
  }
}

/** The path without `.`, `..` and a slash at the end. It names a folder on the workers, so it is not looked at here. */
function checkWorkspacePath(check: RequestCheck, path: string): string {
  if (!isAbsolute(path)) {
    check.add("workspace_path", `must be an absolute path; got ${JSON.stringify(path.slice(0, 64))}`);
  }
  return resolve("/", check.text("workspace_path", path, MAX_PATH_LENGTH));
}

import type { TaskServiceServer } from "../gen/proto/tasks";
import type { ApiContext } from "./api-context";
import { serverStream } from "./server-stream";
import { createTask } from "./tasks/create-task";
import { deleteTask } from "./tasks/delete-task";
import { executeTask } from "./tasks/execute-task";
import { getTask } from "./tasks/get-task";
import { listTasks } from "./tasks/list-tasks";
import { updateTask } from "./tasks/update-task";
import { unary } from "./unary";

/** `orchestrator.tasks.TaskService`. */
export function taskService(context: ApiContext): TaskServiceServer {
  const { logger } = context;
  return {
    createTask: unary(logger, (request) => createTask(context, request)),
    getTask: unary(logger, (request) => getTask(context, request)),
    listTasks: unary(logger, (request) => listTasks(context, request)),
    updateTask: unary(logger, (request) => updateTask(context, request)),
    deleteTask: unary(logger, (request) => deleteTask(context, request)),
    executeTask: serverStream(context, (request, stream) => executeTask(context, request, stream)),
  };
}

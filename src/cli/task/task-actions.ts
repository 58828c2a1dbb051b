import type { ListTasksResponse, Task } from "../../gen/proto/tasks";
import { TaskStatus } from "../../gen/proto/tasks";
import { withSession } from "../connection/client-session";
import { usageError } from "../exit-codes";
import type { ClientOptions } from "../options/command-options";
import { parseEnumOption } from "../options/enum-option";
import { onceOnly, readJsonObject, readStandardInput, type TextSource } from "../options/values";
import { deleteRecord, executeRecord } from "../record/record-actions";
import { idView, tasksView, taskView } from "../record/records-view";
import { readDefinitionFile, type TaskFile } from "../workflow/definition-file";
import type { CreateTaskOptions, ExecuteTaskOptions, ListTasksOptions, UpdateTaskOptions } from "./task-command";

const PREFIX = "TASK_STATUS_";

export async function createTask(file: string | undefined, options: CreateTaskOptions): Promise<void> {
  const stdin = onceOnly(readStandardInput);
  const fromFile = file === undefined ? undefined : await readTaskFile(file, stdin);
  const config = (await readJsonObject("--config", options.config ?? [], stdin)) ?? fromFile?.config;
  const metadata = (await readJsonObject("--metadata", options.metadata ?? [], stdin)) ?? fromFile?.metadata;
  const request = {
    title: options.title ?? fromFile?.title ?? "",
    description: options.description ?? fromFile?.description ?? "",
    taskType: options.type ?? fromFile?.taskType ?? "",
    config: config === undefined ? undefined : JSON.stringify(config),
    metadata: metadata === undefined ? undefined : JSON.stringify(metadata),
    workspacePath: options.workspace ?? fromFile?.workspacePath,
  };
  await withSession(options, async ({ connection, print }) => {
    const task = await connection.call<Task>((...call) => connection.tasks.createTask(request, ...call));
    print(idView(task.id, taskView(task)));
  });
}

async function readTaskFile(file: string, stdin: TextSource): Promise<TaskFile> {
  const content = await readDefinitionFile(file, stdin);
  if (content.kind === "task") return content;
  throw usageError(`${file} holds a workflow`, `Create it with: aco workflow create ${file}`);
}

export async function getTask(id: string, options: ClientOptions): Promise<void> {
  await withSession(options, async ({ connection, print }) => {
    print(taskView(await connection.call<Task>((...call) => connection.tasks.getTask({ id }, ...call))));
  });
}

export async function listTasks(options: ListTasksOptions): Promise<void> {
  const { limit, offset, type } = options;
  const status = parseEnumOption<TaskStatus>("--status", options.status, TaskStatus, PREFIX);
  const request = { limit, offset, status, taskType: type };
  await withSession(options, async ({ connection, print }) => {
    print(
      tasksView(await connection.call<ListTasksResponse>((...call) => connection.tasks.listTasks(request, ...call))),
    );
  });
}

export async function updateTask(id: string, options: UpdateTaskOptions): Promise<void> {
  const stdin = onceOnly(readStandardInput);
  const config = await readJsonObject("--config", options.config ?? [], stdin);
  const metadata = await readJsonObject("--metadata", options.metadata ?? [], stdin);
  const request = {
    id,
    title: options.title,
    description: options.description,
    status: parseEnumOption<TaskStatus>("--status", options.status, TaskStatus, PREFIX),
    config: config === undefined ? undefined : JSON.stringify(config),
    metadata: metadata === undefined ? undefined : JSON.stringify(metadata),
  };
  const { id: _, ...changes } = request;
  if (Object.values(changes).every((value) => value === undefined))
    throw usageError(
      "nothing to change",
      "Give at least one of --title, --description, --status, --config, --metadata.",
    );
  await withSession(options, async ({ connection, print }) => {
    const task = await connection.call<Task>((...call) => connection.tasks.updateTask(request, ...call));
    print(idView(task.id, taskView(task)));
  });
}

export async function deleteTask(id: string, options: ClientOptions): Promise<void> {
  await deleteRecord(id, options, ({ tasks }, ...call) => tasks.deleteTask({ id }, ...call));
}

export async function executeTask(id: string, options: ExecuteTaskOptions): Promise<void> {
  const override = await readJsonObject("--config-override", options.configOverride ?? [], onceOnly(readStandardInput));
  const request = { id, configOverride: override === undefined ? undefined : JSON.stringify(override) };
  await executeRecord("task", options, ({ tasks }, metadata) => tasks.executeTask(request, metadata));
}

import { type Command, Option } from "commander";
import {
  type ClientOptions,
  collect,
  type ExecuteOptions,
  type PageOptions,
  withClientOptions,
  withExamples,
  withPageOptions,
} from "../options/command-options";
import { oneOf } from "../options/option-values";
import { registerDelete, registerExecute } from "../record/record-commands";

export interface CreateTaskOptions extends ClientOptions {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string;
  readonly config?: readonly string[];
  readonly metadata?: readonly string[];
  readonly workspace?: string;
}

export interface ListTasksOptions extends ClientOptions, PageOptions {
  readonly status?: string;
  readonly type?: string;
}

export interface UpdateTaskOptions extends ClientOptions {
  readonly title?: string;
  readonly description?: string;
  readonly status?: string;
  readonly config?: readonly string[];
  readonly metadata?: readonly string[];
}

export interface ExecuteTaskOptions extends ClientOptions, ExecuteOptions {
  readonly configOverride?: readonly string[];
}

const STATUSES = ["pending", "running", "completed", "failed", "cancelled"];
const OBJECT = "JSON, @FILE, -, KEY=TEXT or KEY:=JSON; may stand more than once";

/** `aco task ...` */
export function registerTaskCommand(program: Command): void {
  const task = program.command("task").description("create, execute and manage tasks");
  registerCreate(task);
  registerReads(task);
  registerChanges(task);
  registerExecutions(task);
}

function registerCreate(task: Command): void {
  const create = task
    .command("create")
    .description("create a task, from options, from a file (JSON, YAML, or - for standard input) or from both")
    .argument("[file]", "a file that holds `task_type` and `config`; options win over it")
    .option("--title <text>", "for people")
    .option("--description <text>", "for people")
    .option("--type <type>", "what to run: shell, http, ...")
    .option("--config <object>", `the type's settings: ${OBJECT}`, collect)
    .option("--metadata <object>", `your own fields: ${OBJECT}`, collect)
    .option("--workspace <path>", "folder on the workers that the task runs in (one of its own)")
    .action((file: string | undefined, options: CreateTaskOptions) => actions().createTask(file, options));
  withExamples(
    withClientOptions(create),
    `aco task create --title hello --type shell --config '{"command": "echo hello"}'`,
    "aco task create --title home --type http --config url=http://localhost:8080/ --config 'expected_status:=[200]'",
    "aco task create examples/disk-report.json",
    "id=$(aco task create --title ls --type shell --config command=ls)    # in a pipe only the id is printed",
  );
}

function registerReads(task: Command): void {
  const get = task
    .command("get")
    .description("show a task")
    .argument("<id>", "the task's id")
    .action((id: string, options: ClientOptions) => actions().getTask(id, options));
  withExamples(
    withClientOptions(get),
    "aco task get 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f",
    "aco task get 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f --format json | jq .config",
  );
  const list = withPageOptions(task.command("list").description("list tasks, newest first"))
    .addOption(oneOf("--status <status>", STATUSES, (names) => `only ${names} ones`))
    .option("--type <type>", "only tasks of this type")
    .action((options: ListTasksOptions) => actions().listTasks(options));
  withExamples(
    withClientOptions(list),
    "aco task list --status failed",
    "aco task list --type shell --limit 1000 --format plain | cut -f1    # ids only",
  );
}

function registerChanges(task: Command): void {
  const update = task
    .command("update")
    .description("change a task; what is not named stays as it is")
    .argument("<id>", "the task's id")
    .option("--title <text>", "for people")
    .option("--description <text>", "for people")
    .addOption(
      oneOf(
        "--status <status>",
        ["cancelled", "pending"],
        () => "cancelled stops a running task; pending makes a finished one new again",
      ),
    )
    .option("--config <object>", `replaces the settings: ${OBJECT}`, collect)
    .option("--metadata <object>", `replaces your own fields: ${OBJECT}`, collect)
    .action((id: string, options: UpdateTaskOptions) => actions().updateTask(id, options));
  withExamples(
    withClientOptions(update),
    "aco task update 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f --title 'hello again' --config @config.json",
    "aco task update 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f --status cancelled",
  );
  registerDelete(task, "task", "refused while it runs or a workflow names it", (id, options) =>
    actions().deleteTask(id, options),
  );
}

function registerExecutions(task: Command): void {
  registerExecute<ExecuteTaskOptions>(task, {
    kind: "task",
    description: "execute a task and follow it; a task that runs already is attached to",
    given: new Option(
      "--config-override <object>",
      `merged over the settings for this time (RFC 7396): ${OBJECT}`,
    ).argParser(collect),
    examples: ["", "--config-override command='echo bye'", "--detach --idempotency-key nightly-2026-11-22"],
    run: (id, options) => actions().executeTask(id, options),
  });
}

/** Loaded when it is needed, and gRPC with it. */
function actions(): typeof import("./task-actions") {
  return require("./task-actions") as typeof import("./task-actions");
}

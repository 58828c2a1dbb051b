import type { Command } from "commander";
import {
  type ClientOptions,
  type FollowOptions,
  type PageOptions,
  withClientOptions,
  withExamples,
  withFollowOptions,
  withPageOptions,
} from "./command-options";
import { registerStates } from "./execution-state-command";
import { registerUpdates } from "./execution-updates-command";

export interface ListExecutionsOptions extends ClientOptions, PageOptions {
  readonly status?: string;
  readonly kind?: string;
  readonly of?: string;
}

export interface WatchExecutionOptions extends ClientOptions, FollowOptions {
  readonly after?: string;
}

export interface CancelExecutionOptions extends ClientOptions {
  readonly reason?: string;
}

/** `aco execution ...` */
export function registerExecutionCommand(program: Command): void {
  const execution = program.command("execution").description("look at, follow, answer and cancel executions");
  registerReads(execution);
  registerWatch(execution);
  registerCancel(execution);
  registerUpdates(execution);
  registerStates(execution);
}

function registerReads(execution: Command): void {
  const get = execution
    .command("get")
    .description("show an execution with its input and its whole output")
    .argument("<id>", "the execution's id")
    .action((id: string, options: ClientOptions) => actions().getExecution(id, options));
  withExamples(
    withClientOptions(get),
    "aco execution get 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f",
    "aco execution get 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f --format json | jq .output",
  );
  const list = withPageOptions(execution.command("list").description("list executions, newest first"))
    .option("--status <status>", "only pending, running, completed, failed or cancelled ones")
    .option("--kind <kind>", "only executions of a task or of a workflow")
    .option("--of <id>", "only executions of this task or workflow")
    .action((options: ListExecutionsOptions) => actions().listExecutions(options));
  withExamples(
    withClientOptions(list),
    "aco execution list --status running",
    "aco execution list --kind workflow --limit 5",
    "aco execution list --of 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f",
  );
}

function registerWatch(execution: Command): void {
  const watch = withFollowOptions(
    execution
      .command("watch")
      .description("follow an execution from its start, while it runs or any time after; exits 1 where it failed")
      .argument("<id>", "the execution's id")
      .option("--after <offset>", "only what came after the event with this offset (--format json shows them)"),
  ).action((id: string, options: WatchExecutionOptions) => actions().watchExecution(id, options));
  withExamples(
    withClientOptions(watch),
    "aco execution watch 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f",
    "aco execution watch 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f --format json | jq -r 'select(.event_type == \"OUTPUT\").data.text'",
  );
}

function registerCancel(execution: Command): void {
  const cancel = execution
    .command("cancel")
    .description("ask an execution to stop, and return")
    .argument("<id>", "the execution's id")
    .option("--reason <text>", "why, for the record")
    .action((id: string, options: CancelExecutionOptions) => actions().cancelExecution(id, options));
  withExamples(
    withClientOptions(cancel),
    "aco execution cancel 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f --reason 'wrong branch'",
  );
}

/** Loaded when it is needed, and gRPC with it. */
function actions(): typeof import("./execution-actions") {
  return require("./execution-actions") as typeof import("./execution-actions");
}

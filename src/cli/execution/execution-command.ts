import { type Command, Option } from "commander";
import {
  type ClientOptions,
  type FollowOptions,
  type PageOptions,
  withClientOptions,
  withExamples,
  withFollowOptions,
  withPageOptions,
} from "../options/command-options";
import { oneOf } from "../options/option-values";
import { registerCallbacks } from "../reaction/reaction-command";
import type { BulkOptions } from "./bulk-executions";
import { type SelectionOptions, withSelectionOptions } from "./execution-selection-options";
import { registerStates } from "./execution-state-command";
import { registerSteering } from "./execution-steering-command";
import { registerUpdates } from "./execution-updates-command";
import { registerExport } from "./export-command";
import { registerPrune } from "./prune-command";
import { registerRedrive, withBulkOptions } from "./redrive-command";
import { registerRetries } from "./retries-command";

export interface ListExecutionsOptions extends ClientOptions, PageOptions, SelectionOptions {
  readonly order?: string;
  readonly pageToken?: string;
  readonly all?: true;
  /** False with `--no-total`. */
  readonly total: boolean;
}

export interface WatchExecutionOptions extends ClientOptions, FollowOptions {
  readonly after?: string;
}

export interface CancelExecutionOptions extends BulkOptions {
  readonly reason?: string;
}

/** `aco execution ...` */
export function registerExecutionCommand(program: Command): void {
  const execution = program
    .command("execution")
    .description("find, follow, answer, cancel, redrive and prune executions");
  registerReads(execution);
  registerWatch(execution);
  registerRetries(execution);
  registerCancel(execution);
  registerUpdates(execution);
  registerStates(execution);
  registerSteering(execution);
  registerRedrive(execution);
  registerPrune(execution);
  registerExport(execution);
  registerCallbacks(execution);
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
  const list = withPageOptions(withSelectionOptions(execution.command("list").description("find executions")))
    .addOption(
      oneOf("--order <order>", ["newest", "oldest", "last-ended", "first-ended"], (names) => `${names} (newest)`),
    )
    .option("--page-token <token>", "go on after the page that ended with this one (--format json shows it)")
    .addOption(new Option("--all", "all that match, not one page").conflicts(["limit", "offset", "pageToken"]))
    .option("--no-total", "do not count all that match")
    .action((options: ListExecutionsOptions) => actions().listExecutions(options));
  withExamples(
    withClientOptions(list),
    "aco execution list --status running",
    "aco execution list --kind workflow --limit 5",
    "aco execution list --label team=web --status failed,cancelled --started-after 7d",
    "aco execution list --filter 'status=failed error=timeout ended>2026-11-01' --all --format json",
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
    .description("ask an execution to stop, and return; or all running ones that match")
    .argument("[id]", "the execution's id")
    .option("--reason <text>", "why, for the record")
    .action((id: string | undefined, options: CancelExecutionOptions) => cancelActions().cancelExecutions(id, options));
  withExamples(
    withClientOptions(withBulkOptions(cancel, "that run", "cancel")),
    "aco execution cancel 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f --reason 'wrong branch'",
    "aco execution cancel --of 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f --yes",
    "aco execution cancel --filter 'label.branch=old started<1h' --dry-run",
  );
}

function cancelActions(): typeof import("./cancel-executions-actions") {
  return require("./cancel-executions-actions") as typeof import("./cancel-executions-actions");
}

/** Loaded when it is needed, and gRPC with it. */
function actions(): typeof import("./execution-actions") {
  return require("./execution-actions") as typeof import("./execution-actions");
}

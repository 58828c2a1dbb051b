import type { Command } from "commander";
import { collect, withClientOptions, withExamples } from "../options/command-options";
import type { BulkOptions } from "./bulk-executions";
import { idempotencyKey, type UpdateOptions } from "./execution-updates-command";
import { withBulkOptions } from "./redrive-command";

export interface SteeringOptions extends UpdateOptions {
  readonly by?: string;
}

export interface PauseOptions extends SteeringOptions, BulkOptions {}

export interface ResumeOptions extends PauseOptions {
  readonly step?: true;
}

export interface UpdateExecutionOptions extends SteeringOptions {
  readonly timeout?: string;
  readonly concurrency?: readonly string[];
}

const ID = "0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f";

/** `aco execution pause`, `resume`, `skip`, `set-output`, `cancel-node`, `retry` and `update` */
export function registerSteering(execution: Command): void {
  registerPause(execution);
  registerNodes(execution);
  registerUpdate(execution);
}

function registerPause(execution: Command): void {
  const pause = execution
    .command("pause")
    .description("start no new node of a running execution, or of all that match, until it is resumed")
    .argument("[id]", "the execution's id")
    .action((id: string | undefined, options: PauseOptions) => pauseActions().pauseExecutions(id, options));
  withSteering(
    withBulkOptions(pause, "of workflows that run", "pause"),
    `aco execution pause ${ID}`,
    "aco execution pause --filter 'label.team=web' --yes",
  );
  const resume = execution
    .command("resume")
    .description("let a paused execution go on, or all that match")
    .argument("[id]", "the execution's id")
    .option("--step", "no further than the next node")
    .action((id: string | undefined, options: ResumeOptions) => pauseActions().resumeExecutions(id, options));
  withSteering(
    withBulkOptions(resume, "of workflows that run", "resume"),
    `aco execution resume ${ID}`,
    `aco execution resume ${ID} --step`,
    "aco execution resume --filter 'label.team=web' --yes",
  );
}

function registerNodes(execution: Command): void {
  const onNode = (name: string, description: string) =>
    execution
      .command(name)
      .description(description)
      .argument("<id>", "the execution's id")
      .argument(
        "<node>",
        "the node as its events name it: build, build#2 in a second round, or build[3] for the fourth item",
      );
  withSteering(
    onNode("skip", "end a node as skipped, now or when it is reached; the graph goes on").action(
      (id: string, node: string, options: SteeringOptions) => actions().skipNode(id, node, options),
    ),
    `aco execution skip ${ID} lint`,
  );
  withSteering(
    onNode("set-output", "end a node with this output, now or when it is reached")
      .argument("<json>", "the output: JSON, @FILE (JSON or YAML) or - for standard input")
      .action((id: string, node: string, output: string, options: SteeringOptions) =>
        actions().setNodeOutput(id, node, output, options),
      ),
    `aco execution set-output ${ID} fetch '{"status": 200}'`,
    `aco execution set-output ${ID} 'fetch[3]' @output.yaml`,
  );
  withSteering(
    onNode("cancel-node", "cancel a node; its catch and its error edges go on from there").action(
      (id: string, node: string, options: SteeringOptions) => actions().cancelNode(id, node, options),
    ),
    `aco execution cancel-node ${ID} fetch`,
  );
  withSteering(
    onNode("retry", "make the next attempt of a task now, instead of when its backoff is over").action(
      (id: string, node: string, options: SteeringOptions) => actions().retryNode(id, node, options),
    ),
    `aco execution retry ${ID} fetch`,
  );
}

function registerUpdate(execution: Command): void {
  withSteering(
    execution
      .command("update")
      .description("change when a running execution is out of time, and how many items its maps run at a time")
      .argument("<id>", "the execution's id")
      .option("--timeout <time>", "from now on, such as 30m, or until a time such as 2030-01-31T09:00:00Z")
      .option("--concurrency <map=n>", "items at a time of this map; may be repeated", collect)
      .action((id: string, options: UpdateExecutionOptions) => actions().updateExecution(id, options)),
    `aco execution update ${ID} --timeout 2h`,
    `aco execution update ${ID} --concurrency pages=20`,
  );
}

function withSteering(command: Command, ...examples: readonly string[]): void {
  command
    .option("--by <name>", "who asks for it (the name of the user who runs this)")
    .addOption(idempotencyKey("request"));
  withExamples(withClientOptions(command), ...examples);
}

function pauseActions(): typeof import("./pause-executions-actions") {
  return require("./pause-executions-actions") as typeof import("./pause-executions-actions");
}

/** Loaded when it is needed, and gRPC with it. */
function actions(): typeof import("./execution-steering-actions") {
  return require("./execution-steering-actions") as typeof import("./execution-steering-actions");
}

import type { Command } from "commander";
import { collect, withClientOptions, withExamples } from "../options/command-options";
import { oneOf } from "../options/option-values";
import type { BulkOptions } from "./bulk-executions";
import { FILTER_HELP, KINDS } from "./execution-selection-options";
import { idempotencyKey } from "./execution-updates-command";

export interface RedriveOptions extends BulkOptions {
  readonly from?: readonly string[];
  readonly input?: string;
  readonly setOutput?: readonly string[];
  readonly definition?: string;
  readonly plan?: true;
  readonly idempotencyKey?: string;
}

const ID = "0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f";

/** `aco execution redrive` */
export function registerRedrive(execution: Command): void {
  const redrive = execution
    .command("redrive")
    .description("start a new execution that goes on from where one failed, or from any node; or from all that match")
    .argument("[id]", "the execution's id")
    .option(
      "--from <node>",
      "run this node again, and what comes after it: build, or build[3]; may be repeated",
      collect,
    )
    .option("--input <json>", "another input: JSON, @FILE (JSON or YAML) or - for standard input")
    .option(
      "--set-output <node=json>",
      "give a node this output in place of running it, or NODE:=JSON; may be repeated",
      collect,
    )
    .option("--definition <version>", "run this version of the workflow, or the latest")
    .option("--plan", "only show what would be reused and what would run")
    .addOption(idempotencyKey("redrive"))
    .action((id: string | undefined, options: RedriveOptions) => actions().redriveExecutions(id, options));
  withExamples(
    withClientOptions(withBulkOptions(redrive, "that failed or were cancelled", "redrive")),
    `aco execution redrive ${ID} --plan`,
    `aco execution redrive ${ID} --yes`,
    `aco execution redrive ${ID} --from publish --definition latest`,
    `aco execution redrive ${ID} --set-output 'fetch[3]={"status": 200}' --input @input.yaml`,
    "aco execution redrive --filter 'status=failed error=timeout ended>2h' --dry-run",
  );
}

/** Of a command that can be told to do what it does to all that match, in place of one. */
export function withBulkOptions(command: Command, which: string, verb: string): Command {
  return command
    .addOption(oneOf("--kind <kind>", KINDS, () => `in place of an id: all ${which}, of a task or of a workflow`))
    .option("--of <id>", `in place of an id: all ${which}, of this task or workflow`)
    .option("--filter <text>", `in place of an id: all ${which} and match; ${FILTER_HELP}`)
    .option("--all", `in place of an id: all ${which}`)
    .option("--dry-run", `${verb} none of many, and say how many it would be`)
    .option("--yes", "do not ask");
}

/** Loaded when it is needed, and gRPC with it. */
function actions(): typeof import("./redrive-actions") {
  return require("./redrive-actions") as typeof import("./redrive-actions");
}

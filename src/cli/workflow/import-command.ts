import { type Command, InvalidArgumentError, Option } from "commander";
import { MAX_BACK_EDGE } from "../../definition/limits";
import type { ImportLanguage } from "../../import/import-source";
import { withExamples } from "../options/command-options";

const IMPORT_LANGUAGES: readonly ImportLanguage[] = ["asl", "steps"];

export interface ImportCommandOptions {
  readonly from?: ImportLanguage;
  readonly output?: string;
  readonly task?: readonly string[];
  readonly tasks?: string;
  readonly loopMax?: number;
}

/** `aco workflow import`, which needs no server. */
export function registerImport(workflow: Command): void {
  const command = workflow
    .command("import")
    .description("make a definition of Amazon States Language or of a list of steps, or say what has no counterpart")
    .argument("<file>", "the source: a JSON or YAML file, or - for standard input")
    .addOption(new Option("--from <language>", "asl or steps (what the file looks like)").choices(IMPORT_LANGUAGES))
    .option("--output <file>", "where to (standard output, which - is as well)")
    .option(
      "--task <name=task>",
      "the task or workflow that stands for a resource, a state, a Lambda function or a pattern: NAME=TASK_ID, or NAME=TYPE:TASK_ID or NAME=workflow:WORKFLOW_ID, which pass the arguments on; may be repeated",
      (given: string, before: readonly string[] | undefined) => [...(before ?? []), given],
    )
    .option("--tasks <file>", "the same from a JSON or YAML file, by name; also whole tasks (see below)")
    .addOption(new Option("--loop-max <n>", "how often a way back may be taken (1,000)").argParser(loopMax))
    .action((file: string, options: ImportCommandOptions) => actions().importWorkflow(file, options));
  withExamples(
    command,
    "aco workflow import docs/import/job-poller.asl.json --tasks docs/import/job-poller.tasks.yaml --output poller.yaml",
    "aco workflow import machine.json --task arn:aws:lambda:eu-west-1:123456789012:function:rate=http:0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f",
    "aco workflow import docs/import/release.steps.yaml | aco workflow validate -",
  ).addHelpText("after", TASKS);
}

const TASKS = `
A --tasks file, by name. In its texts, arguments is what the source calls the
task with, and output is what the task gives:
  rate:
    task_id: 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f
    override: {json: "\${{ arguments }}"}
    result: "\${{ output.body }}"
  lint: {task_type: shell, config: {argv: [lint, "\${{ arguments.path }}"]}}
  bill:
    workflow_id: 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e10
    input: {order: "\${{ arguments.id }}"}

Exits 2 where something of the source has no counterpart; then all of it is
named, and nothing is written.`;

function loopMax(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > MAX_BACK_EDGE)
    throw new InvalidArgumentError(`It must be a number from 1 to ${MAX_BACK_EDGE}.`);
  return value;
}

/** Loaded when it is needed, and the language with it. */
function actions(): typeof import("./import-actions") {
  return require("./import-actions") as typeof import("./import-actions");
}

import { type Command, InvalidArgumentError, Option } from "commander";
import { type ClientOptions, withClientOptions, withExamples } from "../options/command-options";

export interface SimulateOptions extends ClientOptions {
  readonly input?: string;
  readonly mocks?: string;
  readonly from?: string;
  readonly start?: number;
  readonly strict?: boolean;
  readonly maxSteps?: number;
  readonly events?: boolean;
}

/** `aco workflow simulate` */
export function registerSimulate(workflow: Command): void {
  const simulate = workflow
    .command("simulate")
    .description("run a workflow on mocked results: nothing is executed, and waiting takes no time")
    .argument(
      "<file|id>",
      "a definition (JSON or YAML, - for standard input; needs no server), or a stored workflow's id",
    )
    .option("--input <json>", "the input: JSON, @FILE or - for standard input ({}, or that of --from)")
    .option("--mocks <file>", "results by node id: a JSON or YAML file, JSON itself, or - for standard input")
    .option("--from <execution>", "take results and input from a past execution; --mocks go before them")
    .addOption(
      new Option("--start <time>", "when the run starts, such as 2030-01-31T09:00:00Z (now)").argParser(instant),
    )
    .option("--strict", "fail tasks that have no mock; otherwise they complete with null")
    .addOption(new Option("--max-steps <n>", "give up after so many steps (100,000)").argParser(positive))
    .option("--events", "print the events of the stream too")
    .action((file: string, options: SimulateOptions) => actions().simulateWorkflow(file, options));
  withExamples(
    withClientOptions(simulate),
    `aco workflow simulate examples/refund.yaml --input '{"order": "A-17", "amount": 900}' --mocks examples/refund.mocks.yaml`,
    "aco workflow simulate changed.yaml --from 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f --format json | jq .outcome",
  ).addHelpText("after", MOCKS);
}

const MOCKS = `
Mocks, by node id, or by instance id such as items[3] or poll#2:
  build: {output: {exit_code: 0}, after: 2s}        a task or a child workflow
  flaky:                                            a list: attempts, iterations
    - {error: {code: HTTP_STATUS, message: got 503}}
    - {output: {status: 200}}
  review: {approved: true, by: ada, after: 3d}      an approval
  paid: {payload: {amount: 3}, after: 1h}           a signal
  build/compensate: {output: null}                  what undoes a task
  $messages: [{name: paid, payload: {}, after: 1h}] messages to whoever waits
  $cancel: {after: 5m}                              somebody cancels the run`;

function instant(text: string): number {
  const atMs = Date.parse(text);
  if (!/^\d{4}-\d{2}-\d{2}T/.test(text) || Number.isNaN(atMs))
    throw new InvalidArgumentError("It must be a time such as 2030-01-31T09:00:00Z.");
  return atMs;
}

function positive(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > 100_000_000)
    throw new InvalidArgumentError("It must be a number from 1 to 100,000,000.");
  return value;
}

/** Loaded when it is needed. */
function actions(): typeof import("./simulate-actions") {
  return require("./simulate-actions") as typeof import("./simulate-actions");
}

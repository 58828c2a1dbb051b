import type { Command, Option } from "commander";
import {
  type ClientOptions,
  type ExecuteOptions,
  withClientOptions,
  withExamples,
  withExecuteOptions,
} from "../options/command-options";

/** What can be created, executed and deleted. */
export type RecordKind = "task" | "workflow";

const EXAMPLE_ID = "0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f";

/** `delete ID`; `rule` says when it is refused. */
export function registerDelete(
  parent: Command,
  kind: RecordKind,
  rule: string,
  remove: (id: string, options: ClientOptions) => Promise<void>,
): void {
  const command = parent
    .command("delete")
    .description(`delete a ${kind}; ${rule}`)
    .argument("<id>", `the ${kind}'s id`)
    .action(remove);
  withExamples(withClientOptions(command), `aco ${kind} delete ${EXAMPLE_ID}`);
}

export interface ExecuteCommand<Options extends ClientOptions & ExecuteOptions> {
  readonly kind: RecordKind;
  readonly description: string;
  /** What the execution is given. */
  readonly given: Option;
  /** What follows `aco task execute ID` in each example. */
  readonly examples: readonly string[];
  run(id: string, options: Options): Promise<void>;
}

/** `execute ID` */
export function registerExecute<Options extends ClientOptions & ExecuteOptions>(
  parent: Command,
  { kind, description, given, examples, run }: ExecuteCommand<Options>,
): Command {
  const command = parent
    .command("execute")
    .description(description)
    .argument("<id>", `the ${kind}'s id`)
    .addOption(given)
    .action(run);
  const lines = examples.map((example) => `aco ${kind} execute ${EXAMPLE_ID} ${example}`.trimEnd());
  return withExamples(withClientOptions(withExecuteOptions(command)), ...lines);
}

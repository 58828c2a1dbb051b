import { type Command, Option } from "commander";
import { type ClientOptions, withClientOptions, withExamples } from "../options/command-options";

export interface UpdateOptions extends ClientOptions {
  readonly idempotencyKey?: string;
}

export interface SignalOptions extends UpdateOptions {
  readonly payload?: string;
}

export interface AnswerOptions extends UpdateOptions {
  readonly approve?: true;
  readonly reject?: true;
  readonly form?: string;
  readonly comment?: string;
  readonly by?: string;
}

/** `aco execution signal` and `aco execution answer` */
export function registerUpdates(execution: Command): void {
  const signal = execution
    .command("signal")
    .description("send a message to a running execution, for a node that waits for a signal of that name")
    .argument("<id>", "the execution's id")
    .argument("<name>", "the signal's name, as it stands in the definition")
    .option("--payload <json>", "what the message holds: JSON, @FILE (JSON or YAML) or - for standard input (null)")
    .addOption(idempotencyKey("message"))
    .action((id: string, name: string, options: SignalOptions) => actions().signalExecution(id, name, options));
  withExamples(
    withClientOptions(signal),
    "aco execution signal 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f deployed",
    `aco execution signal 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f deployed --payload '{"version": "1.4.2"}'`,
    "aco execution signal 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f report --payload @report.yaml",
  );
  const answer = execution
    .command("answer")
    .description("approve or reject what an execution asks for")
    .argument("<id>", "the execution's id")
    .argument("<node>", "the approval's node as its events name it: release, or release#2 in a second round")
    .addOption(new Option("--approve", "say yes").conflicts("reject"))
    .addOption(new Option("--reject", "say no"))
    .option("--form <json>", "what the approval's form asks for: JSON, @FILE (JSON or YAML) or - for standard input")
    .option("--comment <text>", "for the record")
    .option("--by <name>", "who answers (the name of the user who runs this)")
    .addOption(idempotencyKey("answer"))
    .action((id: string, node: string, options: AnswerOptions) => actions().answerApproval(id, node, options));
  withExamples(
    withClientOptions(answer),
    "aco execution answer 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f release --approve",
    "aco execution answer 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f release --reject --comment 'not on a Friday'",
    `aco execution answer 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f release --approve --form '{"window": "22:00"}' --by alice`,
  );
}

export function idempotencyKey(what: string): Option {
  return new Option("--idempotency-key <key>", `the same ${what} again, with the same key, is taken once`);
}

/** Loaded when it is needed, and gRPC with it. */
function actions(): typeof import("./execution-updates-actions") {
  return require("./execution-updates-actions") as typeof import("./execution-updates-actions");
}

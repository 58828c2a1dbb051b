import { type Command, Option } from "commander";
import type { AnswerOptions } from "../execution/execution-updates-command";
import { type ClientOptions, collect, int32, withClientOptions, withExamples } from "../options/command-options";

export interface ListApprovalsOptions extends ClientOptions {
  readonly limit?: number;
  readonly pageToken?: string;
  readonly newestFirst?: true;
  readonly of?: string;
  readonly execution?: string;
  readonly by?: string;
}

export interface AnswerApprovalsOptions extends AnswerOptions {
  readonly field?: readonly string[];
}

/** `aco approvals ...` */
export function registerApprovalsCommand(program: Command): void {
  const approvals = program.command("approvals").description("what waits for a person: list it and answer it");
  const list = approvals
    .command("list", { isDefault: true })
    .description("list the approvals that running executions wait for, who waits longest first")
    .option("--limit <n>", "at most this many, up to 1,000 (100)", int32)
    .option("--page-token <token>", "go on after a page; its last line tells the token")
    .option("--newest-first", "what came last comes first")
    .option("--of <workflow>", "only of executions of the workflow with this id")
    .option("--execution <id>", "only of this execution")
    .option("--by <name>", "only what this person may answer")
    .action((options: ListApprovalsOptions) => actions().listApprovals(options));
  withExamples(
    withClientOptions(list),
    "aco approvals",
    "aco approvals list --by alice --newest-first",
    "aco approvals list --format json | jq -r '.approvals[] | [.execution_id, .node_id] | @tsv'",
  );
  const answer = approvals
    .command("answer")
    .description("answer an approval; in a terminal it asks for all that is not given, field by field")
    .argument("[execution]", "the execution's id; a terminal offers what waits where it is left out")
    .argument("[node]", "the approval's node, such as release or release#2; not needed where only one waits")
    .addOption(new Option("--approve", "say yes").conflicts("reject"))
    .addOption(new Option("--reject", "say no"))
    .option("--field <name=value>", "a field of the form; NAME:=JSON for any JSON; may stand more than once", collect)
    .option("--form <json>", "the whole form: JSON, @FILE (JSON or YAML) or - for standard input")
    .option("--comment <text>", "for the record")
    .option("--by <name>", "who answers (the name of the user who runs this)")
    .option("--idempotency-key <key>", "the same answer again, with the same key, is taken once")
    .action((execution: string | undefined, node: string | undefined, options: AnswerApprovalsOptions) =>
      actions().answerApprovals(execution, node, options),
    );
  withExamples(
    withClientOptions(answer),
    "aco approvals answer",
    "aco approvals answer 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f release --approve --field window=22:00 --field size=3",
    "aco approvals answer 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f --reject --comment 'not on a Friday' --by alice",
  );
}

/** Loaded when it is needed, and gRPC with it. */
function actions(): typeof import("./approvals-actions") {
  return require("./approvals-actions") as typeof import("./approvals-actions");
}

import { type Command, Option } from "commander";
import { ENDS } from "../execution/execution-selection-options";
import {
  type ClientOptions,
  type PageOptions,
  type SubjectOptions,
  withClientOptions,
  withExamples,
  withPageOptions,
  withSubjectFilter,
} from "../options/command-options";
import { someOf } from "../options/option-values";

interface ChangeableOptions extends ClientOptions {
  readonly on?: string;
  readonly condition?: string;
  readonly callback?: string;
  readonly callbackSecret?: string;
  readonly input?: string;
}

export interface CreateReactionOptions extends ChangeableOptions {
  readonly workflow?: string;
  readonly task?: string;
  readonly start?: string;
  readonly disabled?: true;
}

export interface UpdateReactionOptions extends ChangeableOptions {
  readonly enable?: true;
  readonly disable?: true;
}

export type ListReactionsOptions = ClientOptions & PageOptions & SubjectOptions;

export interface ExecutionCallbacksOptions extends ClientOptions {
  /** True where it names no reaction. */
  readonly retry?: true | string;
}

const ID = "0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f";

/** `aco reaction ...` */
export function registerReactionCommand(program: Command): void {
  const reaction = program
    .command("reaction")
    .description("what happens whenever an execution of a task or workflow ends");
  registerCreate(reaction);
  registerReads(reaction);
  registerChanges(reaction);
}

function withChangeableOptions(command: Command): Command {
  return command
    .addOption(someOf("--on <statuses>", ENDS, (names) => `ends that count: ${names}; several with commas (all)`))
    .option("--condition <cel>", "an expression over the execution that ended: 'execution.error_code == \"TIMEOUT\"'")
    .option("--callback <url>", "send a signed HTTP POST there")
    .option(
      "--callback-secret <secret>",
      "signs it: whsec_ and base64 (ACO_CALLBACK_SECRET; else the server's, or a new one)",
    )
    .option(
      "--input <json>",
      "what --start gives the workflow: JSON, @FILE or -; ${{ execution.output }} and its like are replaced",
    );
}

function registerCreate(reaction: Command): void {
  const create = withChangeableOptions(
    reaction
      .command("create")
      .description("call a URL, or start a workflow, whenever an execution ends")
      .option("--workflow <id>", "the workflow whose executions count")
      .option("--task <id>", "the task whose executions count")
      .option("--start <id>", "start this workflow")
      .option("--disabled", "without effect until it is enabled"),
  ).action((options: CreateReactionOptions) => actions().createReaction(options));
  withExamples(
    withClientOptions(create),
    `aco reaction create --workflow ${ID} --on failed --callback https://example.com/hooks/aco`,
    `aco reaction create --workflow ${ID} --on completed --start ${ID} --input '{"report": "\${{ execution.output }}"}'`,
  );
}

function registerReads(reaction: Command): void {
  const get = reaction
    .command("get")
    .description("show a reaction; its secret is never shown")
    .argument("<id>", "the reaction's id")
    .action((id: string, options: ClientOptions) => actions().getReaction(id, options));
  withExamples(withClientOptions(get), `aco reaction get ${ID}`);
  const list = reaction.command("list").description("list reactions, newest first");
  withSubjectFilter(withPageOptions(list)).action((options: ListReactionsOptions) => actions().listReactions(options));
  withExamples(withClientOptions(list), "aco reaction list", `aco reaction list --workflow ${ID} --format json`);
}

function registerChanges(reaction: Command): void {
  const update = withChangeableOptions(
    reaction
      .command("update")
      .description("change a reaction; what is not named stays as it is, an empty text removes")
      .argument("<id>", "the reaction's id")
      .addOption(new Option("--enable", "ends count from now on").conflicts("disable"))
      .option("--disable", "ends are passed over from now on"),
  ).action((id: string, options: UpdateReactionOptions) => actions().updateReaction(id, options));
  withExamples(
    withClientOptions(update),
    `aco reaction update ${ID} --disable`,
    `aco reaction update ${ID} --callback-secret "whsec_$(openssl rand -base64 32)"`,
  );
  const remove = reaction
    .command("delete")
    .description("delete a reaction; what it has not carried out yet is given up")
    .argument("<id>", "the reaction's id")
    .action((id: string, options: ClientOptions) => actions().deleteReaction(id, options));
  withExamples(withClientOptions(remove), `aco reaction delete ${ID}`);
}

/** `aco execution callbacks` */
export function registerCallbacks(execution: Command): void {
  const callbacks = execution
    .command("callbacks")
    .alias("reactions")
    .description(
      "show what happens, or happened, because an execution ended: callbacks, and workflows that were started",
    )
    .argument("<id>", "the execution's id")
    .option("--retry [reaction]", "carry it out now; the reaction's id where there are several")
    .action((id: string, options: ExecutionCallbacksOptions) => actions().executionCallbacks(id, options));
  withExamples(withClientOptions(callbacks), `aco execution callbacks ${ID}`, `aco execution callbacks ${ID} --retry`);
}

/** Loaded when it is needed, and gRPC with it. */
function actions(): typeof import("./reaction-actions") {
  return require("./reaction-actions") as typeof import("./reaction-actions");
}

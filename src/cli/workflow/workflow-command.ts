import { type Command, Option } from "commander";
import {
  type BreakpointOptions,
  type ClientOptions,
  type ExecuteOptions,
  type PageOptions,
  withBreakpointOptions,
  withClientOptions,
  withExamples,
  withPageOptions,
} from "../options/command-options";
import { oneOf } from "../options/option-values";
import { registerDelete, registerExecute } from "../record/record-commands";
import { registerDescribe } from "./describe-command";
import { registerGraph } from "./graph-command";
import { registerImport } from "./import-command";
import { registerSimulate } from "./simulate-command";
import { registerValidate } from "./validate-command";
import { registerVersions } from "./versions-command";

export interface CreateWorkflowOptions extends ClientOptions {
  readonly name?: string;
  readonly description?: string;
}

export interface ListWorkflowsOptions extends ClientOptions, PageOptions {
  readonly status?: string;
}

export interface UpdateWorkflowOptions extends ClientOptions {
  readonly name?: string;
  readonly description?: string;
  readonly status?: string;
  readonly definition?: string;
}

export interface ExecuteWorkflowOptions extends ClientOptions, ExecuteOptions, BreakpointOptions {
  readonly input?: string;
}

const STATUSES = ["draft", "active", "archived"];

/** `aco workflow ...` */
export function registerWorkflowCommand(program: Command): void {
  const workflow = program.command("workflow").description("create, execute and manage workflows");
  registerCreate(workflow);
  registerReads(workflow);
  registerChanges(workflow);
  registerExecutions(workflow);
  registerDescribe(workflow);
  registerGraph(workflow);
  registerImport(workflow);
  registerSimulate(workflow);
  registerValidate(workflow);
  registerVersions(workflow);
}

function registerCreate(workflow: Command): void {
  const create = workflow
    .command("create")
    .description("create a workflow from its definition")
    .argument("<file>", "the definition: a JSON or YAML file, or - for standard input")
    .option("--name <text>", "for people (`name` in the file, else the file's own)")
    .option("--description <text>", "for people (`description` in the file)")
    .action((file: string, options: CreateWorkflowOptions) => actions().createWorkflow(file, options));
  withExamples(
    withClientOptions(create),
    "aco workflow create examples/build-and-test.yaml",
    "generate-definition | aco workflow create - --name generated",
  );
}

function registerReads(workflow: Command): void {
  const get = workflow
    .command("get")
    .description("show a workflow and its definition")
    .argument("<id>", "the workflow's id")
    .action((id: string, options: ClientOptions) => actions().getWorkflow(id, options));
  withExamples(
    withClientOptions(get),
    "aco workflow get 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f --format json | jq .definition > definition.json",
  );
  const list = withPageOptions(workflow.command("list").description("list workflows, newest first"))
    .addOption(oneOf("--status <status>", STATUSES, (names) => `only ${names} ones`))
    .action((options: ListWorkflowsOptions) => actions().listWorkflows(options));
  withExamples(withClientOptions(list), "aco workflow list", "aco workflow list --status active --format json");
}

function registerChanges(workflow: Command): void {
  const update = workflow
    .command("update")
    .description("change a workflow; what is not named stays as it is, and what runs goes on as it was started")
    .argument("<id>", "the workflow's id")
    .option("--definition <file>", "the new definition: a JSON or YAML file, or - for standard input")
    .option("--name <text>", "for people")
    .option("--description <text>", "for people")
    .addOption(oneOf("--status <status>", STATUSES, (names) => `${names}; an archived one cannot be executed`))
    .action((id: string, options: UpdateWorkflowOptions) => actions().updateWorkflow(id, options));
  withExamples(
    withClientOptions(update),
    "aco workflow update 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f --definition examples/build-and-test.yaml",
    "aco workflow update 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f --status archived",
  );
  registerDelete(
    workflow,
    "workflow",
    "refused while it runs or another workflow names it; its executions stay",
    (id, options) => actions().deleteWorkflow(id, options),
  );
}

function registerExecutions(workflow: Command): void {
  const execute = registerExecute<ExecuteWorkflowOptions>(workflow, {
    kind: "workflow",
    description: "execute a workflow and follow it",
    given: new Option("--input <json>", "the input: JSON, @FILE or - for standard input"),
    examples: [
      `--input '{"branch": "main"}'`,
      "--input @input.yaml --detach",
      "--break-at deploy",
      "| tail -n 1 | jq    # the output",
    ],
    run: (id, options) => actions().executeWorkflow(id, options),
  });
  withBreakpointOptions(execute);
}

/** Loaded when it is needed, and gRPC with it. */
function actions(): typeof import("./workflow-actions") {
  return require("./workflow-actions") as typeof import("./workflow-actions");
}

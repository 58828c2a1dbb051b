import type { Command } from "commander";
import {
  type ClientOptions,
  type ExecuteOptions,
  type PageOptions,
  withClientOptions,
  withExamples,
  withExecuteOptions,
  withPageOptions,
} from "./command-options";
import { registerDescribe } from "./describe-command";

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

export interface ExecuteWorkflowOptions extends ClientOptions, ExecuteOptions {
  readonly input?: string;
}

/** `aco workflow ...` */
export function registerWorkflowCommand(program: Command): void {
  const workflow = program.command("workflow").description("create, execute and manage workflows");
  registerCreate(workflow);
  registerReads(workflow);
  registerChanges(workflow);
  registerExecute(workflow);
  registerDescribe(workflow);
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
    .option("--status <status>", "only draft, active or archived ones")
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
    .option("--status <status>", "draft, active or archived; an archived one cannot be executed")
    .action((id: string, options: UpdateWorkflowOptions) => actions().updateWorkflow(id, options));
  withExamples(
    withClientOptions(update),
    "aco workflow update 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f --definition examples/build-and-test.yaml",
    "aco workflow update 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f --status archived",
  );
  const remove = workflow
    .command("delete")
    .description("delete a workflow; refused while it runs, and its executions stay")
    .argument("<id>", "the workflow's id")
    .action((id: string, options: ClientOptions) => actions().deleteWorkflow(id, options));
  withExamples(withClientOptions(remove), "aco workflow delete 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f");
}

function registerExecute(workflow: Command): void {
  const execute = withExecuteOptions(
    workflow
      .command("execute")
      .description("execute a workflow and follow it")
      .argument("<id>", "the workflow's id")
      .option("--input <json>", "the input: JSON, @FILE or - for standard input"),
  ).action((id: string, options: ExecuteWorkflowOptions) => actions().executeWorkflow(id, options));
  withExamples(
    withClientOptions(execute),
    `aco workflow execute 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f --input '{"branch": "main"}'`,
    "aco workflow execute 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f --input @input.yaml --detach",
    "aco workflow execute 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f | tail -n 1 | jq    # the output",
  );
}

/** Loaded when it is needed, and gRPC with it. */
function actions(): typeof import("./workflow-actions") {
  return require("./workflow-actions") as typeof import("./workflow-actions");
}

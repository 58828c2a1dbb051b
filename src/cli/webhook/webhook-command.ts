import { type Command, Option } from "commander";
import {
  type ClientOptions,
  collect,
  int32,
  type PageOptions,
  type SubjectOptions,
  withClientOptions,
  withExamples,
  withPageOptions,
  withSubjectFilter,
} from "../options/command-options";
import { oneOf } from "../options/option-values";

interface ChangeableOptions extends ClientOptions {
  readonly description?: string;
  readonly secret?: string;
  readonly input?: string;
  readonly idempotencyHeader?: string;
  readonly tolerance?: number;
  readonly maxBody?: number;
}

export interface CreateWebhookOptions extends ChangeableOptions {
  readonly workflow?: string;
  readonly task?: string;
  readonly signature?: string;
  readonly disabled?: true;
}

export interface UpdateWebhookOptions extends ChangeableOptions {
  readonly enable?: true;
  readonly disable?: true;
}

export type ListWebhooksOptions = ClientOptions & PageOptions & SubjectOptions;

export interface TestWebhookOptions extends ClientOptions {
  readonly body: string;
  readonly header?: readonly string[];
}

const ID = "0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f";

/** `aco webhook ...` */
export function registerWebhookCommand(program: Command): void {
  const webhook = program
    .command("webhook")
    .description("addresses at which signed HTTP requests start executions; a server takes them with --webhook-listen");
  registerCreate(webhook);
  registerReads(webhook);
  registerChanges(webhook);
  registerTest(webhook);
}

function withChangeableOptions(command: Command): Command {
  return command
    .option("--description <text>", "for people")
    .option(
      "--secret <secret>",
      "what requests are signed with: the text, @FILE or - (a new one is made, and shown once)",
    )
    .option(
      "--input <json>",
      "the workflow's input or the task's config override: JSON, @FILE or -; ${{ body.x }} and ${{ headers[\"x-y\"] }} are replaced",
    )
    .option("--idempotency-header <name>", "tells a repeated request; empty: none (webhook-id or x-github-delivery)")
    .option("--tolerance <seconds>", "how far a signed time may be off (300)", int32)
    .option("--max-body <bytes>", "largest body (262144)", int32);
}

function registerCreate(webhook: Command): void {
  const create = withChangeableOptions(
    webhook
      .command("create")
      .description("create a webhook that starts a stored workflow or task")
      .argument("<name>", "its name, and the end of its path: /hooks/NAME")
      .option("--workflow <id>", "the workflow to start")
      .option("--task <id>", "the task to start")
      .addOption(
        oneOf(
          "--signature <form>",
          ["standard", "github"],
          () => "standard (Standard Webhooks) or github (X-Hub-Signature-256) (standard)",
        ),
      )
      .option("--disabled", "without effect until it is enabled"),
  ).action((name: string, options: CreateWebhookOptions) => actions().createWebhook(name, options));
  withExamples(
    withClientOptions(create),
    `aco webhook create orders --workflow ${ID}`,
    `aco webhook create push --workflow ${ID} --signature github --secret @secret.txt --input '{"ref": "\${{ body.ref }}"}'`,
  );
}

function registerReads(webhook: Command): void {
  const get = webhook
    .command("get")
    .description("show a webhook; its secret is never shown")
    .argument("<name>", "the webhook's name")
    .action((name: string, options: ClientOptions) => actions().getWebhook(name, options));
  withExamples(withClientOptions(get), "aco webhook get orders");
  const list = webhook.command("list").description("list webhooks, newest first");
  withSubjectFilter(withPageOptions(list)).action((options: ListWebhooksOptions) => actions().listWebhooks(options));
  withExamples(
    withClientOptions(list),
    "aco webhook list",
    "aco webhook list --format json | jq -r '.webhooks[].path'",
  );
}

function registerChanges(webhook: Command): void {
  const update = withChangeableOptions(
    webhook
      .command("update")
      .description("change a webhook; what is not named stays as it is, an empty text removes")
      .argument("<name>", "the webhook's name")
      .addOption(new Option("--enable", "take requests from now on").conflicts("disable"))
      .option("--disable", "answer requests with 404 from now on"),
  ).action((name: string, options: UpdateWebhookOptions) => actions().updateWebhook(name, options));
  withExamples(
    withClientOptions(update),
    "aco webhook update orders --disable",
    "aco webhook update push --secret @new.txt",
  );
  const remove = webhook
    .command("delete")
    .description("delete a webhook; what it started goes on")
    .argument("<name>", "the webhook's name")
    .action((name: string, options: ClientOptions) => actions().deleteWebhook(name, options));
  withExamples(withClientOptions(remove), "aco webhook delete orders");
}

function registerTest(webhook: Command): void {
  const test = webhook
    .command("test")
    .description("tell what a request would start, and start nothing")
    .argument("<name>", "the webhook's name")
    .requiredOption("--body <json>", "the request's body: JSON, @FILE or -")
    .option("--header <name: value>", "a header of the request; may be repeated", collect)
    .action((name: string, options: TestWebhookOptions) => actions().testWebhook(name, options));
  withExamples(
    withClientOptions(test),
    `aco webhook test push --body '{"ref": "refs/heads/main"}' --header 'X-GitHub-Event: push'`,
  );
}

/** Loaded when it is needed, and gRPC with it. */
function actions(): typeof import("./webhook-actions") {
  return require("./webhook-actions") as typeof import("./webhook-actions");
}

import {
  type CreateWebhookResponse,
  type DeleteWebhookResponse,
  type ListWebhooksResponse,
  type TestWebhookResponse,
  type Webhook,
  WebhookSignature,
} from "../../gen/proto/webhooks";
import { withSession } from "../connection/client-session";
import { usageError } from "../exit-codes";
import type { ClientOptions } from "../options/command-options";
import { parseEnumOption } from "../options/enum-option";
import { onceOnly, readInput, readJsonValue, readSource, readStandardInput, type TextSource } from "../options/values";
import { deletedView, idView } from "../record/records-view";
import type {
  CreateWebhookOptions,
  ListWebhooksOptions,
  TestWebhookOptions,
  UpdateWebhookOptions,
} from "./webhook-command";
import { createdWebhookView, testedView, webhooksView, webhookView } from "./webhook-view";

export async function createWebhook(name: string, options: CreateWebhookOptions): Promise<void> {
  const stdin = onceOnly(readStandardInput);
  const request = {
    name,
    description: options.description ?? "",
    workflowId: options.workflow,
    taskId: options.task,
    signature: parseEnumOption<WebhookSignature>(
      "--signature",
      options.signature,
      WebhookSignature,
      "WEBHOOK_SIGNATURE_",
    ),
    ...(await changesOf(options, stdin)),
    disabled: options.disabled === true,
  };
  await withSession(options, async ({ connection, print }) => {
    print(
      createdWebhookView(
        await connection.call<CreateWebhookResponse>((...call) => connection.webhooks.createWebhook(request, ...call)),
      ),
    );
  });
}

export async function getWebhook(name: string, options: ClientOptions): Promise<void> {
  await withSession(options, async ({ connection, print }) => {
    print(webhookView(await connection.call<Webhook>((...call) => connection.webhooks.getWebhook({ name }, ...call))));
  });
}

export async function listWebhooks(options: ListWebhooksOptions): Promise<void> {
  const { limit, offset, workflow, task } = options;
  const request = { limit, offset, workflowId: workflow, taskId: task };
  await withSession(options, async ({ connection, print }) => {
    const page = await connection.call<ListWebhooksResponse>((...call) =>
      connection.webhooks.listWebhooks(request, ...call),
    );
    print(webhooksView(page));
  });
}

export async function updateWebhook(name: string, options: UpdateWebhookOptions): Promise<void> {
  const { enable, disable, description } = options;
  const changes = {
    description,
    enabled: disable === true ? false : enable,
    ...(await changesOf(options, onceOnly(readStandardInput))),
  };
  if (Object.values(changes).every((value) => value === undefined))
    throw usageError("nothing to change", "`aco webhook update --help` lists what can be changed.");
  await withSession(options, async ({ connection, print }) => {
    const webhook = await connection.call<Webhook>((...call) =>
      connection.webhooks.updateWebhook({ name, ...changes }, ...call),
    );
    print(idView(webhook.name, webhookView(webhook)));
  });
}

export async function deleteWebhook(name: string, options: ClientOptions): Promise<void> {
  await withSession(options, async ({ connection, print }) => {
    await connection.call<DeleteWebhookResponse>((...call) => connection.webhooks.deleteWebhook({ name }, ...call));
    print(deletedView(name));
  });
}

export async function testWebhook(name: string, options: TestWebhookOptions): Promise<void> {
  const body = JSON.stringify(await readJsonValue("--body", options.body, onceOnly(readStandardInput)));
  const headers = Object.fromEntries((options.header ?? []).map(parseHeader));
  await withSession(options, async ({ connection, print }) => {
    print(
      testedView(
        await connection.call<TestWebhookResponse>((...call) =>
          connection.webhooks.testWebhook({ name, body, headers }, ...call),
        ),
      ),
    );
  });
}

async function changesOf(options: CreateWebhookOptions | UpdateWebhookOptions, stdin: TextSource) {
  const { secret, input, idempotencyHeader, tolerance, maxBody } = options;
  return {
    secret: secret === undefined ? undefined : secretText(secret, stdin),
    input: await readInput(input, stdin),
    idempotencyHeader,
    toleranceSeconds: tolerance,
    maxBodyBytes: maxBody,
  };
}

/** A file ends with a line break that is not part of the secret. */
function secretText(given: string, stdin: TextSource): string {
  if (given !== "-" && !given.startsWith("@")) return given;
  const source = given === "-" ? given : given.slice(1);
  return readSource(source, stdin).trim();
}

function parseHeader(text: string): readonly [string, string] {
  const [, name, value] = /^([^:]+):\s*(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw usageError(`--header must be 'NAME: VALUE'; got ${JSON.stringify(text)}`);
  return [name.trim(), value];
}

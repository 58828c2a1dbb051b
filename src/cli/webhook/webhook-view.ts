import {
  type CreateWebhookResponse,
  type ListWebhooksResponse,
  type TestWebhookResponse,
  type Webhook,
  WebhookSignature,
} from "../../gen/proto/webhooks";
import type { View } from "../output/output";
import { type Fields, fieldLines, type Table } from "../output/table";
import { harmlessLine, jsonText } from "../output/terminal-text";
import { dateTimeText } from "../output/time-text";
import { enumName } from "../output/wire-enums";
import { createdView, pageView, recordView } from "../record/records-view";

export function webhookView(webhook: Webhook): View {
  return recordView(fieldsOf(webhook), webhookJson(webhook));
}

export function createdWebhookView({ webhook, secret }: CreateWebhookResponse): View {
  if (webhook === undefined) throw new Error("the server did not say what it made");
  const hint = "give it to who sends the requests.";
  return createdView(webhook.name, fieldsOf(webhook), webhookJson(webhook), { secret, key: "secret", hint });
}

export function webhooksView({ webhooks, total }: ListWebhooksResponse): View {
  const table: Table = {
    headings: ["NAME", "STATE", "SIGNATURE", "STARTS", "DESCRIPTION"],
    rows: webhooks.map((webhook) => [
      webhook.name,
      webhook.enabled ? "enabled" : "disabled",
      signatureOf(webhook),
      webhook.workflowId ?? webhook.taskId ?? "",
      harmlessLine(webhook.description),
    ]),
    flexible: 4,
    dispensable: [2, 3],
  };
  return pageView(table, total, "webhooks", { webhooks: webhooks.map(webhookJson), total });
}

export function testedView({ input, idempotencyKey }: TestWebhookResponse): View {
  const value = JSON.parse(input) as unknown;
  return {
    table: () => [
      ...fieldLines([
        ["input", jsonText(value, 2)],
        ["key", harmlessLine(idempotencyKey ?? "")],
      ]),
    ],
    plain: () => [jsonText(value)],
    json: () => ({ input: value, idempotency_key: idempotencyKey }),
  };
}

function fieldsOf(webhook: Webhook): Fields {
  return [
    ["name", webhook.name],
    ["path", webhook.path],
    ["workflow", webhook.workflowId ?? ""],
    ["task", webhook.taskId ?? ""],
    ["state", webhook.enabled ? "enabled" : "disabled"],
    ["description", harmlessLine(webhook.description)],
    ["signature", signatureOf(webhook)],
    ["input", webhook.input === undefined ? "" : jsonText(JSON.parse(webhook.input) as unknown, 2)],
    ["repeats by", webhook.idempotencyHeader],
    ["tolerance", `${webhook.toleranceSeconds} s`],
    ["largest body", `${webhook.maxBodyBytes} bytes`],
    ["created", dateTimeText(webhook.createdAt)],
    ["updated", dateTimeText(webhook.updatedAt)],
  ];
}

function signatureOf({ signature }: Webhook): string {
  return enumName(WebhookSignature, signature, "WEBHOOK_SIGNATURE_").toLowerCase();
}

function webhookJson(webhook: Webhook): Record<string, unknown> {
  return {
    name: webhook.name,
    path: webhook.path,
    description: webhook.description,
    workflow_id: webhook.workflowId,
    task_id: webhook.taskId,
    enabled: webhook.enabled,
    signature: signatureOf(webhook),
    input: webhook.input === undefined ? undefined : (JSON.parse(webhook.input) as unknown),
    idempotency_header: webhook.idempotencyHeader,
    tolerance_seconds: webhook.toleranceSeconds,
    max_body_bytes: webhook.maxBodyBytes,
    created_at: webhook.createdAt,
    updated_at: webhook.updatedAt,
  };
}

import type {
  DeleteWebhookRequest,
  DeleteWebhookResponse,
  GetWebhookRequest,
  ListWebhooksRequest,
  ListWebhooksResponse,
  UpdateWebhookRequest,
  Webhook,
} from "../../gen/proto/webhooks";
import type { WebhookRecord } from "../../store/webhook-records";
import type { ApiContext } from "../api-context";
import { encodeWebhook } from "../convert/webhook";
import { decodeSubject } from "../reactions/decode-reaction";
import { decodePageRequest } from "../requests/page-request";
import { RequestCheck } from "../requests/request-check";
import {
  decodeBodyLimit,
  decodeIdempotencyHeader,
  decodeTolerance,
  decodeWebhookName,
  decodeWebhookSecret,
  decodeWebhookTemplate,
  MAX_DESCRIPTION,
  webhookNotFound,
} from "./decode-webhook";

export async function getWebhook(context: ApiContext, { name }: GetWebhookRequest): Promise<Webhook> {
  return encodeWebhook(await loadWebhook(context, name));
}

export async function listWebhooks({ store }: ApiContext, request: ListWebhooksRequest): Promise<ListWebhooksResponse> {
  const check = new RequestCheck();
  const page = decodePageRequest(check, request);
  const isAll = request.workflowId === undefined && request.taskId === undefined;
  const subject = isAll ? null : decodeSubject(check, request);
  check.finish();
  const { items, total } = await store.listWebhooks(subject === null ? {} : { subjectId: subject.id }, page);
  return { webhooks: items.map(encodeWebhook), total };
}

export async function updateWebhook(context: ApiContext, request: UpdateWebhookRequest): Promise<Webhook> {
  const { name, signature } = await loadWebhook(context, request.name);
  const { description, enabled, secret, input, idempotencyHeader, toleranceSeconds, maxBodyBytes } = request;
  const check = new RequestCheck();
  const changes = {
    ...(description === undefined ? {} : { description: check.text("description", description, MAX_DESCRIPTION) }),
    ...(enabled === undefined ? {} : { enabled }),
    ...(secret === undefined ? {} : { secret: decodeWebhookSecret(check, signature, secret) }),
    ...(input === undefined ? {} : { input: decodeWebhookTemplate(check, input) }),
    ...(idempotencyHeader === undefined
      ? {}
      : { idempotencyHeader: decodeIdempotencyHeader(check, idempotencyHeader, signature) }),
    ...(toleranceSeconds === undefined ? {} : { toleranceSeconds: decodeTolerance(check, toleranceSeconds) }),
    ...(maxBodyBytes === undefined ? {} : { maxBodyBytes: decodeBodyLimit(check, maxBodyBytes) }),
  };
  check.finish();
  const record = await context.store.updateWebhook(name, changes);
  if (record === null) throw webhookNotFound(name);
  return encodeWebhook(record);
}

export async function deleteWebhook(
  { store }: ApiContext,
  request: DeleteWebhookRequest,
): Promise<DeleteWebhookResponse> {
  const check = new RequestCheck();
  const name = decodeWebhookName(check, request.name);
  check.finish();
  if (!(await store.deleteWebhook(name))) throw webhookNotFound(name);
  return {};
}

/** Throws NOT_FOUND. */
export async function loadWebhook({ store }: Pick<ApiContext, "store">, text: string): Promise<WebhookRecord> {
  const check = new RequestCheck();
  const name = decodeWebhookName(check, text);
  check.finish();
  const webhook = await store.getWebhook(name);
  if (webhook === null) throw webhookNotFound(name);
  return webhook;
}

import type { WebhookServiceServer } from "../gen/proto/webhooks";
import type { ApiContext } from "./api-context";
import { unary } from "./unary";
import { deleteWebhook, getWebhook, listWebhooks, updateWebhook } from "./webhooks/change-webhook";
import { createWebhook } from "./webhooks/create-webhook";
import { testWebhook } from "./webhooks/test-webhook";

/** `orchestrator.webhooks.WebhookService`. */
export function webhookService(context: ApiContext): WebhookServiceServer {
  const { logger } = context;
  return {
    createWebhook: unary(logger, (request) => createWebhook(context, request)),
    getWebhook: unary(logger, (request) => getWebhook(context, request)),
    listWebhooks: unary(logger, (request) => listWebhooks(context, request)),
    updateWebhook: unary(logger, (request) => updateWebhook(context, request)),
    deleteWebhook: unary(logger, (request) => deleteWebhook(context, request)),
    testWebhook: unary(logger, (request) => testWebhook(context, request)),
  };
}

import { type Webhook, WebhookSignature as WireSignature } from "../../gen/proto/webhooks";
import type { WebhookRecord, WebhookSignature } from "../../store/webhook-records";
import { enumCodec } from "./enum-codec";
import { encodeTimestamp } from "./timestamps";

export const webhookSignatureCodec = enumCodec<WebhookSignature, WireSignature>({
  standard: WireSignature.WEBHOOK_SIGNATURE_STANDARD,
  github: WireSignature.WEBHOOK_SIGNATURE_GITHUB,
});

/** Without the secret. */
export function encodeWebhook(record: WebhookRecord): Webhook {
  return {
    name: record.name,
    path: `/hooks/${record.name}`,
    description: record.description,
    workflowId: record.kind === "workflow" ? record.subjectId : undefined,
    taskId: record.kind === "task" ? record.subjectId : undefined,
    enabled: record.enabled,
    signature: webhookSignatureCodec.encode(record.signature),
    input: record.input ?? undefined,
    idempotencyHeader: record.idempotencyHeader,
    toleranceSeconds: record.toleranceSeconds,
    maxBodyBytes: record.maxBodyBytes,
    createdAt: encodeTimestamp(record.createdAt),
    updatedAt: encodeTimestamp(record.updatedAt),
  };
}

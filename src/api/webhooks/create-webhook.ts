import { OrchestratorError } from "../../core/errors";
import { newSecret } from "../../delivering/standard-webhooks";
import type { CreateWebhookRequest, CreateWebhookResponse } from "../../gen/proto/webhooks";
import type { ApiContext } from "../api-context";
import { encodeWebhook, webhookSignatureCodec } from "../convert/webhook";
import { checkExists } from "../reactions/check-exists";
import { decodeSubject } from "../reactions/decode-reaction";
import { RequestCheck } from "../requests/request-check";
import {
  decodeBodyLimit,
  decodeIdempotencyHeader,
  decodeTolerance,
  decodeWebhookName,
  decodeWebhookSecret,
  decodeWebhookTemplate,
  MAX_DESCRIPTION,
} from "./decode-webhook";

export async function createWebhook(
  context: ApiContext,
  request: CreateWebhookRequest,
): Promise<CreateWebhookResponse> {
  const check = new RequestCheck();
  const name = decodeWebhookName(check, request.name);
  const description = check.text("description", request.description, MAX_DESCRIPTION);
  const subject = decodeSubject(check, request);
  const signature = webhookSignatureCodec.check(check, "signature", request.signature) ?? "standard";
  const secret = request.secret === undefined ? newSecret() : decodeWebhookSecret(check, signature, request.secret);
  const webhook = {
    name,
    description,
    signature,
    secret,
    enabled: !request.disabled,
    input: decodeWebhookTemplate(check, request.input),
    idempotencyHeader: decodeIdempotencyHeader(check, request.idempotencyHeader, signature),
    toleranceSeconds: decodeTolerance(check, request.toleranceSeconds),
    maxBodyBytes: decodeBodyLimit(check, request.maxBodyBytes),
  };
  if (subject !== null) await checkExists(check, context, subject.kind, subject.id, `${subject.kind}_id`);
  check.finish();
  if (subject === null) throw new Error("a request without a subject was let through");
  const record = await context.store.createWebhook({ ...webhook, kind: subject.kind, subjectId: subject.id });
  if (record === null)
    throw new OrchestratorError(
      "ALREADY_EXISTS",
      `there is a webhook ${JSON.stringify(name)} already; update or delete it`,
    );
  return { webhook: encodeWebhook(record), secret: request.secret === undefined ? secret : undefined };
}

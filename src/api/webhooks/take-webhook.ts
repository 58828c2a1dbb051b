import { OrchestratorError } from "../../core/errors";
import type { JsonValue } from "../../core/json";
import { verifyGithub, verifyWebhook } from "../../delivering/standard-webhooks";
import type { WebhookRecord } from "../../store/webhook-records";
import type { ApiContext } from "../api-context";
import { startExecution } from "../executions/start-execution";
import { RequestCheck } from "../requests/request-check";
import { planWebhookRun } from "./plan-webhook-run";

/** A request as it came. */
export interface ReceivedRequest {
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/**
 * Starts what the webhook says, or finds what an equal request started. Null: it asks for nothing (GitHub's `ping`). Throws
 * UNAUTHENTICATED where the signature is not right, before anything in the body is looked at, and what a start throws.
 */
export async function takeWebhook(
  context: ApiContext,
  webhook: WebhookRecord,
  request: ReceivedRequest,
): Promise<string | null> {
  const { headers } = request;
  const refusal = signatureProblem(webhook, request);
  if (refusal !== undefined) throw new OrchestratorError("UNAUTHENTICATED", refusal);
  // GitHub asks with it whether somebody is there, once, when its webhook is created.
  if (webhook.signature === "github" && headers["x-github-event"] === "ping") return null;
  const body = parseBody(webhook, request);
  const { plan, key } = await planWebhookRun(context, webhook, { body, headers });
  const { run, recorded } = await startExecution(context, plan, key);
  await recorded;
  return run.executionId;
}

function signatureProblem(webhook: WebhookRecord, { headers, body }: ReceivedRequest): string | undefined {
  const { secret, signature, toleranceSeconds } = webhook;
  if (signature === "github") return verifyGithub(secret, headers["x-hub-signature-256"] ?? "", body);
  const signed = {
    id: headers["webhook-id"] ?? "",
    timestamp: headers["webhook-timestamp"] ?? "",
    signature: headers["webhook-signature"] ?? "",
    body,
  };
  return verifyWebhook(secret, signed, { nowMs: Date.now(), toleranceMs: toleranceSeconds * 1_000 });
}

function parseBody({ maxBodyBytes }: WebhookRecord, { headers, body }: ReceivedRequest): JsonValue {
  const check = new RequestCheck();
  const type = headers["content-type"] ?? "application/json";
  if (!/^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type))
    check.add("headers/content-type", `must be application/json; got ${JSON.stringify(type.slice(0, 100))}`);
  check.finish();
  const value = check.json("body", decodeUtf8(check, body), maxBodyBytes);
  check.finish();
  return value;
}

function decodeUtf8(check: RequestCheck, body: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    check.add("body", "must be UTF-8");
    return "null";
  }
}

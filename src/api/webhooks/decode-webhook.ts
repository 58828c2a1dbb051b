import { OrchestratorError } from "../../core/errors";
import { secretProblem } from "../../delivering/standard-webhooks";
import type { WebhookSignature } from "../../store/webhook-records";
import { checkWebhookInput } from "../../webhooks/webhook-input";
import { decodeInputTemplate } from "../reactions/decode-reaction";
import type { RequestCheck } from "../requests/request-check";

const MAX_NAME_LENGTH = 64;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** Of RFC 9110, 5.1; as long as any that is in use. */
const HEADER = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;

/** GitHub asks for "a random string with high entropy"; what is shorter can be guessed. */
const MIN_TEXT_SECRET = 16;
const MAX_TEXT_SECRET = 256;

/** The libraries of Standard Webhooks take five minutes. */
const DEFAULT_TOLERANCE_SECONDS = 300;
const MAX_TOLERANCE_SECONDS = 3_600;

/** GitHub's bodies go up to 25 MB, most are some 20 KiB; what is rendered of them has to fit an input. */
const DEFAULT_BODY_BYTES = 256 * 1024;
const MAX_BODY_BYTES = 1024 * 1024;

/** Longest description, as a line or two. */
export const MAX_DESCRIPTION = 1_000;

export function decodeWebhookName(check: RequestCheck, text: string): string {
  if (text === "") check.add("name", "is required: the webhook's name");
  else if (text.length > MAX_NAME_LENGTH || !NAME.test(text)) {
    const form = "letters, digits, '.', '_' and '-', the first a letter or a digit";
    check.add("name", `must be at most ${MAX_NAME_LENGTH} ${form}`);
  }
  return text;
}

export function webhookNotFound(name: string): OrchestratorError {
  return new OrchestratorError("NOT_FOUND", `there is no webhook ${JSON.stringify(name.slice(0, MAX_NAME_LENGTH))}`);
}

export function decodeWebhookSecret(check: RequestCheck, signature: WebhookSignature, secret: string): string {
  if (signature === "standard") {
    const problem = secretProblem(secret);
    if (problem !== undefined) check.add("secret", problem);
  } else if (secret.length < MIN_TEXT_SECRET || secret.length > MAX_TEXT_SECRET) {
    check.add("secret", `must have ${MIN_TEXT_SECRET} to ${MAX_TEXT_SECRET} characters; has ${secret.length}`);
  } else check.text("secret", secret, MAX_TEXT_SECRET);
  return secret;
}

/** In lower case; empty where there is to be none. */
export function decodeIdempotencyHeader(
  check: RequestCheck,
  text: string | undefined,
  signature: WebhookSignature,
): string {
  if (text === undefined) return signature === "standard" ? "webhook-id" : "x-github-delivery";
  if (text !== "" && !HEADER.test(text)) check.add("idempotency_header", "must be the name of a header");
  return text.toLowerCase();
}

export function decodeTolerance(check: RequestCheck, seconds: number | undefined): number {
  if (seconds === undefined) return DEFAULT_TOLERANCE_SECONDS;
  if (seconds < 1 || seconds > MAX_TOLERANCE_SECONDS)
    check.add("tolerance_seconds", `must be 1 to ${MAX_TOLERANCE_SECONDS}; got ${seconds}`);
  return seconds;
}

export function decodeBodyLimit(check: RequestCheck, bytes: number | undefined): number {
  if (bytes === undefined) return DEFAULT_BODY_BYTES;
  if (bytes < 1 || bytes > MAX_BODY_BYTES) check.add("max_body_bytes", `must be 1 to ${MAX_BODY_BYTES}; got ${bytes}`);
  return bytes;
}

export function decodeWebhookTemplate(check: RequestCheck, text: string | undefined): string | null {
  return decodeInputTemplate(check, text, checkWebhookInput);
}

import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/**
 * Signatures as of Standard Webhooks (https://github.com/standard-webhooks/standard-webhooks, spec 1.0): HMAC-SHA256 over
 * `ID.TIMESTAMP.BODY`, in base64 behind `v1,`.
 */
export interface WebhookHeaders {
  /** The same in every attempt, so that the receiver can tell a repetition. */
  readonly "webhook-id": string;
  /** Seconds since 1970 of this attempt. */
  readonly "webhook-timestamp": string;
  /** One or more signatures with spaces between them: while a secret is being changed there are two. */
  readonly "webhook-signature": string;
}

const PREFIX = "whsec_";

/** The specification: between 24 and 64 bytes. */
const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;

/** What keeps a text from being a secret; undefined where nothing does. Never tells the text. */
export function secretProblem(secret: string): string | undefined {
  const key = keyOf(secret);
  if (key !== undefined && key.length >= MIN_SECRET_BYTES && key.length <= MAX_SECRET_BYTES) return undefined;
  return `must be ${PREFIX} and the base64 of ${MIN_SECRET_BYTES} to ${MAX_SECRET_BYTES} bytes: ${PREFIX}$(openssl rand -base64 32)`;
}

export function newSecret(): string {
  return PREFIX + randomBytes(32).toString("base64");
}

export function signWebhook(secret: string, id: string, atMs: number, body: string): WebhookHeaders {
  const timestamp = String(Math.floor(atMs / 1_000));
  const signature = signatureOf(secret, id, timestamp, Buffer.from(body, "utf8"));
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${signature.toString("base64")}`,
  };
}

export interface SignedRequest {
  readonly id: string;
  readonly timestamp: string;
  readonly signature: string;
  readonly body: Uint8Array;
}

/** Why a request is not taken for the secret's owner's; undefined where it is. Compares in constant time. */
export function verifyWebhook(
  secret: string,
  request: SignedRequest,
  { nowMs, toleranceMs }: { readonly nowMs: number; readonly toleranceMs: number },
): string | undefined {
  const { id, timestamp, signature, body } = request;
  if (id === "" || timestamp === "" || signature === "")
    return "the headers webhook-id, webhook-timestamp and webhook-signature are required";
  if (!/^\d{1,12}$/.test(timestamp)) return "webhook-timestamp must be seconds since 1970";
  if (Math.abs(nowMs - Number(timestamp) * 1_000) > toleranceMs)
    return "webhook-timestamp is too far from this server's time";
  const expected = signatureOf(secret, id, timestamp, body);
  const matches = signature.split(" ").some((each) => {
    const [version, text = ""] = each.split(",", 2);
    return version === "v1" && isSame(Buffer.from(text, "base64"), expected);
  });
  return matches ? undefined : "webhook-signature does not match";
}

/** GitHub's `X-Hub-Signature-256`: `sha256=` and the hex of the HMAC-SHA256 of the body; the secret is any text. */
export function verifyGithub(secret: string, signature: string, body: Uint8Array): string | undefined {
  if (signature === "") return "the header x-hub-signature-256 is required";
  const given = /^sha256=([0-9a-f]{64})$/i.exec(signature)?.[1] ?? "";
  const expected = createHmac("sha256", secret).update(body).digest();
  return isSame(Buffer.from(given, "hex"), expected) ? undefined : "x-hub-signature-256 does not match";
}

function signatureOf(secret: string, id: string, timestamp: string, body: Uint8Array): Buffer {
  const key = keyOf(secret) ?? Buffer.alloc(0);
  return createHmac("sha256", key).update(`${id}.${timestamp}.`, "utf8").update(body).digest();
}

function isSame(given: Buffer, expected: Buffer): boolean {
  // Of different lengths they are different, which tells nothing that is secret.
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function keyOf(secret: string): Buffer | undefined {
  const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : "";
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, "base64") : undefined;
}

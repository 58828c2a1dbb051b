import type { Metadata } from "@grpc/grpc-js";
import { MAX_IDEMPOTENCY_KEY_LENGTH } from "../limits";
import { RequestCheck } from "../requests/request-check";

/** The request metadata that makes a repeated Execute call attach to the first one's run. */
export const IDEMPOTENCY_KEY = "idempotency-key";

/** The client's key; undefined where it sent none. Throws INVALID_ARGUMENT. */
export function decodeIdempotencyKey(metadata: Metadata): string | undefined {
  const [value] = metadata.get(IDEMPOTENCY_KEY);
  if (value === undefined) return undefined;
  const check = new RequestCheck();
  // HTTP joins a header that comes twice; what attaches to no run would be started again.
  if (String(value).includes(", ")) check.add(IDEMPOTENCY_KEY, "must be given once, and hold no comma before a space");
  const key = check.key(IDEMPOTENCY_KEY, String(value), MAX_IDEMPOTENCY_KEY_LENGTH);
  check.finish();
  return key;
}

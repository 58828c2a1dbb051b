import type { Metadata } from "@grpc/grpc-js";
import { MAX_IDEMPOTENCY_KEY_LENGTH } from "../limits";
import { RequestCheck } from "../requests/request-check";

/** The request metadata that makes a repeated Execute call attach to the first one's run. */
export const IDEMPOTENCY_KEY = "idempotency-key";

/** Printable ASCII: what gRPC metadata carries unchanged. */
const PRINTABLE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** The client's key; undefined where it sent none. Throws INVALID_ARGUMENT. */
export function decodeIdempotencyKey(metadata: Metadata): string | undefined {
  const [value] = metadata.get(IDEMPOTENCY_KEY);
  if (value === undefined) return undefined;
  const key = String(value);
  const check = new RequestCheck();
  if (!PRINTABLE.test(key)) check.add(IDEMPOTENCY_KEY, "must be printable ASCII and not empty");
  check.text(IDEMPOTENCY_KEY, key, MAX_IDEMPOTENCY_KEY_LENGTH);
  check.finish();
  return key;
}

import type { Metadata } from "@grpc/grpc-js";
import { MAX_IDEMPOTENCY_KEY_LENGTH } from "../limits";
import { RequestCheck } from "../requests/request-check";

/** The request metadata that makes a repeated Execute call attach to the first one's run. */
export const IDEMPOTENCY_KEY = "idempotency-key";

/** Printable ASCII: what gRPC metadata carries unchanged. */
const PRINTABLE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** The client's key; undefined where it sent none. Throws INVALID_ARGUMENT. */
export function decodeIdempotencyKey(metadata: Metadata): string | undefined {
  const values = metadata.get(IDEMPOTENCY_KEY).map(String);
  const [key] = values;
  if (key === undefined) return undefined;
  const check = new RequestCheck();
  if (values.length > 1) check.add(IDEMPOTENCY_KEY, "must be given once");
  if (!PRINTABLE.test(key)) check.add(IDEMPOTENCY_KEY, "must be printable ASCII and not empty");
  check.text(IDEMPOTENCY_KEY, key, MAX_IDEMPOTENCY_KEY_LENGTH);
  check.finish();
  return key;
}

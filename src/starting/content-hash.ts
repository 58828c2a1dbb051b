import { createHash } from "node:crypto";
import type { JsonValue } from "../core/json";
import { canonicalJson } from "../definition/canonical-json";

/** SHA-256 of the canonical JSON (RFC 8785) of `value`, as 64 lower-case hex digits. */
export function contentHash(value: JsonValue): string {
  return createHash("sha256").update(canonicalJson(value), "utf8").digest("hex");
}

import type { Response } from "undici";
import type { JsonValue } from "../core/json";
import { RunnerError } from "./runner";

/** What an output may hold and still be passed on in Temporal's history (2 MB of JSON) after being escaped. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** A body as it stands in an output. */
export interface DecodedBody {
  readonly body: JsonValue;
  /** Present where the body is no text: `body` is then base64. */
  readonly body_encoding?: "base64";
}

/** Reads a whole body; throws OUTPUT_TOO_LARGE past 1 MiB, without reading on. */
export async function readBody(response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) {
      throw new RunnerError("OUTPUT_TOO_LARGE", `the response's body is over ${MAX_BODY_BYTES} bytes`, {
        retryable: false,
        details: { status: response.status, content_length: response.headers.get("content-length") },
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** JSON as its value, text as text in the response's charset (UTF-8 where it names none), anything else as base64. */
export function decodeBody(bytes: Uint8Array, contentType: string | null): DecodedBody {
  const text = decodeText(bytes, charsetOf(contentType));
  if (text === undefined) return { body: Buffer.from(bytes).toString("base64"), body_encoding: "base64" };
  return { body: isJson(contentType) ? parseOrText(text) : text };
}

/** `application/json`, and `application/problem+json` and its like (RFC 6839). */
function isJson(contentType: string | null): boolean {
  return /^[^;]*[/+]json\s*(;|$)/i.test(contentType ?? "");
}

/** A response that only claims to be JSON is still an answer; an empty one is null. */
function parseOrText(text: string): JsonValue {
  if (text.trim() === "") return null;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

function charsetOf(contentType: string | null): string {
  return /;\s*charset="?([^\s";]+)/i.exec(contentType ?? "")?.[1] ?? "utf-8";
}

/** Undefined where the bytes are no text in that charset, or nobody knows it. */
function decodeText(bytes: Uint8Array, charset: string): string | undefined {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

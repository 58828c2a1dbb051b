import type { JsonValue } from "./json";

/** Bytes of UTF-8 of a text. */
export function utf8Bytes(text: string): number {
  let sizeBytes = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) sizeBytes += 1;
    else if (unit < 0x800) sizeBytes += 2;
    // Each half of a surrogate pair stands for two of the pair's four bytes.
    else if (unit >= 0xd800 && unit <= 0xdfff) sizeBytes += 2;
    else sizeBytes += 3;
  }
  return sizeBytes;
}

/** Bytes of UTF-8 of the value's JSON, without white space. */
export function jsonBytes(value: JsonValue): number {
  return utf8Bytes(JSON.stringify(value));
}

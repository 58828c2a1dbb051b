/**
 * The text with a replacement character for each half of a surrogate pair that stands alone. Protobuf's strings cannot hold
 * one: what Temporal is sent of them it refuses, and with it the whole workflow task. JSON, in payloads, escapes them.
 */
export function wellFormed(text: string): string {
  return text.replaceAll(/[\ud800-\udfff]/gu, "\ufffd");
}

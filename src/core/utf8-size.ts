/** A UTF-16 unit takes at most three bytes of UTF-8. */
const MAX_BYTES_PER_UNIT = 3;

/** Whether the text takes more than `limitBytes` as UTF-8; encodes it only where its length does not tell. */
export function isLargerThan(text: string, limitBytes: number): boolean {
  if (text.length > limitBytes) return true;
  if (text.length * MAX_BYTES_PER_UNIT <= limitBytes) return false;
  return new TextEncoder().encode(text).length > limitBytes;
}

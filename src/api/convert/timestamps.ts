/** RFC 3339, UTC, milliseconds: `2026-01-31T12:00:00.000Z`. */
export function encodeTimestamp(date: Date): string {
  return date.toISOString();
}

/** The inverse of `encodeTimestamp`. */
export function decodeTimestamp(text: string): Date {
  return new Date(text);
}

/** An optional timestamp: `null` in a record is an absent field on the wire. */
export function encodeOptionalTimestamp(date: Date | null): string | undefined {
  return date === null ? undefined : encodeTimestamp(date);
}

/** The inverse of `encodeOptionalTimestamp`. */
export function decodeOptionalTimestamp(text: string | undefined): Date | null {
  return text === undefined ? null : decodeTimestamp(text);
}

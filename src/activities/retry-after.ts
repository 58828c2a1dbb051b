/** A server that asks for more is tried again after this: longer waits are for the task's own `retry` to say. */
export const MAX_RETRY_AFTER_MS = 60 * 60 * 1_000;

/**
 * Milliseconds that a `Retry-After` header asks to wait (RFC 9110, 10.2.3: seconds, or an HTTP date), at most an hour.
 * Undefined where it is absent or says nothing that can be understood.
 */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  if (/^\d+$/.test(text)) return Math.min(MAX_RETRY_AFTER_MS, Number(text) * 1_000);
  // All three forms of an HTTP date start with a day's name; Date.parse alone would take much else.
  const dateMs = /^[A-Z][a-z]{2,8},? /.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(dateMs)) return undefined;
  return Math.min(MAX_RETRY_AFTER_MS, Math.max(0, dateMs - nowMs));
}

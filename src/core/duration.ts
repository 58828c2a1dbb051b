import { err, ok, type Result } from "./result";

/** Milliseconds in each unit that a duration may end in. */
const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Ten years: longer than any run, and well inside Temporal's protobuf durations. */
export const MAX_DURATION_MS = 10 * 365 * UNIT_MS.d;

/** Reads `"1500ms"`, `"30s"`, `"1.5m"`, `"24h"`, `"7d"` as milliseconds; the error says what a duration looks like. */
export function parseDuration(text: string): Result<number, string> {
  const match = /^(\d{1,12}(?:\.\d{1,6})?)(ms|s|m|h|d)$/.exec(text);
  const [, amount, unit] = match ?? [];
  if (amount === undefined || unit === undefined)
    return err('must be a duration such as "1500ms", "30s", "10m", "24h" or "7d"');
  const durationMs = Math.round(Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS]);
  if (durationMs > MAX_DURATION_MS) return err("must be at most ten years");
  return ok(durationMs);
}

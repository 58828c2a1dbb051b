const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * Waits between the attempts of a callback. After Standard Webhooks' example schedule, but close together at first: a receiver
 * that is being restarted is back within a minute. About two and a half days in all.
 */
const DELAYS_MS: readonly number[] = [
  5 * SECOND,
  15 * SECOND,
  MINUTE,
  5 * MINUTE,
  20 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  18 * HOUR,
  20 * HOUR,
];

/** How often a callback is tried before it is given up. */
export const MAX_ATTEMPTS = DELAYS_MS.length + 1;

/** A random part of each wait that is added to it, so that what failed together does not come back together. */
const JITTER = 0.1;

/** The wait after attempt number `attempt`, from 1; null after the last one. */
export function delayAfter(attempt: number, random: () => number = Math.random): number | null {
  const delayMs = DELAYS_MS[attempt - 1];
  return delayMs === undefined ? null : Math.round(delayMs * (1 + random() * JITTER));
}

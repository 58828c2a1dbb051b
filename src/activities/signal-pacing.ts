/** At most 5 signals a second: more is not felt by who watches, and each costs 3-4 history events. Given by the design. */
export const MIN_SIGNAL_INTERVAL_MS = 200;

/** Even an activity that has nearly used up its budget is heard of every ten minutes. */
export const MAX_SIGNAL_INTERVAL_MS = 600_000;

/** A run may hold 10,000 signals and 50 MB of history (Temporal's limits): with this much a signal, both last equally long. */
const HISTORY_BYTES_PER_SIGNAL = 4 * 1024;

/** So that an activity with a small budget of signals can still show a few screens of output inline. */
const MIN_HISTORY_BYTES = 64 * 1024;

/** Text up to this much goes inline in one signal. Given by the brief of the event stream: about 32 KiB. */
export const MAX_INLINE_BYTES = 32 * 1024;

/** What all attempts of an activity have used together. */
export interface SignalUse {
  readonly signals: number;
  /** Of text that went inline. */
  readonly bytes: number;
}

/**
 * Milliseconds from one signal's start to the next one's. 200 for the first half of the budget, then ever longer;
 * `Infinity` once it is used up: only the last flush of an attempt is then sent. A task with a run to itself can talk
 * without a pause for more than two days before that.
 */
export function signalIntervalMs(use: SignalUse, signalBudget: number): number {
  const left = 1 - use.signals / signalBudget;
  if (!(left > 0)) return Number.POSITIVE_INFINITY;
  if (left >= 0.5) return MIN_SIGNAL_INTERVAL_MS;
  return Math.min(MAX_SIGNAL_INTERVAL_MS, Math.round(MIN_SIGNAL_INTERVAL_MS / (2 * left) ** 3));
}

/** How many bytes of text the next signal may carry inline: 32 KiB, and less when the share of history is used up. */
export function inlineBytes(use: SignalUse, signalBudget: number): number {
  const share = Math.max(MIN_HISTORY_BYTES, signalBudget * HISTORY_BYTES_PER_SIGNAL);
  return Math.max(0, Math.min(MAX_INLINE_BYTES, Math.floor((share - use.bytes) / 4)));
}

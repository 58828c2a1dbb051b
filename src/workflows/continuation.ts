/**
 * Steps of expressions (`fuel.ts`) in one run, the work of its nodes included: one to three seconds. A worker that takes the run over
 * does all of it again before anything else, in one workflow task, which Temporal gives ten seconds.
 */
export const MAX_RUN_FUEL = 5_000_000;

/** Longest wait for what runs to end before a run goes on without having continued as new. */
export const MAX_DRAIN_MS = 60_000;

/** How far a history grows after a wait in vain before the next one. */
export const GROWTH_BETWEEN_TRIES: HistorySize = { events: 2_000, bytes: 4_000_000, fuel: MAX_RUN_FUEL };

/**
 * From here on a run waits as long as it takes: Temporal terminates it at 51,200 events or 50 MB (`limit.historyCount.error`,
 * `limit.historySize.error`), and a worker may be too slow to take it over.
 */
export const SIZE_WITHOUT_LIMIT: HistorySize = { events: 20_000, bytes: 20_000_000, fuel: 3 * MAX_RUN_FUEL };

/** How far the history of a run grows that began with much to load: it must get something done before it may end again. */
export const MIN_GROWTH: HistorySize = { events: 1_000, bytes: 4_000_000, fuel: MAX_RUN_FUEL };

/**
 * How far the history of a run grows whose state is too large to be handed on, so that it may undo what it did and run its handlers.
 * It has 16 MB of that state at most behind it, and one try, so it stays below Temporal's limits.
 */
export const GROWTH_OF_LAST_RUN: HistorySize = { events: 15_000, bytes: 15_000_000, fuel: 3 * MAX_RUN_FUEL };

export interface HistorySize {
  readonly events: number;
  readonly bytes: number;
  /** What it takes to replay it, in steps; 0 of a run that does not count them. */
  readonly fuel: number;
}

export interface HistoryView extends HistorySize {
  /** Temporal's own word: 4,096 events, 4 MB, or most of the updates that one run may have. */
  readonly isSuggested: boolean;
}

/** `drain`: start nothing more until what runs has ended. */
export type ContinuationVerdict = "go_on" | "drain" | "continue_as_new";

/** Decides when a run ends so that a new one with a short history goes on in its place. */
export class Continuation {
  readonly #threshold: number;
  #notBefore: HistorySize;
  #isDraining = false;

  /**
   * `threshold`: due from this many events on, whatever Temporal suggests. `start`: what the history had grown to when the run
   * had loaded what it was handed; absent in the first run of a chain.
   */
  constructor(threshold = Number.POSITIVE_INFINITY, start?: HistorySize) {
    this.#threshold = threshold;
    const growth = { ...MIN_GROWTH, events: Math.min(threshold, MIN_GROWTH.events) };
    this.#notBefore = start === undefined ? { events: 0, bytes: 0, fuel: 0 } : sum(start, growth);
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** `isIdle`: neither a task nor a child run is under way. `isLate`: what runs has not ended within `MAX_DRAIN_MS`. */
  look(
    history: HistoryView,
    { isIdle, isLate }: { readonly isIdle: boolean; readonly isLate: boolean },
  ): ContinuationVerdict {
    const isDue = history.isSuggested || history.events >= this.#threshold || history.fuel >= MAX_RUN_FUEL;
    this.#isDraining = hasReached(history, this.#notBefore) && (isDue || this.#isDraining);
    if (!this.#isDraining) return "go_on";
    if (isIdle) return "continue_as_new";
    if (hasReached(history, SIZE_WITHOUT_LIMIT) || !isLate) return "drain";
    this.#isDraining = false;
    this.#notBefore = sum(history, GROWTH_BETWEEN_TRIES);
    return "go_on";
  }

  /** The run goes on though it was to end. */
  postpone(history: HistorySize): void {
    this.#notBefore = sum(history, GROWTH_OF_LAST_RUN);
  }
}

function hasReached({ events, bytes, fuel }: HistorySize, size: HistorySize): boolean {
  return events >= size.events || bytes >= size.bytes || fuel >= size.fuel;
}

function sum(a: HistorySize, b: HistorySize): HistorySize {
  return { events: a.events + b.events, bytes: a.bytes + b.bytes, fuel: a.fuel + b.fuel };
}

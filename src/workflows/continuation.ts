/** Longest wait for what runs to end before a run goes on without having continued as new. */
export const MAX_DRAIN_MS = 60_000;

/** Events after a wait in vain until the next try. */
export const EVENTS_BETWEEN_TRIES = 2_000;

/** From here on a run waits as long as it takes: Temporal terminates it at 51,200 events (`limit.historyCount.error`). */
export const EVENTS_WITHOUT_LIMIT = 20_000;

/** A run that begins with much to load must get something done before it may end again. */
export const MIN_EVENTS_OF_A_RUN = 1_000;

export interface HistoryView {
  readonly events: number;
  /** Temporal's own word: 4,096 events, 4 MB, or most of the updates that one run may have. */
  readonly isSuggested: boolean;
}

/** `drain`: start nothing more until what runs has ended. */
export type ContinuationVerdict = "go_on" | "drain" | "continue_as_new";

/** Decides when a run ends so that a new one with a short history goes on in its place. */
export class Continuation {
  readonly #threshold: number;
  #notBefore: number;
  #drainingSinceMs: number | undefined;

  /** `threshold`: due from this many events on, whatever Temporal suggests. `eventsAtStart`: those of the run's own beginning. */
  constructor(threshold = Number.POSITIVE_INFINITY, eventsAtStart = 0) {
    this.#threshold = threshold;
    this.#notBefore = eventsAtStart === 0 ? 0 : eventsAtStart + Math.min(threshold, MIN_EVENTS_OF_A_RUN);
  }

  get isDraining(): boolean {
    return this.#drainingSinceMs !== undefined;
  }

  /** `isIdle`: neither a task nor a child run is under way. */
  look({ events, isSuggested }: HistoryView, nowMs: number, isIdle: boolean): ContinuationVerdict {
    if (this.#drainingSinceMs === undefined) {
      if (events < this.#notBefore || !(isSuggested || events >= this.#threshold)) return "go_on";
      this.#drainingSinceMs = nowMs;
    }
    if (isIdle) return "continue_as_new";
    if (events >= EVENTS_WITHOUT_LIMIT || nowMs - this.#drainingSinceMs < MAX_DRAIN_MS) return "drain";
    this.#drainingSinceMs = undefined;
    this.#notBefore = events + EVENTS_BETWEEN_TRIES;
    return "go_on";
  }
}

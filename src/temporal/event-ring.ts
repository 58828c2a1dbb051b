import type { ExecutionEvent } from "../events/event-types";

/** What one execution's ring keeps beyond its newest page: enough for readers that are a little behind one another. */
export interface RingLimits {
  readonly events: number;
  /** UTF-16 units of the events' JSON. */
  readonly size: number;
}

/** A thousand executions that are followed at once then take 1 GB at the very most, and a few MB as a rule. */
export const DEFAULT_RING_LIMITS: RingLimits = { events: 1_000, size: 512 * 1024 };

/** The newest events of one execution, by their position in its stream (from 0). */
export class EventRing {
  readonly #limits: RingLimits;
  #entries: { readonly event: ExecutionEvent; readonly size: number }[] = [];
  #size = 0;
  #first = 0;

  constructor(limits: RingLimits) {
    this.#limits = limits;
  }

  /** Position of the oldest event that is kept. */
  get first(): number {
    return this.#first;
  }

  /** Position of the next event to come. */
  get end(): number {
    return this.#first + this.#entries.length;
  }

  /** The event at a position from `first` up to `end`. */
  at(position: number): ExecutionEvent | undefined {
    return this.#entries[position - this.#first]?.event;
  }

  /** Adds a page and drops what is too old. The page itself stays whole: the reader that asked for it has yet to read it. */
  push(page: readonly ExecutionEvent[]): void {
    const added = page.map((event) => ({ event, size: JSON.stringify(event.data).length }));
    for (const { size } of added) this.#size += size;
    let dropped = 0;
    const old = this.#entries;
    while (dropped < old.length && this.#isOver(old.length - dropped + added.length)) {
      this.#size -= old[dropped]?.size ?? 0;
      dropped += 1;
    }
    this.#first += dropped;
    this.#entries = [...old.slice(dropped), ...added];
  }

  #isOver(count: number): boolean {
    return count > this.#limits.events || this.#size > this.#limits.size;
  }
}

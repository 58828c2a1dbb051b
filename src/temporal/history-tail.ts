import type { ExecutionEvent } from "../events/event-types";
import { EventRing, type RingLimits } from "./event-ring";
import { type CursorOptions, HistoryCursor } from "./history-cursor";

/**
 * The one reading of an execution's history that all its readers share. It reads on only when a reader has come to its
 * end and asks: the fastest reader sets the pace, and when nobody reads, nothing is read or kept.
 */
export class HistoryTail {
  readonly #cursor: HistoryCursor;
  readonly #ring: EventRing;
  readonly #stop: AbortSignal;
  #growing: Promise<void> | undefined;
  /** How many readers there are; the tail is dropped with the last one. */
  readers = 0;

  constructor(options: CursorOptions, limits: RingLimits, stop: AbortSignal) {
    this.#cursor = new HistoryCursor(options);
    this.#ring = new EventRing(limits);
    this.#stop = stop;
  }

  /** Position of the oldest event that is still here. */
  get first(): number {
    return this.#ring.first;
  }

  /** Position after the newest event. */
  get end(): number {
    return this.#ring.end;
  }

  /** True once the execution's last event is here. */
  get ended(): boolean {
    return this.#cursor.ended;
  }

  at(position: number): ExecutionEvent | undefined {
    return this.#ring.at(position);
  }

  /** Resolves when there may be more; those who ask meanwhile wait for the same answer. Rejects as the cursor does. */
  grow(): Promise<void> {
    this.#growing ??= this.#readPage().finally(() => {
      this.#growing = undefined;
    });
    return this.#growing;
  }

  async #readPage(): Promise<void> {
    this.#ring.push(await this.#cursor.next(this.#stop));
  }
}

import type { ExecutionEvent } from "../events/event-types";
import { type CursorOptions, HistoryCursor } from "./history-cursor";

/** How a reader catches up that the shared tail has left behind: its own pages of history, read as it pulls. */
export class PrivateReading {
  readonly #cursor: HistoryCursor;
  readonly #stop: AbortSignal;
  #page: readonly ExecutionEvent[] = [];
  /** Position of the first event of `#page`. */
  #first = 0;

  constructor(options: CursorOptions, stop: AbortSignal) {
    this.#cursor = new HistoryCursor(options);
    this.#stop = stop;
  }

  /** The event at a position that exists and that is not before the last one asked for. */
  async at(position: number): Promise<ExecutionEvent | undefined> {
    while (position >= this.#first + this.#page.length) {
      if (this.#cursor.ended) return undefined;
      this.#first += this.#page.length;
      this.#page = [];
      this.#page = await this.#cursor.next(this.#stop);
    }
    return this.#page[position - this.#first];
  }
}

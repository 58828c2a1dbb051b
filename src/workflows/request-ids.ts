/** Ids of requests that are remembered: whoever repeats one does so within seconds. */
export const MAX_REQUEST_IDS = 1_000;

/** The requests that a run has taken, so that one which is repeated is taken once. */
export class RequestIds {
  readonly #ids: Set<string>;

  /** Oldest first. */
  constructor(ids: readonly string[] = []) {
    this.#ids = new Set(ids);
  }

  has(id: string | undefined): boolean {
    return id !== undefined && this.#ids.has(id);
  }

  add(id: string | undefined): void {
    if (id === undefined) return;
    this.#ids.add(id);
    for (const oldest of this.#ids) {
      if (this.#ids.size <= MAX_REQUEST_IDS) return;
      this.#ids.delete(oldest);
    }
  }

  /** Oldest first. */
  all(): readonly string[] {
    return [...this.#ids];
  }
}

/** How long a notice stands: whoever asks within this time has it at once. The run closes some milliseconds after it. */
const NOTICE_MS = 1_000;

/**
 * What the worker of a process tells the API of that process: an execution's end is in the store, and its run is about to close.
 * Only ever a hint: most ends are told of, but not those by force, and none where the worker is another process.
 */
export class EndNotices {
  readonly #told = new Set<string>();
  readonly #waiting = new Map<string, Set<() => void>>();

  tell(executionId: string): void {
    this.#told.add(executionId);
    setTimeout(() => this.#told.delete(executionId), NOTICE_MS).unref();
    for (const resolve of this.#waiting.get(executionId) ?? []) resolve();
    this.#waiting.delete(executionId);
  }

  /** True as soon as the end is told of; false after that time. */
  async within(timeoutMs: number, executionId: string): Promise<boolean> {
    if (this.#told.has(executionId)) return true;
    const waiting = this.#waiting.get(executionId) ?? new Set();
    this.#waiting.set(executionId, waiting);
    return await new Promise<boolean>((resolve) => {
      const told = () => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer = setTimeout(() => {
        waiting.delete(told);
        if (waiting.size === 0) this.#waiting.delete(executionId);
        resolve(false);
      }, timeoutMs);
      waiting.add(told);
    });
  }
}

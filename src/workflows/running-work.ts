import { CancellationScope } from "@temporalio/workflow";

/** What the driver has going: tasks, child runs or timers, by id, each in a cancellation scope of its own. */
export class RunningWork {
  readonly #scopes = new Map<string, CancellationScope>();
  readonly #onDefect: (defect: unknown) => void;

  /** `onDefect` hears of what `work` throws. */
  constructor(onDefect: (defect: unknown) => void) {
    this.#onDefect = onDefect;
  }

  get size(): number {
    return this.#scopes.size;
  }

  start(id: string, work: () => Promise<void>): void {
    const scope = new CancellationScope();
    this.#scopes.set(id, scope);
    scope
      .run(work)
      .catch(this.#onDefect)
      .finally(() => {
        // Something of the same id may have been started since it was cancelled.
        if (this.#scopes.get(id) === scope) this.#scopes.delete(id);
      });
  }

  /** `work` ends by itself, with what the SDK throws for a cancel; nothing happens where there is none. */
  cancel(id: string): void {
    this.#scopes.get(id)?.cancel();
  }
}

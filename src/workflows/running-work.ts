import { CancellationScope } from "@temporalio/workflow";

export interface WorkListener {
  /** Hears of what work throws. */
  readonly onDefect: (defect: unknown) => void;
  /** Some work has ended, and no longer counts. */
  readonly onEnd: () => void;
}

/** What the driver has going: tasks, child runs or timers, by id, each in a cancellation scope of its own. */
export class RunningWork {
  readonly #scopes = new Map<string, CancellationScope>();
  readonly #hears: WorkListener;

  constructor(hears: WorkListener) {
    this.#hears = hears;
  }

  get size(): number {
    return this.#scopes.size;
  }

  start(id: string, work: () => Promise<void>): void {
    const scope = new CancellationScope();
    this.#scopes.set(id, scope);
    const end = () => {
      // Something of the same id may have been started since it was cancelled.
      if (this.#scopes.get(id) === scope) this.#scopes.delete(id);
      this.#hears.onEnd();
    };
    scope.run(work).then(end, (defect: unknown) => {
      this.#hears.onDefect(defect);
      end();
    });
  }

  /** `work` ends by itself, with what the SDK throws for a cancel; nothing happens where there is none. */
  cancel(id: string): void {
    this.#scopes.get(id)?.cancel();
  }
}

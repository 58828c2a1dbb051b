import type { Failure } from "../core/errors";
import type { EngineInput, JournalEntry } from "../engine/engine-types";

/** What the engine has not been told yet. */
export interface QueuedInput {
  readonly input: EngineInput;
  readonly requestId?: string;
  /** Hears what became of it: null where the engine took it, else why not. */
  readonly answer?: (refusal: Failure | null) => void;
  /** True where it has been overtaken: the timer that it tells of was cancelled meanwhile. */
  readonly isStale?: () => boolean;
  /** What the journal says of it, unless the engine has a word of its own about the end of this node. */
  readonly entries?: readonly JournalEntry[];
}

/** First in, first out. What comes before the engine has started waits here as well. */
export class InputQueue {
  #items: QueuedInput[] = [];
  #wake: (() => void) | undefined;

  get length(): number {
    return this.#items.length;
  }

  get items(): readonly QueuedInput[] {
    return this.#items;
  }

  /** True where nothing has come but the driver's own word that the engine may go on. */
  get isOnlyGoOn(): boolean {
    return this.#items.every(({ input }) => input.type === "go_on");
  }

  push(item: QueuedInput): void {
    this.#items.push(item);
    this.wake();
  }

  /** Resolves when something has come, or somebody calls `wake`. The SDK's `condition` would take the worker another turn. */
  more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  wake(): void {
    this.#wake?.();
    this.#wake = undefined;
  }

  /** Resolves once the engine has heard of it. */
  deliver(item: Omit<QueuedInput, "answer">): Promise<Failure | null> {
    return new Promise((answer) => {
      this.push({ ...item, answer });
    });
  }

  /** All that waits, in order; the queue is empty afterwards. */
  takeAll(): readonly QueuedInput[] {
    const items = this.#items;
    this.#items = [];
    return items;
  }
}

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
  /** Hears that the engine is about to be told of it. */
  readonly onTold?: () => void;
}

/**
 * First in, first out; what comes before the engine has started waits here as well. The ends of local activities wait until all
 * else has been carried out, and are given singly. A worker hears of them one by one, but one that replays the workflow task
 * hears of all at once (`apply_local_activity_peeked_resolutions` in Temporal's core): what comes of one may not depend on
 * whether the next is there yet.
 */
export class InputQueue {
  #items: QueuedInput[] = [];
  #local: QueuedInput[] = [];

  get length(): number {
    return this.#items.length + this.#local.length;
  }

  /** True where the server has told of nothing: what has come is the driver's own word that the engine may go on. */
  get isOnlyGoOn(): boolean {
    return this.#items.every(({ input }) => input.type === "go_on");
  }

  push(item: QueuedInput): void {
    this.#items.push(item);
  }

  /** The end of a local activity. */
  pushLocal(item: QueuedInput): void {
    this.#local.push(item);
  }

  /** Resolves once the engine has heard of it. */
  deliver(item: Omit<QueuedInput, "answer">): Promise<Failure | null> {
    return new Promise((answer) => {
      this.push({ ...item, answer });
    });
  }

  /** All that the server has told of, in order; where there is none, the end of one local activity. */
  takeNext(): { readonly items: readonly QueuedInput[]; readonly isLocal: boolean } | undefined {
    if (this.#items.length > 0) return { items: this.#items.splice(0), isLocal: false };
    return this.#local.length > 0 ? { items: this.#local.splice(0, 1), isLocal: true } : undefined;
  }

  /** All that waits; the queue is empty afterwards. */
  takeAll(): readonly QueuedInput[] {
    return [...this.#items.splice(0), ...this.#local.splice(0)];
  }
}

import { setTimeout as sleep } from "node:timers/promises";

/** Lets calls with the same key begin one after the other, with at least an interval between them. */
export class KeyedPace {
  readonly #intervalMs: number;
  /** When the next may begin; only while that is to come. */
  readonly #nextAt = new Map<string, number>();

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /** Resolves when it is this call's turn: true. False at once where that would take longer than `maxWaitMs`, and takes no turn. */
  async turn(key: string, maxWaitMs: number): Promise<boolean> {
    const now = performance.now();
    const at = Math.max(now, this.#nextAt.get(key) ?? 0);
    if (at - now > maxWaitMs) return false;
    const nextAt = at + this.#intervalMs;
    this.#nextAt.set(key, nextAt);
    const forget = () => {
      if (this.#nextAt.get(key) === nextAt) this.#nextAt.delete(key);
    };
    setTimeout(forget, nextAt - now).unref();
    if (at > now) await sleep(at - now);
    return true;
  }
}

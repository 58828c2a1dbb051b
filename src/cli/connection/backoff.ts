import { setTimeout as sleep } from "node:timers/promises";

/** First and longest wait between two tries to reach a server: soon after a blink, gently during an outage. */
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 5_000;

/** The waits of one outage: doubling, with up to a fifth more so that many clients do not come back at once. */
export class Backoff {
  #nextMs = FIRST_WAIT_MS;

  reset(): void {
    this.#nextMs = FIRST_WAIT_MS;
  }

  /** Resolves after the wait, or at once when `signal` aborts. */
  async wait(signal: AbortSignal): Promise<void> {
    const waitMs = this.#nextMs * (1 + Math.random() / 5);
    this.#nextMs = Math.min(LONGEST_WAIT_MS, this.#nextMs * 2);
    await sleep(waitMs, undefined, { signal }).catch(() => undefined);
  }
}

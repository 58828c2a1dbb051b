import { createHash } from "node:crypto";
import type { JsonValue } from "../core/json";
import type { Logger } from "../core/logger";
import type { Store } from "../store/store-port";
import type { RunnerInput } from "../workflows/history-contract";

/** A century: what lives longer has no end that anybody can tell, and dates stay within what databases keep. */
const MAX_TTL_MS = 100 * 365 * 24 * 3_600_000;

/** Results of tasks, to be taken again. It only spares work, so nothing fails because of it. */
export class ResultCache {
  readonly #store: Pick<Store, "getCachedResult" | "putCachedResult">;
  readonly #logger: Logger;

  constructor(store: Pick<Store, "getCachedResult" | "putCachedResult">, logger: Logger) {
    this.#store = store;
    this.#logger = logger;
  }

  /** What the task gave before; undefined where it asks for no cache or has to be run. */
  async find(taskType: string, input: RunnerInput): Promise<{ readonly value: JsonValue } | undefined> {
    if (input.cache === undefined) return undefined;
    try {
      return (await this.#store.getCachedResult(hashOf(taskType, input.cache.key), new Date())) ?? undefined;
    } catch (error) {
      this.#warn(error, taskType, input, "Could not look for a cached result; the task is run");
      return undefined;
    }
  }

  async keep(taskType: string, input: RunnerInput, value: JsonValue): Promise<void> {
    if (input.cache === undefined) return;
    const { key, ttlMs } = input.cache;
    const now = new Date();
    const expiresAt = new Date(now.getTime() + Math.min(MAX_TTL_MS, ttlMs));
    try {
      await this.#store.putCachedResult({ hash: hashOf(taskType, key), value, expiresAt }, now);
    } catch (error) {
      this.#warn(error, taskType, input, "Could not keep a result for the cache");
    }
  }

  #warn(err: unknown, taskType: string, { executionId, nodeId }: RunnerInput, message: string): void {
    this.#logger.warn({ err, taskType, executionId, nodeId }, message);
  }
}

function hashOf(taskType: string, key: string): string {
  return createHash("sha256")
    .update(JSON.stringify([taskType, key]))
    .digest("hex");
}

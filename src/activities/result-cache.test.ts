import type { JsonValue } from "../core/json";
import { silentLogger } from "../core/logger";
import type { RunnerInput } from "../workflows/history-contract";
import { ResultCache } from "./result-cache";

const input = (key?: string, ttlMs = 1_000): RunnerInput => ({
  executionId: "e",
  config: {},
  options: {
    maxAttempts: 1,
    initialIntervalMs: 1,
    maxIntervalMs: 1,
    backoff: 1,
    nonRetryable: [],
    attemptTimeoutMs: 1,
    heartbeatTimeoutMs: 1,
  },
  signalBudget: 1,
  ...(key === undefined ? {} : { cache: { key, ttlMs } }),
});

function memory() {
  const kept = new Map<string, { value: JsonValue; expiresAt: Date }>();
  return {
    kept,
    getCachedResult: async (hash: string) => kept.get(hash) ?? null,
    putCachedResult: async ({ hash, ...result }: { hash: string; value: JsonValue; expiresAt: Date }) =>
      void kept.set(hash, result),
  };
}

test("finds what was kept under the same task type and key", async () => {
  const cache = new ResultCache(memory(), silentLogger);
  await cache.keep("shell", input("k"), { n: 1 });
  expect(await cache.find("shell", input("k"))).toMatchObject({ value: { n: 1 } });
  expect(await cache.find("http", input("k"))).toBeUndefined();
  expect(await cache.find("shell", input("other"))).toBeUndefined();
});

test("touches the store only where a cache is asked for", async () => {
  const store = memory();
  const cache = new ResultCache(store, silentLogger);
  await cache.keep("shell", input(), 1);
  expect(await cache.find("shell", input())).toBeUndefined();
  expect(store.kept.size).toBe(0);
});

test("keeps results for a century at most", async () => {
  const store = memory();
  await new ResultCache(store, silentLogger).keep("shell", input("k", Number.MAX_SAFE_INTEGER), 1);
  const [kept] = store.kept.values();
  expect(kept?.expiresAt.getUTCFullYear()).toBeLessThan(2_200);
});

test("does without where the store is away", async () => {
  const away = () => Promise.reject(new Error("away"));
  const cache = new ResultCache({ getCachedResult: away, putCachedResult: away }, silentLogger);
  await expect(cache.keep("shell", input("k"), 1)).resolves.toBeUndefined();
  await expect(cache.find("shell", input("k"))).resolves.toBeUndefined();
});

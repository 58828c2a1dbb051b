/** Milliseconds of `count` calls, one after another. */
export async function timeEach(count: number, call: (index: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const start = performance.now();
    await call(index);
    times.push(performance.now() - start);
  }
  return times;
}

/** Calls a second of `count` calls with `inFlight` under way at once. `lane` tells which of them calls. */
export async function throughput(
  count: number,
  inFlight: number,
  call: (lane: number) => Promise<unknown>,
): Promise<number> {
  let left = count;
  const start = performance.now();
  const lanes = Array.from({ length: inFlight }, async (_, lane) => {
    while (left > 0) {
      left -= 1;
      await call(lane);
    }
  });
  await Promise.all(lanes);
  return (count * 1_000) / (performance.now() - start);
}

/** Nearest-rank percentile; `rank` from 0 to 1. */
export function percentile(values: readonly number[], rank: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * rank) - 1)] ?? Number.NaN;
}

/**
 * Work that yields what is to be waited for, and returns its result. It reads like an async function, with `yield*` for `await`,
 * but makes no promise where there is nothing to wait for: the SDK's worker follows every promise of a run, which costs it some
 * 15 µs each, and a driver of async functions makes a dozen for each step of the engine.
 */
export type Waits<Result> = Generator<Promise<unknown>, Result, unknown>;

/** Does the work. Rejects with what it throws, or what it waits for rejects with. */
export async function follow<Result>(work: Waits<Result>): Promise<Result> {
  let step = work.next();
  while (step.done !== true) step = work.next(await step.value);
  return step.value;
}

/** For room that may be there at once. */
export function* waitFor(room: Promise<void> | undefined): Waits<void> {
  if (room !== undefined) yield room;
}

/** For a promise whose value is asked for. */
export function* settledValue<Value>(promise: Promise<Value>): Waits<Value> {
  return (yield promise) as Value;
}

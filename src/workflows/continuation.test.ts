import {
  Continuation,
  GROWTH_BETWEEN_TRIES,
  GROWTH_OF_LAST_RUN,
  MAX_RUN_FUEL,
  MIN_GROWTH,
  SIZE_WITHOUT_LIMIT,
} from "./continuation";

const suggested = (events: number, bytes = 0, fuel = 0) => ({ events, bytes, fuel, isSuggested: true });
const unsuggested = (events: number, fuel = 0) => ({ events, bytes: 0, fuel, isSuggested: false });

const idle = { isIdle: true, isLate: false };
const busy = { isIdle: false, isLate: false };
const late = { isIdle: false, isLate: true };

test("goes on until Temporal suggests it or its own threshold is reached", () => {
  const continuation = new Continuation(100);
  expect(continuation.look(unsuggested(99), idle)).toBe("go_on");
  expect(continuation.look(unsuggested(100), idle)).toBe("continue_as_new");
  expect(new Continuation().look(unsuggested(9_999), idle)).toBe("go_on");
  expect(new Continuation().look(suggested(5), idle)).toBe("continue_as_new");
});

test("goes on until a replay would take too long", () => {
  const look = (fuel: number) => new Continuation().look(unsuggested(9, fuel), idle);
  expect(look(MAX_RUN_FUEL - 1)).toBe("go_on");
  expect(look(MAX_RUN_FUEL)).toBe("continue_as_new");
});

test("waits for what runs, and continues as soon as that has ended", () => {
  const continuation = new Continuation();
  expect(continuation.look(suggested(10), busy)).toBe("drain");
  expect(continuation.look(suggested(12), busy)).toBe("drain");
  expect(continuation.look(suggested(12), idle)).toBe("continue_as_new");
});

test.each([
  ["events", suggested(20 + GROWTH_BETWEEN_TRIES.events - 1), suggested(20 + GROWTH_BETWEEN_TRIES.events)],
  ["bytes", suggested(21, GROWTH_BETWEEN_TRIES.bytes + 999), suggested(21, GROWTH_BETWEEN_TRIES.bytes + 1_000)],
  ["fuel", suggested(21, 0, GROWTH_BETWEEN_TRIES.fuel + 4), suggested(21, 0, GROWTH_BETWEEN_TRIES.fuel + 5)],
])("gives up after a minute, and tries again after more %s", (_, before, at) => {
  const continuation = new Continuation();
  continuation.look(suggested(10), busy);
  expect(continuation.look(suggested(20, 1_000, 5), late)).toBe("go_on");
  expect(continuation.look(before, idle)).toBe("go_on");
  expect(continuation.look(at, busy)).toBe("drain");
});

test.each([
  ["of many events", suggested(SIZE_WITHOUT_LIMIT.events)],
  ["of many bytes", suggested(10, SIZE_WITHOUT_LIMIT.bytes)],
  ["of much work", suggested(10, 0, SIZE_WITHOUT_LIMIT.fuel)],
])("waits without a limit when the history is one %s", (_, history) => {
  const continuation = new Continuation();
  continuation.look(suggested(10), busy);
  expect(continuation.look(history, late)).toBe("drain");
});

test("does not end again at once though what it began with is over Temporal's limit already", () => {
  const start = { events: 40, bytes: 9_000_000, fuel: 0 };
  const looks = (events: number, bytes: number, fuel = 0) =>
    new Continuation(undefined, start).look(suggested(events, bytes, fuel), idle);
  expect(looks(40 + MIN_GROWTH.events - 1, start.bytes + MIN_GROWTH.bytes - 1)).toBe("go_on");
  expect(looks(40 + MIN_GROWTH.events, start.bytes)).toBe("continue_as_new");
  expect(looks(41, start.bytes + MIN_GROWTH.bytes)).toBe("continue_as_new");
  expect(looks(41, start.bytes, MIN_GROWTH.fuel)).toBe("continue_as_new");
});

test.each([
  ["events", suggested(10 + GROWTH_OF_LAST_RUN.events - 1, 99), suggested(10 + GROWTH_OF_LAST_RUN.events)],
  ["bytes", suggested(11, 99 + GROWTH_OF_LAST_RUN.bytes), suggested(11, 100 + GROWTH_OF_LAST_RUN.bytes)],
  ["fuel", suggested(11, 0, GROWTH_OF_LAST_RUN.fuel + 4), suggested(11, 0, GROWTH_OF_LAST_RUN.fuel + 5)],
])("goes on for long when it is postponed, until there are more %s", (_, before, at) => {
  const continuation = new Continuation();
  expect(continuation.look(suggested(10, 100, 5), idle)).toBe("continue_as_new");
  continuation.postpone({ events: 10, bytes: 100, fuel: 5 });
  expect(continuation.look(suggested(10, 100, 5), idle)).toBe("go_on");
  expect(continuation.isDraining).toBe(false);
  expect(continuation.look(before, busy)).toBe("go_on");
  expect(continuation.look(at, busy)).toBe("drain");
});

import {
  Continuation,
  EVENTS_BETWEEN_TRIES,
  EVENTS_WITHOUT_LIMIT,
  MAX_DRAIN_MS,
  MIN_EVENTS_OF_A_RUN,
} from "./continuation";

const suggested = (events: number) => ({ events, isSuggested: true });

test("goes on until Temporal suggests it or its own threshold is reached", () => {
  const continuation = new Continuation(100);
  expect(continuation.look({ events: 99, isSuggested: false }, 0, true)).toBe("go_on");
  expect(continuation.look({ events: 100, isSuggested: false }, 0, true)).toBe("continue_as_new");
  expect(new Continuation().look({ events: 9_999, isSuggested: false }, 0, true)).toBe("go_on");
  expect(new Continuation().look(suggested(5), 0, true)).toBe("continue_as_new");
});

test("waits for what runs, and continues as soon as that has ended", () => {
  const continuation = new Continuation();
  expect(continuation.look(suggested(10), 0, false)).toBe("drain");
  expect(continuation.look(suggested(12), MAX_DRAIN_MS - 1, false)).toBe("drain");
  expect(continuation.look(suggested(12), MAX_DRAIN_MS - 1, true)).toBe("continue_as_new");
});

test("gives up after a minute, and tries again after more events", () => {
  const continuation = new Continuation();
  continuation.look(suggested(10), 0, false);
  expect(continuation.look(suggested(20), MAX_DRAIN_MS, false)).toBe("go_on");
  expect(continuation.look(suggested(20 + EVENTS_BETWEEN_TRIES - 1), MAX_DRAIN_MS, true)).toBe("go_on");
  expect(continuation.look(suggested(20 + EVENTS_BETWEEN_TRIES), MAX_DRAIN_MS, false)).toBe("drain");
});

test("waits without a limit when the history is long", () => {
  const continuation = new Continuation();
  continuation.look(suggested(EVENTS_WITHOUT_LIMIT - 1), 0, false);
  expect(continuation.look(suggested(EVENTS_WITHOUT_LIMIT), MAX_DRAIN_MS * 100, false)).toBe("drain");
});

test("does not end again at once though what it began with is over Temporal's limit already", () => {
  const continuation = new Continuation(undefined, 40);
  expect(continuation.look(suggested(40 + MIN_EVENTS_OF_A_RUN - 1), 0, true)).toBe("go_on");
  expect(continuation.look(suggested(40 + MIN_EVENTS_OF_A_RUN), 0, true)).toBe("continue_as_new");
});

import { defaultTaskOptions } from "../definition/retry-and-timeout";
import type { TaskOptions } from "../definition/task-options";
import type { TaskMock } from "./mocks";
import { runAttempts } from "./task-attempts";

const ERROR: TaskMock = { error: { code: "HTTP_STATUS", message: "got 503" } };

function attempt(options: Partial<TaskOptions>, ...mocks: readonly TaskMock[]) {
  let next = 0;
  return runAttempts({ ...defaultTaskOptions(3), ...options }, () => {
    next += 1;
    return mocks[next - 1] ?? ERROR;
  });
}

test("an attempt takes as long as its mock says", () => {
  expect(attempt({}, { output: 3, after: "2s" })).toEqual({
    durationMs: 2_000,
    attempts: 1,
    result: { ok: true, output: 3 },
  });
  expect(attempt({}, {})).toMatchObject({ durationMs: 0, result: { output: null } });
});

test("waits longer from attempt to attempt, up to the longest wait", () => {
  const options = { maxAttempts: 5, initialIntervalMs: 1_000, backoff: 3, maxIntervalMs: 5_000 };
  expect(attempt(options, ERROR, ERROR, ERROR, ERROR, {})).toMatchObject({
    attempts: 5,
    durationMs: 1_000 + 3_000 + 5_000 + 5_000,
    result: { ok: true },
  });
});

test("gives up after as many attempts as there may be", () => {
  expect(attempt({ maxAttempts: 2 })).toEqual({
    durationMs: 1_000,
    attempts: 2,
    result: { ok: false, failure: { code: "HTTP_STATUS", message: "got 503" } },
  });
});

test.each([
  ["of the node", { nonRetryable: ["HTTP_STATUS"] }, ERROR],
  ["of the node, by a pattern", { nonRetryable: ["HTTP_*"] }, ERROR],
  ["of the mock", {}, { error: { code: "HTTP_STATUS", message: "got 503", retryable: false } }],
])("does not try again what is not to be tried again by the word %s", (_whose, options, mock) => {
  expect(attempt(options, mock)).toMatchObject({ attempts: 1, result: { ok: false } });
});

test("an attempt over its timeout is tried again", () => {
  const slow = { output: 1, after: "11s" };
  expect(attempt({ attemptTimeoutMs: 10_000, maxAttempts: 2 }, slow, { output: 2 })).toMatchObject({
    durationMs: 11_000,
    result: { output: 2 },
  });
  expect(attempt({ attemptTimeoutMs: 10_000, maxAttempts: 2 }, slow, slow)).toMatchObject({
    durationMs: 21_000,
    result: { failure: { code: "TIMEOUT" } },
  });
});

test("the whole is over its timeout in the middle of an attempt", () => {
  expect(attempt({ totalTimeoutMs: 5_000 }, { after: "6s" })).toMatchObject({
    durationMs: 5_000,
    result: { failure: { code: "TIMEOUT" } },
  });
});

test("a wait that would end after the whole's timeout is not begun", () => {
  const slow = { ...ERROR, after: "4500ms" };
  expect(attempt({ totalTimeoutMs: 5_000 }, slow)).toMatchObject({
    durationMs: 4_500,
    attempts: 1,
    result: { failure: { code: "HTTP_STATUS" } },
  });
});

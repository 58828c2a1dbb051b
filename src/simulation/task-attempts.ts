import { parseDuration } from "../core/duration";
import { matchesAny } from "../core/error-pattern";
import type { Failure } from "../core/errors";
import type { JsonValue } from "../core/json";
import type { TaskOptions } from "../definition/task-options";
import { failureOfActivity } from "../events/activity-failure";
import type { MockedError, TaskMock } from "./mocks";

/** How a task ends, after all of its attempts. */
export interface TaskEnd {
  /** From its start, waits between attempts included. */
  readonly durationMs: number;
  readonly attempts: number;
  readonly result:
    | { readonly ok: true; readonly output: JsonValue }
    | { readonly ok: false; readonly failure: Failure };
}

/**
 * Tries a task as Temporal and our workers do: waits that grow between attempts, codes that are not tried again, limits on
 * an attempt and on the whole.
 */
export function runAttempts(options: TaskOptions, nextMock: () => TaskMock): TaskEnd {
  const deadlineMs = options.totalTimeoutMs ?? Number.POSITIVE_INFINITY;
  let nowMs = 0;
  for (let attempts = 1; ; attempts += 1) {
    const attempt = runAttempt(nextMock(), options);
    if (nowMs + attempt.durationMs > deadlineMs) {
      const failure = failureOfActivity({ kind: "timeout", timeout: "SCHEDULE_TO_CLOSE" });
      return { durationMs: deadlineMs, attempts, result: { ok: false, failure } };
    }
    nowMs += attempt.durationMs;
    if (attempt.failure === undefined)
      return { durationMs: nowMs, attempts, result: { ok: true, output: attempt.output } };
    const waitMs = intervalAfter(attempts, options);
    const isLast = !attempt.isRetryable || attempts >= options.maxAttempts || nowMs + waitMs >= deadlineMs;
    if (isLast) return { durationMs: nowMs, attempts, result: { ok: false, failure: attempt.failure } };
    nowMs += waitMs;
  }
}

interface Attempt {
  readonly durationMs: number;
  readonly output: JsonValue;
  readonly failure?: Failure;
  readonly isRetryable: boolean;
}

function runAttempt({ output = null, error, after }: TaskMock, options: TaskOptions): Attempt {
  const durationMs = afterMs(after);
  const { attemptTimeoutMs, nonRetryable } = options;
  if (durationMs > attemptTimeoutMs) {
    const failure = { code: "TIMEOUT", message: `the attempt took longer than ${attemptTimeoutMs} ms` };
    return { durationMs: attemptTimeoutMs, output, failure, isRetryable: !matchesAny(nonRetryable, "TIMEOUT") };
  }
  if (error === undefined) return { durationMs, output, isRetryable: false };
  const isRetryable = error.retryable !== false && !matchesAny(nonRetryable, error.code);
  return { durationMs, output, failure: mockedFailure(error), isRetryable };
}

/** The failure that a mock stands for. */
export function mockedFailure({ code, message = `mocked ${code}`, details }: MockedError): Failure {
  return { code, message, ...(details === undefined ? {} : { details }) };
}

/** The wait after so many attempts, as Temporal computes it. */
function intervalAfter(attempts: number, { initialIntervalMs, maxIntervalMs, backoff }: TaskOptions): number {
  return Math.min(maxIntervalMs, initialIntervalMs * backoff ** (attempts - 1));
}

/** The time that a mock's `after` stands for; none where it is absent. */
export function afterMs(after: string | undefined): number {
  const parsed = after === undefined ? undefined : parseDuration(after);
  return parsed?.ok === true ? parsed.value : 0;
}

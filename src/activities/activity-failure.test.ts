import { silentLogger } from "../core/logger";
import { toApplicationFailure, toRunnerError } from "./activity-failure";
import { RunnerError } from "./runner";

const options = {
  maxAttempts: 2,
  initialIntervalMs: 1,
  maxIntervalMs: 1,
  backoff: 1,
  nonRetryable: ["NEVER_AGAIN", "FATAL_*"],
  attemptTimeoutMs: 1,
  heartbeatTimeoutMs: 1,
};

test("a retryable failure with attempts left carries its code, details and wait", () => {
  const error = new RunnerError("HTTP_STATUS", "503", { retryable: true, details: { status: 503 }, retryAfterMs: 7 });
  expect(toApplicationFailure(error, 1, options)).toMatchObject({
    type: "HTTP_STATUS",
    message: "503",
    nonRetryable: false,
    details: [{ status: 503 }],
    nextRetryDelay: 7,
  });
});

test("the last attempt's failure, a terminal one and one named in non_retryable end the task", () => {
  const again = (code: string, retryable: boolean, failures: number) =>
    toApplicationFailure(new RunnerError(code, "", { retryable }), failures, options).nonRetryable;
  expect(again("A", true, 1)).toBe(false);
  expect(again("A", true, 2)).toBe(true);
  expect(again("A", false, 1)).toBe(true);
  expect(again("NEVER_AGAIN", true, 1)).toBe(true);
  expect(again("FATAL_DISK", true, 1)).toBe(true);
  expect(again("NOT_FATAL_DISK", true, 1)).toBe(false);
});

test("a defect is masked, and the log has its cause under the id that the user sees", () => {
  const logged: object[] = [];
  const cause = new TypeError("x is not a function");
  const logger = { ...silentLogger, error: (fields: object) => logged.push(fields) };
  const error = toRunnerError(cause, logger, { executionId: "e" });
  expect(error).toMatchObject({ code: "INTERNAL", retryable: true });
  expect(error.message).not.toContain("function");
  expect(logged).toEqual([{ executionId: "e", err: cause, errorId: expect.any(String) }]);
  expect(error.message).toContain((logged[0] as { errorId: string }).errorId);
});

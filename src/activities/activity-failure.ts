import { randomUUID } from "node:crypto";
import { ApplicationFailure } from "@temporalio/common";
import { matchesAny } from "../core/error-pattern";
import type { FailureCode } from "../core/errors";
import type { Logger } from "../core/logger";
import type { TaskOptions } from "../definition/task-options";
import { RunnerError } from "./runner";

/** A failure code that the type checker knows; runners of later versions may use others. */
export function runnerError(
  code: FailureCode,
  message: string,
  options: ConstructorParameters<typeof RunnerError>[2],
): RunnerError {
  return new RunnerError(code, message, options);
}

/**
 * What an attempt failed with, as a runner would say it. Anything but a `RunnerError` is a defect of ours: it is logged, and
 * the user gets an id that the log shows beside the cause.
 */
export function toRunnerError(error: unknown, logger: Logger, fields: object): RunnerError {
  if (error instanceof Error && error.name === "RunnerError") return error as RunnerError;
  const errorId = randomUUID();
  logger.error({ ...fields, err: error, errorId }, "A runner failed in a way it should not");
  return runnerError("INTERNAL", `the runner failed unexpectedly; the worker's log has the cause under ${errorId}`, {
    retryable: true,
    cause: error,
  });
}

/**
 * The failure as Temporal is told of it: the code is its type, the details its first detail. `failures` counts this one.
 * The attempts are counted here and not by Temporal, which would count lost workers too.
 */
export function toApplicationFailure(error: RunnerError, failures: number, options: TaskOptions): ApplicationFailure {
  const triesLeft = error.retryable && failures < options.maxAttempts && !matchesAny(options.nonRetryable, error.code);
  return ApplicationFailure.create({
    type: error.code,
    message: error.message,
    nonRetryable: !triesLeft,
    ...(error.details === undefined ? {} : { details: [error.details] }),
    ...(triesLeft && error.retryAfterMs !== undefined ? { nextRetryDelay: error.retryAfterMs } : {}),
  });
}

/**
 * The codes that a request can be refused with. `src/api/status.ts` maps each to one gRPC status. Compare codes, never
 * classes: a class does not survive the workflow sandbox or Jest's module registry.
 */
export const ERROR_CODES = [
  "INVALID_ARGUMENT",
  "NOT_FOUND",
  "FAILED_PRECONDITION",
  "ALREADY_EXISTS",
  "RESOURCE_EXHAUSTED",
  "UNAUTHENTICATED",
  "PERMISSION_DENIED",
  "UNAVAILABLE",
  "INTERNAL",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** One thing wrong with a request. */
export interface FieldViolation {
  /** The request's field in snake_case, followed by a JSON pointer where the field holds JSON: `definition/nodes/2/id`. */
  readonly field: string;
  /** What is wrong and how to mend it, as a sentence without the field's name. */
  readonly description: string;
  /** Code of what is wrong, for programs; absent where there is none. Of definitions: those of `docs/definition.md`, 'Problems'. */
  readonly reason?: string;
}

/** An error that is meant for the client, word for word. Anything else that is thrown reaches clients masked, as INTERNAL. */
export class OrchestratorError extends Error {
  override readonly name = "OrchestratorError";
  readonly code: ErrorCode;
  readonly violations: readonly FieldViolation[];

  constructor(
    code: ErrorCode,
    message: string,
    options: { violations?: readonly FieldViolation[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.violations = options.violations ?? [];
  }
}

export function isOrchestratorError(error: unknown): error is OrchestratorError {
  return error instanceof Error && error.name === "OrchestratorError" && "code" in error;
}

/** INVALID_ARGUMENT that names every field; the message lists them too, for clients that do not read status details. */
export function invalidArgument(violations: readonly FieldViolation[]): OrchestratorError {
  const message = violations.map(({ field, description }) => `${field}: ${description}`).join("; ");
  return new OrchestratorError("INVALID_ARGUMENT", message, { violations });
}

/**
 * Why a node or an execution failed, for programs. Sent in event data as `code`, kept in records, and carried across
 * Temporal as `ApplicationFailure.type`, so a code is never renamed. `non_retryable` in a retry policy names these.
 */
export const FAILURE_CODES = [
  "CANCELLED",
  "TERMINATED",
  "TIMEOUT",
  "WORKER_LOST",
  "CONFIG_INVALID",
  "EXPRESSION_FAILED",
  "NODE_TYPE_UNKNOWN",
  "OUTPUT_TOO_LARGE",
  "OUTPUT_INVALID",
  "SHELL_EXIT_CODE",
  "SHELL_NOT_STARTED",
  "WORKSPACE_UNAVAILABLE",
  "HTTP_STATUS",
  "HTTP_CONNECTION",
  "TASK_TYPE_UNKNOWN",
  "CONCURRENCY_REJECTED",
  "DEFINITION_INVALID",
  "ITEMS_INVALID",
  "MAP_FAILED",
  "LOOP_EXHAUSTED",
  "SIGNAL_TIMEOUT",
  "APPROVAL_TIMEOUT",
  "APPROVAL_REJECTED",
  "RUN_TIMEOUT",
  "WORKFLOW_NOT_FOUND",
  "STATE_TOO_LARGE",
  "INTERNAL",
] as const;

export type FailureCode = (typeof FAILURE_CODES)[number];

/** What a failed node or execution says. */
export interface Failure {
  /** A `FailureCode`; a plain string because a run in flight may carry one of a later version. */
  readonly code: string;
  /** For a person. */
  readonly message: string;
  /** What the runner had to say beside the message, for example `{exit_code, stdout, stderr}`. */
  readonly details?: import("./json").JsonValue;
}

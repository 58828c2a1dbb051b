import type { JsonObject, JsonValue } from "../core/json";
import type { RunnerEventType } from "../events/event-types";

/** What a runner gets. Everything it does outside the process must stop when `signal` aborts. */
export interface RunnerContext {
  readonly executionId: string;
  /** Absent in the execution of a task. */
  readonly nodeId?: string;
  /** From 1. */
  readonly attempt: number;
  /** Absolute path of the folder that the task works in; made where it is missing, so most task types never ask. */
  workspace(): Promise<string>;
  /** Aborts on cancel, on the attempt's timeout and on worker shutdown. */
  readonly signal: AbortSignal;
  /**
   * Tells the stream something. Returns at once; sent in order, in batches, and flushed before the activity ends. As with
   * Node's streams, false asks a runner that can wait to await `drained()`; what is said meanwhile may be dropped, and the
   * stream then says how much.
   */
  emit(type: RunnerEventType, data: JsonObject): boolean;
  /** Resolves when there is room again; at once where there is. */
  drained(): Promise<void>;
}

/**
 * The code of one task type; it runs as one Temporal activity. Resolves with the output, or throws: `RunnerError` says
 * whether another attempt makes sense; anything else is a defect and is retried like any retryable failure.
 */
export interface Runner<Config> {
  /** The activity's type in Temporal histories: never renamed. */
  readonly taskType: string;
  run(config: Config, context: RunnerContext): Promise<JsonValue>;
}

/** How a runner fails. `code` is a `FailureCode` of `core/errors.ts`. */
export class RunnerError extends Error {
  override readonly name = "RunnerError";
  readonly code: string;
  readonly retryable: boolean;
  readonly details: JsonValue | undefined;
  /** Waits this long before the next attempt instead of the policy's interval (`Retry-After`). */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: string,
    message: string,
    options: { retryable: boolean; details?: JsonValue; retryAfterMs?: number; cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable;
    this.details = options.details;
    this.retryAfterMs = options.retryAfterMs;
  }
}

import { z } from "zod";
import { parseDuration } from "../core/duration";
import type { RetryConfig, TimeoutConfig } from "./graph-types";
import type { TaskOptions } from "./task-options";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** A task that has failed so often will not succeed the next time, and every attempt adds to Temporal's history of the run. */
const MAX_ATTEMPTS = 1_000;
/** One attempt is one process on one worker; a week is longer than any worker should go without being replaced. */
const MAX_ATTEMPT_MS = 7 * DAY_MS;
/** Of a node or a run. Waits of ten years are written with `wait`; what works for longer than a year does not end. */
export const MAX_TOTAL_MS = 365 * DAY_MS;
/** Temporal throttles heartbeats to at least a second or so; a shorter timeout would lose healthy workers. */
const MIN_HEARTBEAT_MS = 2_000;
/** A worker that is silent for longer might as well not heartbeat. */
const MAX_HEARTBEAT_MS = 60 * MINUTE_MS;
/** Above this, the second wait is already out of reach of any use. */
const MAX_BACKOFF = 100;
/** Far more codes than there are. */
const MAX_CODES = 100;

/** What every task type shares; from `shared/design.md`, 'Exact shapes'. */
const DEFAULT_TIMEOUTS = { attemptTimeoutMs: 10 * MINUTE_MS, heartbeatTimeoutMs: 10_000 } as const;
/** Temporal's own defaults, but for the longest wait: a minute, so that a service that is back is used again soon. */
const DEFAULT_RETRY = { initialIntervalMs: 1_000, maxIntervalMs: MINUTE_MS, backoff: 2, nonRetryable: [] } as const;

/** What `parseDuration` reads, for the published JSON Schema. */
const DURATION_PATTERN = "^\\d{1,12}(\\.\\d{1,6})?(ms|s|m|h|d)$";

/** A duration in text, of at least `minMs` and at most `maxMs` milliseconds. */
export function duration(what: string, minMs: number, maxMs: number): z.ZodString {
  return durationCheck(what, minMs, maxMs).meta({ pattern: DURATION_PATTERN });
}

function durationCheck(what: string, minMs: number, maxMs: number): z.ZodString {
  return z.string().check((context) => {
    const parsed = parseDuration(context.value);
    const message = !parsed.ok
      ? parsed.error
      : parsed.value < minMs || parsed.value > maxMs
        ? `${what} must be from ${inWords(minMs)} to ${inWords(maxMs)}`
        : undefined;
    if (message !== undefined) context.issues.push({ code: "custom", message, input: context.value });
  });
}

function inWords(durationMs: number): string {
  if (durationMs % DAY_MS === 0) return `${durationMs / DAY_MS}d`;
  if (durationMs % MINUTE_MS === 0) return `${durationMs / MINUTE_MS}m`;
  return durationMs % 1_000 === 0 ? `${durationMs / 1_000}s` : `${durationMs}ms`;
}

const attempt = duration("an attempt", 1, MAX_ATTEMPT_MS).describe("Longest time of one attempt; 10m by default.");

export const retrySchema = z
  .strictObject({
    max_attempts: z.int().min(1).max(MAX_ATTEMPTS).optional().describe("Attempts in all, the first one included."),
    initial_interval: duration("an interval", 1, DAY_MS).optional().describe("Wait before the second attempt; 1s."),
    max_interval: duration("an interval", 1, DAY_MS).optional().describe("Longest wait between attempts; 1m."),
    backoff: z.number().min(1).max(MAX_BACKOFF).optional().describe("Factor from one wait to the next; 2."),
    non_retryable: z
      .array(z.string().min(1).max(64))
      .max(MAX_CODES)
      .optional()
      .describe("Patterns of failure codes that are not tried again, `*` for any text."),
  })
  .refine(({ initial_interval, max_interval }) => !isLonger(initial_interval, max_interval), {
    message: "must not be shorter than initial_interval",
    path: ["max_interval"],
  })
  .describe("How a failed attempt is tried again.");

const total = duration("the whole", 1, MAX_TOTAL_MS);

export const timeoutSchema = z
  .union([
    attempt,
    z.strictObject({
      attempt: attempt.optional(),
      total: total.optional().describe("All attempts and the waits between them."),
      heartbeat: duration("a heartbeat", MIN_HEARTBEAT_MS, MAX_HEARTBEAT_MS)
        .optional()
        .describe("Silence after which the worker counts as lost; 10s."),
    }),
  ])
  .describe("A duration for one attempt, or an object.");

/** Of a node that is no task: the whole of it is all there is to limit. */
export const totalTimeoutSchema = z
  .union([total, z.strictObject({ total: total.optional().describe("Longest time of the whole node.") })])
  .describe("A duration for the whole node, or an object.");

function isLonger(left: string | undefined, right: string | undefined): boolean {
  const [leftMs, rightMs] = [milliseconds(left), milliseconds(right)];
  return leftMs !== undefined && rightMs !== undefined && leftMs > rightMs;
}

function milliseconds(text: string | undefined): number | undefined {
  const parsed = text === undefined ? undefined : parseDuration(text);
  return parsed?.ok ? parsed.value : undefined;
}

/** The options of a task whose config says nothing of them. */
export function defaultTaskOptions(maxAttempts: number): TaskOptions {
  return { maxAttempts, ...DEFAULT_RETRY, ...DEFAULT_TIMEOUTS };
}

/** Lays `retry` and `timeout`, both checked by the schemas above, over `options`; absent fields leave what was there. */
export function overrideTaskOptions(
  options: TaskOptions,
  retry: RetryConfig | undefined,
  timeout: TimeoutConfig | string | undefined,
): TaskOptions {
  const limits = typeof timeout === "string" ? { attempt: timeout } : (timeout ?? {});
  const initialIntervalMs = milliseconds(retry?.initial_interval) ?? options.initialIntervalMs;
  const maxIntervalMs = milliseconds(retry?.max_interval) ?? options.maxIntervalMs;
  const totalTimeoutMs = milliseconds(limits.total) ?? options.totalTimeoutMs;
  return {
    maxAttempts: retry?.max_attempts ?? options.maxAttempts,
    initialIntervalMs,
    // Temporal refuses a longest wait that is shorter than the first one, as two levels of settings may well ask for.
    maxIntervalMs: Math.max(initialIntervalMs, maxIntervalMs),
    backoff: retry?.backoff ?? options.backoff,
    nonRetryable: retry?.non_retryable ?? options.nonRetryable,
    attemptTimeoutMs: milliseconds(limits.attempt) ?? options.attemptTimeoutMs,
    ...(totalTimeoutMs === undefined ? {} : { totalTimeoutMs }),
    heartbeatTimeoutMs: milliseconds(limits.heartbeat) ?? options.heartbeatTimeoutMs,
  };
}

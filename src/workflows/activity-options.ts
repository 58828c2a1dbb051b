import { ActivityCancellationType, type ActivityOptions, type RetryPolicy } from "@temporalio/common";
import type { TaskOptions } from "../definition/task-options";

/**
 * How often a task is started again after its worker was lost, beyond its `maxAttempts`: a task that kills its worker
 * again and again must end. The activity's wrapper keeps count of the real failures and stops at `maxAttempts` itself.
 */
export const LOST_WORKER_ATTEMPTS = 10;

/** The wrapper enforces the attempt's timeout (and kills what it started); this is how much later Temporal steps in. */
export const ATTEMPT_GRACE_MS = 30_000;

/**
 * Longest summary, in UTF-16 units: Temporal refuses one over 400 bytes (`limit.userMetadataSummarySize`), and with it the
 * workflow task, for ever.
 */
export const MAX_SUMMARY_LENGTH = 100;

/** How Temporal runs a task. Part of history: an option that changes here changes no run in flight. */
export function activityOptionsOf(
  options: TaskOptions,
  { activityId, summary, priority }: { activityId: string; summary: string; priority?: number | undefined },
): ActivityOptions {
  return {
    activityId,
    summary: summary.slice(0, MAX_SUMMARY_LENGTH),
    startToCloseTimeout: options.attemptTimeoutMs + ATTEMPT_GRACE_MS,
    ...(options.totalTimeoutMs === undefined ? {} : { scheduleToCloseTimeout: options.totalTimeoutMs }),
    // A node counts as cancelled when what it ran has stopped, not when it was asked to.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    heartbeatTimeout: options.heartbeatTimeoutMs,
    retry: retryOf(options),
    ...(priority === undefined ? {} : { priority: { priorityKey: priority } }),
  };
}

function retryOf(options: TaskOptions): RetryPolicy {
  return {
    maximumAttempts: options.maxAttempts + LOST_WORKER_ATTEMPTS,
    initialInterval: options.initialIntervalMs,
    // Temporal refuses a maximum below the first interval.
    maximumInterval: Math.max(options.initialIntervalMs, options.maxIntervalMs),
    backoffCoefficient: options.backoff,
    nonRetryableErrorTypes: [...options.nonRetryable],
  };
}

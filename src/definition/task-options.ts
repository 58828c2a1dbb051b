/** How one task is tried and how long it may take, with every default filled in. Part of activity options in history. */
export interface TaskOptions {
  readonly maxAttempts: number;
  readonly initialIntervalMs: number;
  readonly maxIntervalMs: number;
  readonly backoff: number;
  readonly nonRetryable: readonly string[];
  readonly attemptTimeoutMs: number;
  /** Absent: no limit on the whole. */
  readonly totalTimeoutMs?: number;
  readonly heartbeatTimeoutMs: number;
}

import type { TaskOptions } from "../definition/task-options";
import { activityOptionsOf } from "./activity-options";

const OPTIONS: TaskOptions = {
  maxAttempts: 3,
  initialIntervalMs: 1_000,
  maxIntervalMs: 500,
  backoff: 2,
  nonRetryable: ["HTTP_STATUS"],
  attemptTimeoutMs: 60_000,
  heartbeatTimeoutMs: 10_000,
};

test("leaves lost workers attempts of their own and Temporal a grace after the attempt's timeout", () => {
  expect(activityOptionsOf(OPTIONS, { activityId: "a#2", summary: "Fetch" })).toEqual({
    activityId: "a#2",
    summary: "Fetch",
    startToCloseTimeout: 90_000,
    heartbeatTimeout: 10_000,
    cancellationType: "WAIT_CANCELLATION_COMPLETED",
    retry: {
      maximumAttempts: 13,
      initialInterval: 1_000,
      maximumInterval: 1_000,
      backoffCoefficient: 2,
      nonRetryableErrorTypes: ["HTTP_STATUS"],
    },
  });
});

test("limits the whole only where the task does", () => {
  const names = { activityId: "a", summary: "a" };
  expect(activityOptionsOf({ ...OPTIONS, totalTimeoutMs: 5_000 }, names).scheduleToCloseTimeout).toBe(5_000);
});

test("passes the priority on", () => {
  const options = activityOptionsOf(OPTIONS, { activityId: "a", summary: "a", priority: 1 });
  expect(options.priority).toEqual({ priorityKey: 1 });
});

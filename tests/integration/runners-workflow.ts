import { defineSignal, proxyActivities, setHandler } from "@temporalio/workflow";
import type { JsonValue } from "../../src/core/json";
import { activityOptionsOf } from "../../src/workflows/activity-options";
import { ACTIVITY_EVENTS_SIGNAL, type RunnerInput } from "../../src/workflows/history-contract";

/** The least workflow around one runner: what it says stays in history, where the tests read it. */
export async function runOneTask(taskType: string, input: RunnerInput): Promise<JsonValue | undefined> {
  setHandler(defineSignal(ACTIVITY_EVENTS_SIGNAL), () => undefined);
  const options = activityOptionsOf(input.options, { activityId: "task", summary: taskType });
  const activities = proxyActivities<Record<string, (input: RunnerInput) => Promise<JsonValue>>>(options);
  return await activities[taskType]?.(input);
}

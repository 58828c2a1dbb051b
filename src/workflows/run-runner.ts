import { proxyActivities } from "@temporalio/workflow";
import type { JsonValue } from "../core/json";
import type { Lane } from "../definition/graph-types";
import { activityOptionsOf } from "./activity-options";
import type { RunnerInput } from "./history-contract";

/** Of Temporal's priority keys. */
const FIRST_PRIORITY = 1;

type RunnerActivity = (input: RunnerInput) => Promise<JsonValue | undefined>;

/** Which activity to run. */
export interface RunnerCall {
  /** The activity's type. */
  readonly taskType: string;
  readonly activityId: string;
  /** For the Temporal Web UI. */
  readonly summary: string;
  readonly input: RunnerInput;
  /** `standard` where absent. */
  readonly lane?: Lane | undefined;
  /** 1 to 5; where absent, that of the lane: Temporal's default, or the first. */
  readonly priority?: number | undefined;
}

/**
 * Runs one task as an activity, in the current cancellation scope. A runner that returns nothing gives `undefined`. Rejects with what the
 * SDK throws: see `endOfActivity`.
 */
export function runRunner(call: RunnerCall): Promise<JsonValue | undefined> {
  const { taskType, activityId, summary, input, lane, priority = lane === "fast" ? FIRST_PRIORITY : undefined } = call;
  // The proxy makes a function for any name.
  const activities = proxyActivities(activityOptionsOf(input.options, { activityId, summary, priority }));
  const run = activities[taskType] as RunnerActivity;
  return run(input);
}

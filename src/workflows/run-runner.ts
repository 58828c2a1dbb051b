import { proxyActivities, proxyLocalActivities } from "@temporalio/workflow";
import type { JsonValue } from "../core/json";
import type { Lane } from "../definition/graph-types";
import { activityOptionsOf, localActivityOptionsOf } from "./activity-options";
import type { RunnerInput } from "./history-contract";

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
  /** 1 to 5; Temporal's default where absent. A local activity has none: it never waits in a queue. */
  readonly priority?: number | undefined;
}

/** Runs one task as an activity, in the current cancellation scope. Throws what the SDK throws: see `endOfActivity`. */
export async function runRunner(call: RunnerCall): Promise<JsonValue> {
  // The proxy makes a function for any name.
  const run = activitiesFor(call)[call.taskType] as RunnerActivity;
  return (await run(call.input)) ?? null;
}

function activitiesFor({ activityId, summary, input, lane, priority }: RunnerCall): Record<string, RunnerActivity> {
  if (lane === "fast") return proxyLocalActivities(localActivityOptionsOf(input.options, summary));
  return proxyActivities(activityOptionsOf(input.options, { activityId, summary, priority }));
}

import { proxyActivities } from "@temporalio/workflow";
import type { JsonValue } from "../core/json";
import { activityOptionsOf } from "./activity-options";
import type { RunnerInput } from "./history-contract";

/** Signals that Temporal takes in one run are 10,000 (`maxSignalsPerExecution`); the rest is left to people and retries. */
export const SIGNALS_PER_RUN = 8_000;

type RunnerActivity = (input: RunnerInput) => Promise<JsonValue | undefined>;

/** Which activity to run. */
export interface RunnerCall {
  /** The activity's type. */
  readonly taskType: string;
  readonly activityId: string;
  /** For the Temporal Web UI. */
  readonly summary: string;
  readonly input: RunnerInput;
}

/** Runs one task as an activity, in the current cancellation scope. Throws what the SDK throws: see `endOfActivity`. */
export async function runRunner(call: RunnerCall): Promise<JsonValue> {
  const options = activityOptionsOf(call.input.options, call.activityId, call.summary);
  // The proxy makes a function for any name.
  const run = proxyActivities<Record<string, RunnerActivity>>(options)[call.taskType] as RunnerActivity;
  return (await run(call.input)) ?? null;
}

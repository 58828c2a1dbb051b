import { ApplicationFailure } from "@temporalio/common";
import { isOrchestratorError } from "../core/errors";
import { prepareScheduledRun, type ScheduledStore } from "../starting/prepare-scheduled-run";
import { PLAN_SCHEDULED_RUN, type PlanScheduledInput, type ScheduledPlan } from "../workflows/history-contract";

export type { ScheduledStore };

/** What the workflow `startScheduled` asks of the store. Reads only: however often it is tried, nothing is started by it. */
export function createScheduleActivities(
  store: ScheduledStore,
): Record<typeof PLAN_SCHEDULED_RUN, (input: PlanScheduledInput) => Promise<ScheduledPlan>> {
  return {
    [PLAN_SCHEDULED_RUN]: async (input) => {
      try {
        return await prepareScheduledRun(store, input);
      } catch (error) {
        // A refusal would be the same again; a database that is away comes back.
        if (!isOrchestratorError(error) || error.code === "UNAVAILABLE") throw error;
        throw ApplicationFailure.create({ type: error.code, message: error.message, nonRetryable: true });
      }
    },
  };
}

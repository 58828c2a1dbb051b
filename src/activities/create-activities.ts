import { processEnvironment } from "../config";
import { createAddressGuard } from "../delivering/address-guard";
import { createCallbackSender } from "../delivering/send-callback";
import type { Store } from "../store/store-port";
import { createConcurrencyActivities } from "./concurrency-slots";
import { createHttpRunner } from "./http";
import { inheritedEnvironment } from "./inherited-environment";
import { createNoopRunner } from "./noop";
import { createReactionActivities, type PerformerStore } from "./perform-reaction";
import { type RunnerDependencies, runActivity } from "./run-activity";
import type { Runner } from "./runner";
import { createScheduleActivities, type ScheduledStore } from "./scheduled-runs";
import { createShellRunner } from "./shell";
import { createStatePartActivities } from "./state-parts";

export interface ActivitiesOptions extends RunnerDependencies {
  readonly store: RunnerDependencies["store"] &
    Pick<Store, "getBlob" | "deleteBlobs"> &
    ScheduledStore &
    PerformerStore;
  /** Networks, as `10.0.0.0/8`, to which callbacks may go although they are private; none where absent. */
  readonly callbackAllow?: readonly string[];
  /** Of which tasks inherit a few variables (`inherited-environment.ts`). The worker's own by default. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Any function that Temporal can call as an activity. */
type Activity = (...args: never[]) => Promise<unknown>;

/** All activities of a worker: every task type's runner by the task type's name, and what workflows ask of Temporal and of the store. */
export function createActivities(options: ActivitiesOptions): Record<string, Activity> {
  const inherited = inheritedEnvironment(options.environment ?? processEnvironment());
  const activities: Record<string, Activity> = {
    ...createConcurrencyActivities(options.client),
    ...createStatePartActivities(options.store),
    ...createScheduleActivities(options.store),
    ...createReactionActivities({
      ...options,
      callbacks: createCallbackSender(createAddressGuard(options.callbackAllow ?? [])),
    }),
  };
  const add = <Config>(runner: Runner<Config>) => {
    activities[runner.taskType] = runActivity(runner, options);
  };
  // Every runner there is. A new one is a file beside this one and a line here.
  add(createShellRunner(inherited));
  add(createHttpRunner());
  add(createNoopRunner());
  return activities;
}

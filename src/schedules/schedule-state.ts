/** What a schedule does now, in the words of every view of it. */
export type ScheduleState = "active" | "paused" | "nothing to start";

/** Of a schedule as the API tells it; a list leaves `remainingActions` out, and then has no `nextTimes` either once none remain. */
export function scheduleState(schedule: {
  readonly paused: boolean;
  readonly remainingActions?: number | bigint | undefined;
  readonly nextTimes: readonly string[];
}): ScheduleState {
  if (schedule.paused) return "paused";
  return Number(schedule.remainingActions) === 0 || schedule.nextTimes.length === 0 ? "nothing to start" : "active";
}

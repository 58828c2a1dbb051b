import type { JsonValue } from "../core/json";
import type { ScheduleSpecText, ScheduleTimes } from "../schedules/schedule-spec";

export const SCHEDULE_OVERLAPS = [
  "SKIP",
  "BUFFER_ONE",
  "BUFFER_ALL",
  "CANCEL_OTHER",
  "TERMINATE_OTHER",
  "ALLOW_ALL",
] as const;
export type ScheduleOverlap = (typeof SCHEDULE_OVERLAPS)[number];

/** What a schedule starts. */
export interface ScheduleTarget {
  readonly kind: "task" | "workflow";
  readonly subjectId: string;
}

/** What its client says of a schedule. */
export interface ScheduleDefinition {
  readonly target: ScheduleTarget;
  readonly spec: ScheduleSpecText;
  /** Template; undefined where there is none. */
  readonly input: JsonValue | undefined;
  readonly overlap: ScheduleOverlap;
  /** Undefined: Temporal's own, a year. */
  readonly catchUpWindowMs: number | undefined;
  readonly pauseOnFailure: boolean;
  /** Undefined: no limit. */
  readonly remainingActions: number | undefined;
  readonly paused: boolean;
  readonly note: string;
}

export interface ScheduleActionTaken {
  readonly scheduledAt: Date;
  readonly takenAt: Date;
  /** Of the execution, which there may not be (`starterWorkflowId` tells why). */
  readonly executionId: string;
  readonly starterWorkflowId: string;
}

/** A schedule as it stands. */
export interface ScheduleState extends ScheduleDefinition {
  readonly id: string;
  readonly createdAt: Date;
  /** Null until it was changed. */
  readonly updatedAt: Date | null;
  /** At most ten, soonest first. */
  readonly nextTimes: readonly Date[];
  /** At most ten, newest first. */
  readonly recentActions: readonly ScheduleActionTaken[];
  readonly runningExecutionIds: readonly string[];
  readonly actionsTaken: number;
  readonly missedCatchUp: number;
  readonly skippedOverlap: number;
}

/** What a list tells of a schedule. */
export interface ScheduleSummary {
  readonly id: string;
  readonly target: ScheduleTarget;
  readonly paused: boolean;
  readonly note: string;
  readonly nextTimes: readonly Date[];
  readonly recentActions: readonly ScheduleActionTaken[];
}

export interface SchedulePage {
  readonly items: readonly ScheduleSummary[];
  /** Empty on the last page. */
  readonly nextPageToken: Uint8Array;
}

/** How the start that a schedule made has ended without an execution. */
export interface StarterEnd {
  readonly message: string;
}

/**
 * Schedules, which live in Temporal and nowhere else. Every method throws `OrchestratorError` UNAVAILABLE when Temporal cannot
 * be reached, and INVALID_ARGUMENT with a violation of `spec` where Temporal refuses one that we took.
 */
export interface Schedules {
  /** False where there is one of that id. */
  create(id: string, schedule: ScheduleDefinition): Promise<boolean>;
  /** Null where there is none; so with the others. */
  get(id: string): Promise<ScheduleState | null>;
  list(request: {
    readonly pageSize: number;
    readonly pageToken: Uint8Array;
    readonly target?: ScheduleTarget;
  }): Promise<SchedulePage>;
  /** `change` is called again with what the schedule then is where somebody else's change came in between. */
  update(id: string, change: (current: ScheduleDefinition) => ScheduleDefinition): Promise<boolean>;
  delete(id: string): Promise<boolean>;
  /** A request that is repeated with its id does nothing; so with the next. */
  trigger(id: string, overlap: ScheduleOverlap | undefined, requestId: string): Promise<boolean>;
  /** Both ends count. */
  backfill(id: string, range: BackfillRange, requestId: string): Promise<boolean>;
  /** The first `count` times from `from` on; both ends count. Fewer where there are no more until `to`. */
  timesOf(id: string, range: TimeRange): Promise<readonly Date[] | null>;
  /** The same of a spec that is no schedule's. */
  timesOfSpec(times: ScheduleTimes, range: TimeRange): Promise<readonly Date[]>;
  /** Why the start under this id came to no execution; null while it is on its way, and where Temporal no longer knows it. */
  starterEnd(action: ScheduleActionTaken): Promise<StarterEnd | null>;
}

export interface BackfillRange {
  readonly from: Date;
  readonly to: Date;
  readonly overlap: ScheduleOverlap;
}

export interface TimeRange {
  readonly from: Date;
  readonly to: Date;
  readonly count: number;
}

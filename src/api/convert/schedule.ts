import type { JsonValue } from "../../core/json";
import {
  type Schedule,
  type ScheduleCalendar,
  type ScheduleSpec,
  ScheduleOverlap as WireOverlap,
} from "../../gen/proto/schedules";
import type { CalendarText, ScheduleSpecText } from "../../schedules/schedule-spec";
import type { ScheduleOverlap, ScheduleState, ScheduleSummary, ScheduleTarget } from "../../temporal/schedules-port";
import { enumCodec } from "./enum-codec";
import { encodeOptionalTimestamp, encodeTimestamp } from "./timestamps";

export const scheduleOverlapCodec = enumCodec<ScheduleOverlap, WireOverlap>({
  SKIP: WireOverlap.SCHEDULE_OVERLAP_SKIP,
  BUFFER_ONE: WireOverlap.SCHEDULE_OVERLAP_BUFFER_ONE,
  BUFFER_ALL: WireOverlap.SCHEDULE_OVERLAP_BUFFER_ALL,
  CANCEL_OTHER: WireOverlap.SCHEDULE_OVERLAP_CANCEL_OTHER,
  TERMINATE_OTHER: WireOverlap.SCHEDULE_OVERLAP_TERMINATE_OTHER,
  ALLOW_ALL: WireOverlap.SCHEDULE_OVERLAP_ALLOW_ALL,
});

const CALENDAR_NAMES = [
  ["second", "second"],
  ["minute", "minute"],
  ["hour", "hour"],
  ["dayOfMonth", "day_of_month"],
  ["month", "month"],
  ["year", "year"],
  ["dayOfWeek", "day_of_week"],
  ["comment", "comment"],
] as const;

/** The message as JSON with the proto's own names; what is absent stays absent. */
export function decodeSpec(spec: ScheduleSpec): ScheduleSpecText {
  const { timeZone, startTime, endTime, jitter } = spec;
  return {
    ...(spec.cron.length === 0 ? {} : { cron: spec.cron }),
    ...(spec.intervals.length === 0
      ? {}
      : {
          intervals: spec.intervals.map(({ every, offset }) => (offset === undefined ? { every } : { every, offset })),
        }),
    ...(spec.calendars.length === 0 ? {} : { calendars: spec.calendars.map(decodeCalendar) }),
    ...(spec.skip.length === 0 ? {} : { skip: spec.skip.map(decodeCalendar) }),
    ...(timeZone === undefined ? {} : { time_zone: timeZone }),
    ...(startTime === undefined ? {} : { start_time: startTime }),
    ...(endTime === undefined ? {} : { end_time: endTime }),
    ...(jitter === undefined ? {} : { jitter }),
  };
}

/** The inverse of `decodeSpec`. */
export function encodeSpec(spec: ScheduleSpecText): ScheduleSpec {
  return {
    cron: [...(spec.cron ?? [])],
    intervals: (spec.intervals ?? []).map(({ every, offset }) => ({ every, offset })),
    calendars: (spec.calendars ?? []).map(encodeCalendar),
    skip: (spec.skip ?? []).map(encodeCalendar),
    timeZone: spec.time_zone,
    startTime: spec.start_time,
    endTime: spec.end_time,
    jitter: spec.jitter,
  };
}

function decodeCalendar(calendar: ScheduleCalendar): CalendarText {
  const fields = CALENDAR_NAMES.map(([wire, name]) => [name, calendar[wire]] as const);
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

function encodeCalendar(calendar: CalendarText): ScheduleCalendar {
  const fields = CALENDAR_NAMES.map(([wire, name]) => [wire, calendar[name]] as const);
  return Object.fromEntries(fields) as unknown as ScheduleCalendar;
}

type WireTarget = Pick<Schedule, "workflowId" | "taskId">;

export function encodeTarget({ kind, subjectId }: ScheduleTarget): WireTarget {
  return kind === "task" ? { taskId: subjectId, workflowId: undefined } : { workflowId: subjectId, taskId: undefined };
}

/** What became of the executions is asked of the records, and added by the caller. */
export function encodeSchedule(schedule: ScheduleState, recentActions: Schedule["recentActions"]): Schedule {
  return {
    id: schedule.id,
    ...encodeTarget(schedule.target),
    spec: encodeSpec(schedule.spec),
    input: encodeInput(schedule.input),
    overlap: scheduleOverlapCodec.encode(schedule.overlap),
    catchUpWindow: schedule.catchUpWindowMs === undefined ? undefined : durationOf(schedule.catchUpWindowMs),
    pauseOnFailure: schedule.pauseOnFailure,
    remainingActions: schedule.remainingActions,
    paused: schedule.paused,
    note: schedule.note,
    createdAt: encodeTimestamp(schedule.createdAt),
    updatedAt: encodeOptionalTimestamp(schedule.updatedAt),
    nextTimes: schedule.nextTimes.map(encodeTimestamp),
    recentActions,
    runningExecutionIds: [...schedule.runningExecutionIds],
    actionsTaken: schedule.actionsTaken,
    missedCatchUp: schedule.missedCatchUp,
    skippedOverlap: schedule.skippedOverlap,
  };
}

export function encodeScheduleSummary(schedule: ScheduleSummary): Schedule {
  return {
    id: schedule.id,
    ...encodeTarget(schedule.target),
    spec: undefined,
    input: undefined,
    overlap: WireOverlap.SCHEDULE_OVERLAP_UNSPECIFIED,
    catchUpWindow: undefined,
    pauseOnFailure: false,
    remainingActions: undefined,
    paused: schedule.paused,
    note: schedule.note,
    createdAt: undefined,
    updatedAt: undefined,
    nextTimes: schedule.nextTimes.map(encodeTimestamp),
    recentActions: schedule.recentActions.map(({ scheduledAt, takenAt, executionId }) => ({
      scheduledAt: encodeTimestamp(scheduledAt),
      takenAt: encodeTimestamp(takenAt),
      executionId,
      status: "",
      error: undefined,
    })),
    runningExecutionIds: [],
    actionsTaken: 0,
    missedCatchUp: 0,
    skippedOverlap: 0,
  };
}

function encodeInput(input: JsonValue | undefined): string | undefined {
  return input === undefined ? undefined : JSON.stringify(input);
}

/** In the largest unit that needs no fraction, so that `parseDuration` gives the same again. */
function durationOf(ms: number): string {
  for (const [unit, size] of [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["m", 60_000],
    ["s", 1_000],
  ] as const)
    if (ms % size === 0) return `${ms / size}${unit}`;
  return `${ms}ms`;
}

import type { JsonValue } from "../../core/json";
import {
  type ListSchedulesResponse,
  type Schedule,
  type ScheduleCalendar,
  ScheduleOverlap,
  type ScheduleSpec,
} from "../../gen/proto/schedules";
import { type ScheduleState, scheduleState } from "../../schedules/schedule-state";
import type { View } from "../output/output";
import { type Fields, fieldLines, type Table, tabLines, tableLines } from "../output/table";
import { harmless, harmlessLine, jsonText } from "../output/terminal-text";
import { dateTimeText } from "../output/time-text";
import { enumName } from "../output/wire-enums";

const OVERLAP_PREFIX = "SCHEDULE_OVERLAP_";

/** A schedule with what it started last, and of its next times so many, or all that the server told. */
export function scheduleView(told: Schedule, next?: number): View {
  // One that is only not shown is still to come.
  const state = scheduleState(told);
  const schedule = { ...told, nextTimes: told.nextTimes.slice(0, next) };
  const actions: Table = {
    headings: ["FOR", "EXECUTION", "STATUS", "ERROR"],
    rows: schedule.recentActions.map(({ scheduledAt, executionId, status, error }) => [
      dateTimeText(scheduledAt),
      executionId,
      status,
      error ?? "",
    ]),
    flexible: 3,
  };
  return {
    table: (width) => [
      ...fieldLines(fieldsOf(schedule, state, 2)),
      ...(actions.rows.length === 0 ? [] : ["", ...tableLines(actions, width)]),
    ],
    plain: () => [
      ...fieldsOf(schedule, state, 0)
        .filter(([, value]) => value !== "")
        .flatMap(([name, value]) => value.split("\n").map((line) => `${name}: ${harmlessLine(line)}`)),
      ...schedule.recentActions.map(
        ({ scheduledAt, executionId, status, error }) =>
          `action: ${[scheduledAt, executionId, status, error ?? ""].map(harmlessLine).join("\t").trimEnd()}`,
      ),
    ],
    json: () => scheduleJson(schedule, true),
  };
}

/** `indent`: of the JSON in them; 0 keeps it on one line. */
function fieldsOf(schedule: Schedule, state: ScheduleState, indent: number): Fields {
  const zone = schedule.spec?.timeZone ?? "";
  return [
    ["id", schedule.id],
    ["workflow", schedule.workflowId ?? ""],
    ["task", schedule.taskId ?? ""],
    ["state", state],
    ["note", harmless(schedule.note)],
    ["times", schedule.spec === undefined ? "" : specLines(schedule.spec).join("\n")],
    ["time zone", zone],
    ["input", schedule.input === undefined ? "" : jsonText(jsonOf(schedule.input), indent)],
    ["overlap", overlapOf(schedule)],
    ["catch up", schedule.catchUpWindow ?? ""],
    ["on failure", schedule.pauseOnFailure ? "pauses" : ""],
    ["remaining", schedule.remainingActions === undefined ? "" : String(schedule.remainingActions)],
    ["started", countsOf(schedule)],
    ["running", schedule.runningExecutionIds.join("\n")],
    ["next", schedule.nextTimes.map((time) => zonedText(time, zone)).join("\n")],
  ];
}

function countsOf({ actionsTaken, skippedOverlap, missedCatchUp }: Schedule): string {
  const skipped = skippedOverlap === 0 ? "" : `, ${skippedOverlap} left out as the last one still ran`;
  const missed = missedCatchUp === 0 ? "" : `, ${missedCatchUp} missed`;
  return `${actionsTaken}${skipped}${missed}`;
}

function overlapOf({ overlap }: Schedule): string {
  return overlap === ScheduleOverlap.SCHEDULE_OVERLAP_UNSPECIFIED
    ? ""
    : enumName(ScheduleOverlap, overlap, OVERLAP_PREFIX).toLowerCase();
}

function specLines(spec: ScheduleSpec): readonly string[] {
  const { startTime, endTime, jitter } = spec;
  return [
    ...spec.cron.map((text) => `cron ${harmlessLine(text)}`),
    ...spec.intervals.map(({ every, offset }) => `every ${every}${offset === undefined ? "" : `, ${offset} later`}`),
    ...spec.calendars.map((calendar) => `calendar ${calendarText(calendar)}`),
    ...spec.skip.map((calendar) => `but not ${calendarText(calendar)}`),
    ...(startTime === undefined ? [] : [`from ${startTime}`]),
    ...(endTime === undefined ? [] : [`until ${endTime}`]),
    ...(jitter === undefined ? [] : [`late by up to ${jitter}`]),
  ];
}

function calendarText(calendar: ScheduleCalendar): string {
  return harmlessLine(jsonText(calendarJson(calendar)));
}

export function schedulesView({ schedules, nextPageToken }: ListSchedulesResponse): View {
  const rows = (time: (text: string) => string) =>
    schedules.map((schedule) => [
      schedule.id,
      scheduleState(schedule),
      schedule.workflowId === undefined ? "task" : "workflow",
      schedule.workflowId ?? schedule.taskId ?? "",
      time(schedule.nextTimes[0] ?? ""),
      time(schedule.recentActions[0]?.takenAt ?? ""),
      schedule.note,
    ]);
  const headings = ["ID", "STATE", "KIND", "OF", "NEXT", "LAST", "NOTE"];
  const tableOf = (time: (text: string) => string): Table => ({
    headings,
    rows: rows(time),
    flexible: 6,
    dispensable: [3, 2, 5],
  });
  const more = nextPageToken === "" ? [] : [`more with --page-token ${nextPageToken}`];
  return {
    table: (width) =>
      schedules.length === 0 ? ["no schedules"] : [...tableLines(tableOf(dateTimeText), width), ...more],
    plain: () => tabLines(tableOf((text) => text)),
    json: () => ({ schedules: schedules.map((one) => scheduleJson(one, false)), next_page_token: nextPageToken }),
  };
}

/** Times: one a line; in a table in the schedule's time zone and in UTC. */
export function timesView(times: readonly string[], zone = ""): View {
  return {
    table: () => (times.length === 0 ? ["no times"] : times.map((time) => zonedText(time, zone))),
    plain: () => times,
    json: () => ({ times }),
  };
}

/** `Sun 2027-03-28 03:30:00 (2027-03-28T01:30:00.000Z)`; in UTC without the second. */
function zonedText(time: string, zone: string): string {
  const date = new Date(time);
  const timeZone = zone === "" ? "UTC" : zone;
  // The Swedish order of a date is ISO's.
  const text = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" }).format(date);
  const day = new Intl.DateTimeFormat("en-US", { timeZone, weekday: "short" }).format(date);
  return zone === "" ? `${day} ${text} UTC` : `${day} ${text} (${time})`;
}

function scheduleJson(schedule: Schedule, isWhole: boolean): Record<string, unknown> {
  const counts = {
    running_execution_ids: schedule.runningExecutionIds,
    actions_taken: schedule.actionsTaken,
    missed_catch_up: schedule.missedCatchUp,
    skipped_overlap: schedule.skippedOverlap,
    pause_on_failure: schedule.pauseOnFailure,
  };
  return {
    id: schedule.id,
    workflow_id: schedule.workflowId,
    task_id: schedule.taskId,
    spec: schedule.spec === undefined ? undefined : specJson(schedule.spec),
    input: schedule.input === undefined ? undefined : jsonOf(schedule.input),
    overlap: isWhole ? overlapOf(schedule) : undefined,
    catch_up_window: schedule.catchUpWindow,
    remaining_actions: schedule.remainingActions,
    paused: schedule.paused,
    note: schedule.note,
    created_at: schedule.createdAt,
    updated_at: schedule.updatedAt,
    next_times: schedule.nextTimes,
    recent_actions: schedule.recentActions.map(({ scheduledAt, takenAt, executionId, status, error }) => ({
      scheduled_at: scheduledAt,
      taken_at: takenAt,
      execution_id: executionId,
      status: isWhole ? status : undefined,
      error,
    })),
    ...(isWhole ? counts : {}),
  };
}

/** As `--spec` takes it. */
function specJson(spec: ScheduleSpec): Record<string, unknown> {
  return {
    cron: some(spec.cron),
    intervals: some(spec.intervals.map(({ every, offset }) => ({ every, offset }))),
    calendars: some(spec.calendars.map(calendarJson)),
    skip: some(spec.skip.map(calendarJson)),
    time_zone: spec.timeZone,
    start_time: spec.startTime,
    end_time: spec.endTime,
    jitter: spec.jitter,
  };
}

function calendarJson({ dayOfMonth, dayOfWeek, ...calendar }: ScheduleCalendar): Record<string, unknown> {
  const { second, minute, hour, month, year, comment } = calendar;
  return { second, minute, hour, day_of_month: dayOfMonth, month, year, day_of_week: dayOfWeek, comment };
}

function some<Item>(items: readonly Item[]): readonly Item[] | undefined {
  return items.length === 0 ? undefined : items;
}

function jsonOf(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

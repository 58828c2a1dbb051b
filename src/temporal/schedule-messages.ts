import { defaultPayloadConverter } from "@temporalio/common";
import { temporal } from "@temporalio/proto";
import Long from "long";
import { OrchestratorError } from "../core/errors";
import type { Calendar } from "../schedules/cron";
import { readScheduleSpec, type ScheduleTimes } from "../schedules/schedule-spec";
import { START_SCHEDULED_WORKFLOW, type StartScheduledInput, starterRunId } from "../workflows/history-contract";
import { decodePayload, firstPayload, toMs, toNumber } from "./payloads";
import type {
  ScheduleActionTaken,
  ScheduleDefinition,
  ScheduleOverlap,
  ScheduleState,
  ScheduleSummary,
  ScheduleTarget,
} from "./schedules-port";

type Timestamp = NonNullable<temporal.api.schedule.v1.IScheduleSpec["startTime"]>;

const { ScheduleOverlapPolicy } = temporal.api.enums.v1;

const WIRE_OVERLAP: Readonly<Record<ScheduleOverlap, temporal.api.enums.v1.ScheduleOverlapPolicy>> = {
  SKIP: ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_SKIP,
  BUFFER_ONE: ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_BUFFER_ONE,
  BUFFER_ALL: ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_BUFFER_ALL,
  CANCEL_OTHER: ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_CANCEL_OTHER,
  TERMINATE_OTHER: ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_TERMINATE_OTHER,
  ALLOW_ALL: ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_ALLOW_ALL,
};

/** In the schedule's memo: what a list tells and no update changes. */
export const MEMO_TARGET = "aco_target";

/** What the Temporal Web UI shows of a starter, in UTF-16 units; Temporal takes 400 bytes. */
const MAX_SUMMARY_LENGTH = 100;

export function encodeOverlap(overlap: ScheduleOverlap | undefined): temporal.api.enums.v1.ScheduleOverlapPolicy {
  return overlap === undefined ? ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_UNSPECIFIED : WIRE_OVERLAP[overlap];
}

function decodeOverlap(wire: temporal.api.enums.v1.ScheduleOverlapPolicy | null | undefined): ScheduleOverlap {
  // Unspecified is SKIP to Temporal.
  const found = Object.entries(WIRE_OVERLAP).find(([, value]) => value === wire);
  return (found?.[0] ?? "SKIP") as ScheduleOverlap;
}

export function encodeTime(ms: number): Timestamp {
  const seconds = Math.floor(ms / 1_000);
  return { seconds: Long.fromNumber(seconds), nanos: (ms - seconds * 1_000) * 1_000_000 };
}

export function encodeTimes(times: ScheduleTimes): temporal.api.schedule.v1.IScheduleSpec {
  return {
    structuredCalendar: times.calendars.map(encodeCalendar),
    excludeStructuredCalendar: times.skip.map(encodeCalendar),
    interval: times.intervals.map(({ everyMs, offsetMs }) => ({
      interval: encodeTime(everyMs),
      phase: encodeTime(offsetMs),
    })),
    timezoneName: times.timeZone,
    jitter: encodeTime(times.jitterMs),
    ...(times.startMs === undefined ? {} : { startTime: encodeTime(times.startMs) }),
    ...(times.endMs === undefined ? {} : { endTime: encodeTime(times.endMs) }),
  };
}

/** Of all fields but the year, Temporal takes no ranges for no times at all. */
function encodeCalendar(calendar: Calendar): temporal.api.schedule.v1.IStructuredCalendarSpec {
  const any = (start: number, end: number) => [{ start, end, step: 1 }];
  return {
    second: [...(calendar.second ?? any(0, 59))],
    minute: [...(calendar.minute ?? any(0, 59))],
    hour: [...(calendar.hour ?? any(0, 23))],
    dayOfMonth: [...(calendar.day_of_month ?? any(1, 31))],
    month: [...(calendar.month ?? any(1, 12))],
    year: [...(calendar.year ?? [])],
    dayOfWeek: [...(calendar.day_of_week ?? any(0, 6))],
  };
}

/** The whole schedule as Temporal keeps it. The spec was read before: one with problems is a defect. */
export function encodeSchedule(
  id: string,
  schedule: ScheduleDefinition,
  taskQueue: string,
): temporal.api.schedule.v1.ISchedule {
  const { times, problems } = readScheduleSpec(schedule.spec);
  if (problems.length > 0) throw new Error(`schedule ${id}: ${problems[0]?.message}`);
  const { target, spec, input, remainingActions, catchUpWindowMs } = schedule;
  const argument: StartScheduledInput = {
    scheduleId: id,
    kind: target.kind,
    subjectId: target.subjectId,
    spec,
    ...(input === undefined ? {} : { input }),
  };
  const summary = `starts a ${target.kind} for schedule ${id}`.slice(0, MAX_SUMMARY_LENGTH);
  return {
    spec: encodeTimes(times),
    action: {
      startWorkflow: {
        workflowId: starterRunId(id),
        workflowType: { name: START_SCHEDULED_WORKFLOW },
        taskQueue: { name: taskQueue },
        input: { payloads: [toPayload(argument)] },
        userMetadata: { summary: toPayload(summary) },
      },
    },
    policies: {
      overlapPolicy: encodeOverlap(schedule.overlap),
      pauseOnFailure: schedule.pauseOnFailure,
      ...(catchUpWindowMs === undefined ? {} : { catchupWindow: encodeTime(catchUpWindowMs) }),
    },
    state: {
      paused: schedule.paused,
      notes: schedule.note,
      limitedActions: remainingActions !== undefined,
      remainingActions: Long.fromNumber(remainingActions ?? 0),
    },
  };
}

export function toPayload(value: unknown): temporal.api.common.v1.IPayload {
  return defaultPayloadConverter.toPayload(value) as temporal.api.common.v1.IPayload;
}

/** What a described schedule says, but for what it has done. Null for one that is not ours. */
export function decodeDefinition(
  schedule: temporal.api.schedule.v1.ISchedule | null | undefined,
): ScheduleDefinition | null {
  const start = schedule?.action?.startWorkflow;
  if (start?.workflowType?.name !== START_SCHEDULED_WORKFLOW) return null;
  const argument = firstPayload(start.input) as unknown as StartScheduledInput | null;
  if (argument === null) return null;
  const { policies, state } = schedule ?? {};
  const catchUpMs = policies?.catchupWindow ? toMs(policies.catchupWindow) : YEAR_MS;
  return {
    target: { kind: argument.kind, subjectId: argument.subjectId },
    spec: argument.spec,
    input: argument.input,
    overlap: decodeOverlap(policies?.overlapPolicy),
    catchUpWindowMs: catchUpMs === YEAR_MS ? undefined : catchUpMs,
    pauseOnFailure: policies?.pauseOnFailure === true,
    remainingActions: state?.limitedActions === true ? toNumber(state.remainingActions) : undefined,
    paused: state?.paused === true,
    note: state?.notes ?? "",
  };
}

/** Temporal's default for the catch-up window, which it fills in. */
const YEAR_MS = 365 * 24 * 3_600_000;

export function decodeState(
  id: string,
  { schedule, info }: temporal.api.workflowservice.v1.IDescribeScheduleResponse,
): ScheduleState | null {
  const definition = decodeDefinition(schedule);
  if (definition === null) return null;
  return {
    id,
    ...definition,
    createdAt: new Date(toMs(info?.createTime)),
    updatedAt: info?.updateTime ? new Date(toMs(info.updateTime)) : null,
    nextTimes: (info?.futureActionTimes ?? []).map((time) => new Date(toMs(time))),
    recentActions: decodeActions(info?.recentActions),
    runningExecutionIds: (info?.runningWorkflows ?? []).map(({ runId }) => runId ?? ""),
    actionsTaken: toNumber(info?.actionCount),
    missedCatchUp: toNumber(info?.missedCatchupWindow),
    skippedOverlap: toNumber(info?.overlapSkipped),
  };
}

/** Null for a schedule that is not ours. */
export function decodeSummary(entry: temporal.api.schedule.v1.IScheduleListEntry): ScheduleSummary | null {
  const memo = entry.memo?.fields?.[MEMO_TARGET];
  if (memo === undefined || !entry.scheduleId?.startsWith(SCHEDULE_PREFIX)) return null;
  const target = decodePayload(memo) as unknown as ScheduleTarget;
  return {
    id: entry.scheduleId.slice(SCHEDULE_PREFIX.length),
    target,
    paused: entry.info?.paused === true,
    note: entry.info?.notes ?? "",
    nextTimes: (entry.info?.futureActionTimes ?? []).map((time) => new Date(toMs(time))),
    recentActions: decodeActions(entry.info?.recentActions),
  };
}

/** Before our ids: others may keep schedules in the same namespace. */
export const SCHEDULE_PREFIX = "aco/";

/** Newest first. A starter's run id is the id of the execution that it starts. */
function decodeActions(
  actions: readonly temporal.api.schedule.v1.IScheduleActionResult[] | null | undefined,
): readonly ScheduleActionTaken[] {
  return (actions ?? [])
    .map(({ scheduleTime, actualTime, startWorkflowResult }) => ({
      scheduledAt: new Date(toMs(scheduleTime)),
      takenAt: new Date(toMs(actualTime)),
      executionId: startWorkflowResult?.runId ?? "",
      starterWorkflowId: startWorkflowResult?.workflowId ?? "",
    }))
    .reverse();
}

/** What Temporal says of a spec that we took all the same. */
export function specRefused(error: unknown): OrchestratorError {
  const details =
    error instanceof Error && "details" in error && typeof error.details === "string" ? error.details : "";
  const description = `is refused by Temporal: ${details || String(error)}`;
  return new OrchestratorError("INVALID_ARGUMENT", `spec: ${description}`, {
    violations: [{ field: "spec", description }],
    cause: error,
  });
}

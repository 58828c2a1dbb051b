import type {
  BackfillScheduleResponse,
  DeleteScheduleResponse,
  ListSchedulesResponse,
  PreviewScheduleResponse,
  Schedule,
} from "../../gen/proto/schedules";
import { ScheduleOverlap } from "../../gen/proto/schedules";
import { withSession } from "../connection/client-session";
import { usageError } from "../exit-codes";
import type { ClientOptions } from "../options/command-options";
import { parseEnumOption } from "../options/enum-option";
import { readInput, readStandardInput } from "../options/values";
import { deletedView, idView } from "../record/records-view";
import type {
  BackfillOptions,
  CreateScheduleOptions,
  DescribeScheduleOptions,
  ListSchedulesOptions,
  PauseOptions,
  PreviewOptions,
  TriggerOptions,
  UpdateScheduleOptions,
} from "./schedule-command";
import { readSpecOptions } from "./schedule-spec-options";
import { schedulesView, scheduleView, timesView } from "./schedule-view";

export async function createSchedule(options: CreateScheduleOptions): Promise<void> {
  const request = {
    id: options.id,
    workflowId: options.workflow,
    taskId: options.task,
    spec: await readSpecOptions(options),
    input: await readInput(options.input, readStandardInput),
    overlap: overlapOf(options.overlap),
    catchUpWindow: options.catchUp,
    pauseOnFailure: options.pauseOnFailure === true,
    remainingActions: options.remaining,
    paused: options.paused === true,
    note: options.note,
  };
  await withSession(options, async ({ connection, print }) => {
    const schedule = await connection.call<Schedule>((...call) =>
      connection.schedules.createSchedule(request, ...call),
    );
    print(idView(schedule.id, scheduleView(schedule)));
    warnWithoutTimes(schedule.nextTimes);
  });
}

export async function listSchedules(options: ListSchedulesOptions): Promise<void> {
  const { limit, pageToken, workflow, task } = options;
  const request = { pageSize: limit, pageToken, workflowId: workflow, taskId: task };
  await withSession(options, async ({ connection, print }) => {
    const page = await connection.call<ListSchedulesResponse>((...call) =>
      connection.schedules.listSchedules(request, ...call),
    );
    print(schedulesView(page));
  });
}

export async function describeSchedule(id: string, options: DescribeScheduleOptions): Promise<void> {
  const { next } = options;
  await withSession(options, async ({ connection, print }) => {
    // Without a single time nobody could tell whether there is any to come.
    const request = { id, next: next === 0 ? 1 : next };
    const schedule = await connection.call<Schedule>((...call) => connection.schedules.getSchedule(request, ...call));
    print(scheduleView(schedule, next));
  });
}

export async function updateSchedule(id: string, options: UpdateScheduleOptions): Promise<void> {
  const changes = {
    spec: await readSpecOptions(options),
    input: await readInput(options.input, readStandardInput),
    overlap: overlapOf(options.overlap),
    catchUpWindow: options.catchUp,
    pauseOnFailure: options.pauseOnFailure,
    remainingActions: options.remaining,
    note: options.note,
  };
  if (Object.values(changes).every((value) => value === undefined))
    throw usageError("nothing to change", "`aco schedule update --help` lists what can be changed.");
  await withSession(options, async ({ connection, print }) => {
    const schedule = await connection.call<Schedule>((...call) =>
      connection.schedules.updateSchedule({ id, ...changes }, ...call),
    );
    print(idView(schedule.id, scheduleView(schedule)));
    if (changes.spec !== undefined) warnWithoutTimes(schedule.nextTimes);
  });
}

export async function pauseSchedule(id: string, options: PauseOptions): Promise<void> {
  const { note } = options;
  await withSession(options, async ({ connection, print }) => {
    const schedule = await connection.call<Schedule>((...call) =>
      connection.schedules.pauseSchedule({ id, note }, ...call),
    );
    print(idView(id, scheduleView(schedule)));
  });
}

export async function unpauseSchedule(id: string, options: PauseOptions): Promise<void> {
  const { note } = options;
  await withSession(options, async ({ connection, print }) => {
    const schedule = await connection.call<Schedule>((...call) =>
      connection.schedules.unpauseSchedule({ id, note }, ...call),
    );
    print(idView(id, scheduleView(schedule)));
  });
}

export async function deleteSchedule(id: string, options: ClientOptions): Promise<void> {
  await withSession(options, async ({ connection, print }) => {
    await connection.call<DeleteScheduleResponse>((...call) => connection.schedules.deleteSchedule({ id }, ...call));
    print(deletedView(id));
  });
}

export async function triggerSchedule(id: string, options: TriggerOptions): Promise<void> {
  const overlap = overlapOf(options.overlap);
  await withSession(options, async ({ connection, print }) => {
    const schedule = await connection.call<Schedule>((...call) =>
      connection.schedules.triggerSchedule({ id, overlap, requestId: options.idempotencyKey }, ...call),
    );
    print(idView(id, scheduleView(schedule)));
  });
}

export async function backfillSchedule(id: string, options: BackfillOptions): Promise<void> {
  const request = {
    id,
    startTime: options.from,
    endTime: options.to,
    overlap: overlapOf(options.overlap),
    requestId: options.idempotencyKey,
  };
  await withSession(options, async ({ connection, print }) => {
    const { times } = await connection.call<BackfillScheduleResponse>((...call) =>
      connection.schedules.backfillSchedule(request, ...call),
    );
    print(timesView(times));
  });
}

export async function previewSchedule(options: PreviewOptions): Promise<void> {
  const { count, from } = options;
  const spec = await readSpecOptions(options);
  await withSession(options, async ({ connection, print }) => {
    const { times } = await connection.call<PreviewScheduleResponse>((...call) =>
      connection.schedules.previewSchedule({ spec, count, from }, ...call),
    );
    print(timesView(times, spec?.timeZone));
    warnWithoutTimes(times);
  });
}

/** Well-formed, and yet it never comes: the 31st of February, or an end that has passed. Beside the output, which programs read. */
function warnWithoutTimes(times: readonly string[]): void {
  if (times.length === 0) process.stderr.write("aco: warning: none of these times ever comes\n");
}

function overlapOf(given: string | undefined): ScheduleOverlap | undefined {
  return parseEnumOption<ScheduleOverlap>(
    "--overlap",
    given?.replaceAll("-", "_"),
    ScheduleOverlap,
    "SCHEDULE_OVERLAP_",
  );
}

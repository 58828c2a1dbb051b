import type { Command } from "commander";
import {
  type ClientOptions,
  collect,
  int32,
  type SubjectOptions,
  withClientOptions,
  withExamples,
  withSubjectFilter,
} from "../options/command-options";
import { oneOf } from "../options/option-values";

/** When a schedule starts something, in options. */
export interface SpecOptions {
  readonly spec?: string;
  readonly cron?: readonly string[];
  readonly every?: readonly string[];
  readonly calendar?: readonly string[];
  readonly skip?: readonly string[];
  readonly timeZone?: string;
  readonly startTime?: string;
  readonly endTime?: string;
  readonly jitter?: string;
}

interface ChangeableOptions extends ClientOptions, SpecOptions {
  readonly input?: string;
  readonly overlap?: string;
  readonly catchUp?: string;
  readonly pauseOnFailure?: boolean;
  readonly remaining?: number;
  readonly note?: string;
}

export interface CreateScheduleOptions extends ChangeableOptions {
  readonly id?: string;
  readonly workflow?: string;
  readonly task?: string;
  readonly paused?: boolean;
}

export type UpdateScheduleOptions = ChangeableOptions;

export interface ListSchedulesOptions extends ClientOptions, SubjectOptions {
  readonly limit?: number;
  readonly pageToken?: string;
}

export interface DescribeScheduleOptions extends ClientOptions {
  readonly next?: number;
}

export interface PauseOptions extends ClientOptions {
  readonly note?: string;
}

export interface TriggerOptions extends ClientOptions {
  readonly idempotencyKey?: string;
  readonly overlap?: string;
}

export interface BackfillOptions extends ClientOptions {
  readonly from: string;
  readonly to: string;
  readonly idempotencyKey?: string;
  readonly overlap?: string;
}

export interface PreviewOptions extends ClientOptions, SpecOptions {
  readonly count?: number;
  readonly from?: string;
}

const OVERLAPS = ["skip", "buffer_one", "buffer_all", "cancel_other", "terminate_other", "allow_all"];

/** `aco schedule ...` */
export function registerScheduleCommand(program: Command): void {
  const schedule = program.command("schedule").description("start tasks and workflows at given times");
  registerCreate(schedule);
  registerReads(schedule);
  registerUpdate(schedule);
  registerPauses(schedule);
  registerStarts(schedule);
  registerPreview(schedule);
}

function withSpecOptions(command: Command): Command {
  return command
    .option("--cron <expression>", "at these times: '30 2 * * MON-FRI', '@daily'; may stand more than once", collect)
    .option(
      "--every <duration>",
      "at this interval, '10m', or with an offset, '1h/15m'; may stand more than once",
      collect,
    )
    .option(
      "--calendar <json>",
      `at these times: '{"hour": "9-17", "day_of_week": "MON-FRI"}'; may stand more than once`,
      collect,
    )
    .option("--skip <json>", "but not at these, as --calendar; may stand more than once", collect)
    .option("--time-zone <name>", "of cron expressions and calendars: Europe/Berlin (UTC)")
    .option("--start-time <time>", "nothing before it (RFC 3339)")
    .option("--end-time <time>", "nothing after it (RFC 3339)")
    .option("--jitter <duration>", "each start is late by a random part of it")
    .option("--spec <json>", "all of these in one: JSON or @FILE (JSON or YAML); the other options add to it");
}

function withChangeableOptions(command: Command): Command {
  return withSpecOptions(command)
    .option(
      "--input <json>",
      "the workflow's input or the task's config override: JSON, @FILE or -; ${{ schedule.time }} is the time that a start is for",
    )
    .addOption(oneOf("--overlap <policy>", OVERLAPS, (names) => `when the last execution still runs: ${names} (skip)`))
    .option("--catch-up <duration>", "how late a time may be made up for after an outage, from 10s (a year)")
    .option("--remaining <n>", "starts so many more, then none (no limit)", int32)
    .option("--note <text>", "for people");
}

function registerCreate(schedule: Command): void {
  const create = withChangeableOptions(
    schedule
      .command("create")
      .description("create a schedule of a stored workflow or task")
      .option("--id <name>", "what it is called: letters, digits, '.', '_' and '-' (a UUID)")
      .option("--workflow <id>", "the workflow to start")
      .option("--task <id>", "the task to start")
      .option("--paused", "start nothing until it is unpaused"),
  )
    .option("--pause-on-failure", "pause when an execution fails")
    .action((options: CreateScheduleOptions) => actions().createSchedule(options));
  withExamples(
    withClientOptions(create),
    "aco schedule create --id nightly --workflow 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f --cron '30 2 * * *' --time-zone Europe/Berlin",
    `aco schedule create --task 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f --every 10m --overlap buffer_one --jitter 30s`,
    'aco schedule create --id report --workflow 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f --cron @daily --input \'{"until": "${{ schedule.time }}"}\'',
  );
}

function registerReads(schedule: Command): void {
  const list = schedule
    .command("list")
    .description("list schedules, newest first")
    .option("--limit <n>", "at most this many; up to 1,000 (100)", int32)
    .option("--page-token <token>", "the next page; the page before tells it");
  withSubjectFilter(list).action((options: ListSchedulesOptions) => actions().listSchedules(options));
  withExamples(
    withClientOptions(list),
    "aco schedule list",
    "aco schedule list --format plain | cut -f1    # ids only",
  );
  const describe = schedule
    .command("describe")
    .alias("get")
    .description("show a schedule, its next times and what it started last")
    .argument("<id>", "the schedule's id")
    .option("--next <n>", "how many next times, up to 1,000 (10)", int32)
    .action((id: string, options: DescribeScheduleOptions) => actions().describeSchedule(id, options));
  withExamples(
    withClientOptions(describe),
    "aco schedule describe nightly",
    "aco schedule describe nightly --format json | jq -r '.recent_actions[0].execution_id'",
  );
}

function registerUpdate(schedule: Command): void {
  const update = withChangeableOptions(
    schedule
      .command("update")
      .description("change a schedule; what is not named stays as it is, but times replace all its times")
      .argument("<id>", "the schedule's id"),
  )
    .option("--pause-on-failure", "pause when an execution fails")
    .option("--no-pause-on-failure", "go on when an execution fails")
    .action((id: string, options: UpdateScheduleOptions) => actions().updateSchedule(id, options));
  withExamples(
    withClientOptions(update),
    "aco schedule update nightly --cron '0 4 * * *' --time-zone Europe/Berlin",
    "aco schedule update nightly --overlap cancel_other --remaining -1    # no limit any more",
  );
}

function registerPauses(schedule: Command): void {
  const pause = schedule
    .command("pause")
    .description("start nothing until it is unpaused; times that pass meanwhile are left out")
    .argument("<id>", "the schedule's id")
    .option("--note <text>", "why, for people")
    .action((id: string, options: PauseOptions) => actions().pauseSchedule(id, options));
  withExamples(withClientOptions(pause), "aco schedule pause nightly --note 'until the disk is replaced'");
  const unpause = schedule
    .command("unpause")
    .description("start again at the next time")
    .argument("<id>", "the schedule's id")
    .option("--note <text>", "for people")
    .action((id: string, options: PauseOptions) => actions().unpauseSchedule(id, options));
  withExamples(withClientOptions(unpause), "aco schedule unpause nightly");
  const remove = schedule
    .command("delete")
    .description("delete a schedule; what it started goes on")
    .argument("<id>", "the schedule's id")
    .action((id: string, options: ClientOptions) => actions().deleteSchedule(id, options));
  withExamples(withClientOptions(remove), "aco schedule delete nightly");
}

function registerStarts(schedule: Command): void {
  const trigger = schedule
    .command("trigger")
    .description("start an execution now, also while the schedule is paused")
    .argument("<id>", "the schedule's id")
    .addOption(
      oneOf(
        "--overlap <policy>",
        OVERLAPS,
        (names) => `when the last execution still runs: ${names} (as the schedule says)`,
      ),
    )
    .option("--idempotency-key <key>", "the same again starts nothing")
    .action((id: string, options: TriggerOptions) => actions().triggerSchedule(id, options));
  withExamples(withClientOptions(trigger), "aco schedule trigger nightly");
  const backfill = schedule
    .command("backfill")
    .description("start executions for times that have passed, each once")
    .argument("<id>", "the schedule's id")
    .requiredOption("--from <time>", "the first time that counts (RFC 3339)")
    .requiredOption("--to <time>", "the last time that counts (RFC 3339)")
    .addOption(oneOf("--overlap <policy>", OVERLAPS, (names) => `${names} (buffer_all: one after the other)`))
    .option("--idempotency-key <key>", "the same again starts nothing")
    .action((id: string, options: BackfillOptions) => actions().backfillSchedule(id, options));
  withExamples(
    withClientOptions(backfill),
    "aco schedule backfill nightly --from 2026-11-01T00:00:00Z --to 2026-11-07T23:59:59Z",
  );
}

function registerPreview(schedule: Command): void {
  const preview = withSpecOptions(
    schedule.command("preview").description("tell the times that options mean, without creating a schedule"),
  )
    .option("--count <n>", "how many times, up to 1,000 (10)", int32)
    .option("--from <time>", "the first time that counts, RFC 3339 (now)")
    .action((options: PreviewOptions) => actions().previewSchedule(options));
  withExamples(
    withClientOptions(preview),
    "aco schedule preview --cron '30 2 * * *' --time-zone Europe/Berlin --from 2027-03-26T00:00:00Z --count 5",
    "aco schedule preview --every 1h/15m",
  );
}

/** Loaded when it is needed, and gRPC with it. */
function actions(): typeof import("./schedule-actions") {
  return require("./schedule-actions") as typeof import("./schedule-actions");
}

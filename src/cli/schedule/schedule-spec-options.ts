import { isJsonObject, type JsonObject, type JsonValue } from "../../core/json";
import type { ScheduleCalendar, ScheduleInterval, ScheduleSpec } from "../../gen/proto/schedules";
import { usageError } from "../exit-codes";
import { onceOnly, readJsonValue, readStandardInput } from "../options/values";
import type { SpecOptions } from "./schedule-command";

const CALENDAR_FIELDS = {
  second: "second",
  minute: "minute",
  hour: "hour",
  day_of_month: "dayOfMonth",
  month: "month",
  year: "year",
  day_of_week: "dayOfWeek",
  comment: "comment",
} as const;

const TEXT_FIELDS = { time_zone: "timeZone", start_time: "startTime", end_time: "endTime", jitter: "jitter" } as const;

const SPEC_FIELDS = ["cron", "intervals", "calendars", "skip", ...Object.keys(TEXT_FIELDS)];

/** The spec that the options mean; undefined where none of them is given. The server says what is wrong with the values. */
export async function readSpecOptions(options: SpecOptions): Promise<ScheduleSpec | undefined> {
  const { cron, every, calendar, skip, timeZone, startTime, endTime, jitter } = options;
  const given = [options.spec, cron, every, calendar, skip, timeZone, startTime, endTime, jitter];
  if (given.every((value) => value === undefined)) return undefined;
  const base = options.spec === undefined ? EMPTY : await readSpec(options.spec);
  return {
    cron: [...base.cron, ...(cron ?? [])],
    intervals: [...base.intervals, ...(every ?? []).map(intervalOf)],
    calendars: [...base.calendars, ...(await calendarsOf("--calendar", calendar ?? []))],
    skip: [...base.skip, ...(await calendarsOf("--skip", skip ?? []))],
    timeZone: timeZone ?? base.timeZone,
    startTime: startTime ?? base.startTime,
    endTime: endTime ?? base.endTime,
    jitter: jitter ?? base.jitter,
  };
}

const EMPTY: ScheduleSpec = {
  cron: [],
  intervals: [],
  calendars: [],
  skip: [],
  timeZone: undefined,
  startTime: undefined,
  endTime: undefined,
  jitter: undefined,
};

/** `10m`, or `1h/15m` with an offset. */
function intervalOf(text: string): ScheduleInterval {
  const [every = "", ...offset] = text.split("/");
  return { every, offset: offset.length === 0 ? undefined : offset.join("/") };
}

async function calendarsOf(option: string, texts: readonly string[]): Promise<readonly ScheduleCalendar[]> {
  const stdin = onceOnly(readStandardInput);
  return await Promise.all(texts.map(async (text) => calendarIn(option, await readJsonValue(option, text, stdin))));
}

async function readSpec(given: string): Promise<ScheduleSpec> {
  const spec = await readJsonValue("--spec", given, onceOnly(readStandardInput));
  if (!isJsonObject(spec)) throw usageError("--spec must be a JSON object");
  refuseOthers("--spec", spec, SPEC_FIELDS);
  const texts = Object.entries(TEXT_FIELDS).map(
    ([name, wire]) => [wire, textIn(`--spec ${name}`, spec[name])] as const,
  );
  return {
    ...EMPTY,
    cron: listIn("--spec cron", spec["cron"]).map((item) => textIn("--spec cron", item) ?? ""),
    intervals: listIn("--spec intervals", spec["intervals"]).map(intervalIn),
    calendars: listIn("--spec calendars", spec["calendars"]).map((item) => calendarIn("--spec calendars", item)),
    skip: listIn("--spec skip", spec["skip"]).map((item) => calendarIn("--spec skip", item)),
    ...Object.fromEntries(texts),
  };
}

function intervalIn(item: JsonValue): ScheduleInterval {
  if (!isJsonObject(item))
    throw usageError("--spec intervals must hold objects", 'As {"every": "1h", "offset": "15m"}.');
  refuseOthers("--spec intervals", item, ["every", "offset"]);
  const name = "--spec intervals";
  return { every: textIn(name, item["every"]) ?? "", offset: textIn(name, item["offset"]) };
}

function calendarIn(option: string, item: JsonValue): ScheduleCalendar {
  if (!isJsonObject(item))
    throw usageError(`${option} must be an object`, `As {"hour": "9-17", "day_of_week": "MON-FRI"}.`);
  refuseOthers(option, item, Object.keys(CALENDAR_FIELDS));
  const fields = Object.entries(CALENDAR_FIELDS).map(([name, wire]) => [wire, textIn(`${option} ${name}`, item[name])]);
  return Object.fromEntries(fields) as ScheduleCalendar;
}

function refuseOthers(option: string, object: JsonObject, known: readonly string[]): void {
  const unknown = Object.keys(object).filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw usageError(`${option} holds unknown fields: ${unknown.join(", ")}`, `There are ${known.join(", ")}.`);
}

function listIn(option: string, value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw usageError(`${option} must be a list`);
  return value as readonly JsonValue[];
}

/** A number is as good as its text: `{"hour": 9}`. */
function textIn(option: string, value: JsonValue | undefined): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  throw usageError(`${option} must be a text`);
}

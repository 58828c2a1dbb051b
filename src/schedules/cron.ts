import { err, ok, type Result } from "../core/result";
import { type CalendarFieldName, type CalendarRange, parseCalendarField } from "./calendar-field";

/** The ranges of each field; one that is absent is any. */
export type Calendar = Readonly<Record<CalendarFieldName, readonly CalendarRange[] | undefined>>;

/** As crontab(5) has them, and Temporal. */
const SHORTHANDS: ReadonlyMap<string, string> = new Map([
  ["@yearly", "0 0 1 1 *"],
  ["@annually", "0 0 1 1 *"],
  ["@monthly", "0 0 1 * *"],
  ["@weekly", "0 0 * * 0"],
  ["@daily", "0 0 * * *"],
  ["@midnight", "0 0 * * *"],
  ["@hourly", "0 * * * *"],
]);

/** By how many fields an expression has; seconds come first, a year last. */
const FIELDS: Readonly<Record<number, readonly CalendarFieldName[]>> = {
  5: ["minute", "hour", "day_of_month", "month", "day_of_week"],
  6: ["minute", "hour", "day_of_month", "month", "day_of_week", "year"],
  7: ["second", "minute", "hour", "day_of_month", "month", "day_of_week", "year"],
};

const MAX_CRON_LENGTH = 1_000;
const EVERY_SECOND_0: readonly CalendarRange[] = [{ start: 0, end: 0, step: 1 }];

/**
 * Reads a cron expression of five, six or seven fields, or a shorthand. A day must match both day fields, as in Temporal: to
 * match either, give two expressions.
 */
export function parseCron(text: string): Result<Calendar, string> {
  if (text.length > MAX_CRON_LENGTH) return err(`must have at most ${MAX_CRON_LENGTH} characters`);
  const [expression = ""] = text.split("#");
  const trimmed = expression.trim();
  if (/^(CRON_)?TZ=/.test(trimmed)) return err("must not name a time zone; give it as time_zone");
  if (trimmed.startsWith("@every")) return err("must not be @every; give an interval");
  const known = SHORTHANDS.get(trimmed);
  if (known === undefined && trimmed.startsWith("@")) return err(`must be one of ${[...SHORTHANDS.keys()].join(", ")}`);
  const parts = (known ?? trimmed).split(/\s+/).filter((part) => part !== "");
  const fields = FIELDS[parts.length];
  if (fields === undefined)
    return err(
      `must have 5 fields (minute, hour, day, month, weekday), 6 with a year, or 7 with seconds and a year; has ${parts.length}`,
    );
  return readFields(fields, parts);
}

function readFields(fields: readonly CalendarFieldName[], parts: readonly string[]): Result<Calendar, string> {
  const calendar: { -readonly [name in CalendarFieldName]: Calendar[name] } = {
    ...ANY_CALENDAR,
    second: EVERY_SECOND_0,
  };
  for (const [index, name] of fields.entries()) {
    const text = parts[index] ?? "";
    const ranges = parseCalendarField(name, text);
    if (!ranges.ok) return err(`${name}: ${ranges.error}`);
    calendar[name] = name === "year" && text === "*" ? undefined : ranges.value;
  }
  return ok(calendar);
}

/** Every second of all years. */
export const ANY_CALENDAR: Calendar = {
  second: undefined,
  minute: undefined,
  hour: undefined,
  day_of_month: undefined,
  month: undefined,
  year: undefined,
  day_of_week: undefined,
};

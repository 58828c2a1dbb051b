import { err, ok, type Result } from "../core/result";

/** Inclusive; every `step`th value of it. */
export interface CalendarRange {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** What one field of a cron expression or of a calendar takes. */
export interface CalendarField {
  readonly min: number;
  readonly max: number;
  /** Three-letter names, the first of them for `min`. */
  readonly names?: readonly string[];
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

export const CALENDAR_FIELDS = {
  second: { min: 0, max: 59 },
  minute: { min: 0, max: 59 },
  hour: { min: 0, max: 23 },
  day_of_month: { min: 1, max: 31 },
  month: { min: 1, max: 12, names: MONTHS },
  // Temporal's limits (`service/worker/scheduler/calendar.go`).
  year: { min: 2000, max: 2100 },
  // 7 is Sunday too, as in cron.
  day_of_week: { min: 0, max: 7, names: DAYS },
} as const satisfies Readonly<Record<string, CalendarField>>;

export type CalendarFieldName = keyof typeof CALENDAR_FIELDS;

/** Longest text of one field: all 60 minutes by name have 170 characters. */
const MAX_FIELD_LENGTH = 500;

/** Reads `*`, `5`, `1,15`, `9-17`, `MON-FRI`, each with a step as in `0-30/10`; the error says what is wrong with which part. */
export function parseCalendarField(name: CalendarFieldName, text: string): Result<readonly CalendarRange[], string> {
  if (text.length > MAX_FIELD_LENGTH) return err(`must have at most ${MAX_FIELD_LENGTH} characters`);
  const ranges: CalendarRange[] = [];
  for (const part of text.split(",")) {
    const range = parsePart(CALENDAR_FIELDS[name], part.trim());
    if (!range.ok) return err(`${JSON.stringify(part.trim())} ${range.error}`);
    ranges.push(range.value);
  }
  return ok(name === "day_of_week" ? ranges.flatMap(withoutSeven) : ranges);
}

function parsePart(field: CalendarField, part: string): Result<CalendarRange, string> {
  const [, from = "", to, stepText] = /^(\*|\?|[A-Za-z]+|\d+)(?:-([A-Za-z]+|\d+))?(?:\/(\d+))?$/.exec(part) ?? [];
  if (from === "") return err(`must be *, ${exampleOf(field)}, a range such as a-b, or any with a step such as */2`);
  const step = stepText === undefined ? 1 : Number(stepText);
  if (step < 1) return err("must have a step of at least 1");
  if (from === "*" || from === "?") {
    if (to !== undefined) return err("must not make a range out of *");
    return ok({ start: field.min, end: field.names === DAYS ? 6 : field.max, step });
  }
  const start = numberIn(field, from);
  // As in cron, `5/10` counts on to the end of the field.
  const end = to === undefined ? (stepText === undefined ? start : field.max) : numberIn(field, to);
  if (start === undefined || end === undefined) return err(`must be ${exampleOf(field)}`);
  if (end < start) return err("must be a range from the smaller to the greater value");
  return ok({ start, end, step });
}

function numberIn({ min, max, names }: CalendarField, text: string): number | undefined {
  const named = names?.indexOf(text.slice(0, 3).toUpperCase()) ?? -1;
  if (named >= 0 && text.length === 3) return min + named;
  const value = Number(text);
  return Number.isInteger(value) && value >= min && value <= max ? value : undefined;
}

function exampleOf({ min, max, names }: CalendarField): string {
  const named = names === undefined ? "" : ` or ${names[0]} to ${names.at(-1)}`;
  return `${min} to ${max}${named}`;
}

/** Temporal's Sunday is 0 alone. */
function withoutSeven(range: CalendarRange): readonly CalendarRange[] {
  if (range.end < 7) return [range];
  const sunday = (7 - range.start) % range.step === 0 ? [{ start: 0, end: 0, step: 1 }] : [];
  return range.start === 7 ? sunday : [{ ...range, end: 6 }, ...sunday];
}

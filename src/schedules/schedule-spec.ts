import { parseDuration } from "../core/duration";
import { parseTime } from "../core/rfc3339";
import type { Problem } from "../definition/graph-types";
import { CALENDAR_FIELDS, type CalendarFieldName, parseCalendarField } from "./calendar-field";
import { ANY_CALENDAR, type Calendar, parseCron } from "./cron";

/** When a schedule starts something, as its client wrote it. Kept in Temporal with the schedule, so never reshaped. */
export interface ScheduleSpecText {
  readonly cron?: readonly string[];
  readonly intervals?: readonly { readonly every: string; readonly offset?: string }[];
  readonly calendars?: readonly CalendarText[];
  readonly skip?: readonly CalendarText[];
  readonly time_zone?: string;
  readonly start_time?: string;
  readonly end_time?: string;
  readonly jitter?: string;
}

export type CalendarText = { readonly [name in CalendarFieldName]?: string } & { readonly comment?: string };

/** The same, read. */
export interface ScheduleTimes {
  /** Of cron expressions and of calendars. */
  readonly calendars: readonly Calendar[];
  readonly skip: readonly Calendar[];
  readonly intervals: readonly { readonly everyMs: number; readonly offsetMs: number }[];
  /** IANA name; empty: UTC. */
  readonly timeZone: string;
  readonly startMs?: number;
  readonly endMs?: number;
  readonly jitterMs: number;
}

/** What one schedule may say; Temporal looks at all of it for each next time. */
const MAX_ENTRIES = 100;
const MAX_COMMENT_LENGTH = 1_000;

/** Temporal's `limit` for jitter is a day. */
const MAX_JITTER_MS = 24 * 3_600_000;

/** A calendar without it means midnight of some day, not each second of it. */
const ZERO_BY_DEFAULT: ReadonlySet<CalendarFieldName> = new Set(["second", "minute", "hour"]);

/** Reads a spec. With problems, whose pointers are into the spec's JSON, the times are not to be used. */
export function readScheduleSpec(spec: ScheduleSpecText): { times: ScheduleTimes; problems: readonly Problem[] } {
  const reader = new SpecReader();
  const { cron = [], intervals = [], calendars = [], skip = [] } = spec;
  if (cron.length + intervals.length + calendars.length === 0)
    reader.add("SCHEDULE_EMPTY", "", "must have at least one cron expression, interval or calendar");
  const startMs = reader.time("start_time", spec.start_time);
  const endMs = reader.time("end_time", spec.end_time);
  if (startMs !== undefined && endMs !== undefined && endMs <= startMs)
    reader.add("SCHEDULE_TIME", "/end_time", "must be after start_time");
  const times: ScheduleTimes = {
    calendars: [...reader.crons(cron), ...reader.calendars("calendars", calendars)],
    skip: reader.calendars("skip", skip),
    intervals: reader.intervals(intervals),
    timeZone: reader.timeZone(spec.time_zone),
    jitterMs: reader.jitter(spec.jitter),
    ...(startMs === undefined ? {} : { startMs }),
    ...(endMs === undefined ? {} : { endMs }),
  };
  return { times, problems: reader.problems };
}

class SpecReader {
  readonly problems: Problem[] = [];

  add(code: string, pointer: string, message: string): void {
    this.problems.push({ code, pointer, message });
  }

  crons(texts: readonly string[]): readonly Calendar[] {
    return this.#bounded("cron", texts).flatMap((text, index) => {
      const calendar = parseCron(text);
      if (calendar.ok) return [calendar.value];
      this.add("SCHEDULE_CRON", `/cron/${index}`, calendar.error);
      return [];
    });
  }

  calendars(list: "calendars" | "skip", texts: readonly CalendarText[]): readonly Calendar[] {
    return this.#bounded(list, texts).map((text, index) => {
      const calendar: { -readonly [name in CalendarFieldName]: Calendar[name] } = { ...ANY_CALENDAR };
      if ((text.comment ?? "").length > MAX_COMMENT_LENGTH)
        this.add(
          "SCHEDULE_CALENDAR",
          `/${list}/${index}/comment`,
          `must have at most ${MAX_COMMENT_LENGTH} characters`,
        );
      for (const name of Object.keys(CALENDAR_FIELDS) as CalendarFieldName[]) {
        const field = text[name] ?? (ZERO_BY_DEFAULT.has(name) ? "0" : "*");
        const ranges = parseCalendarField(name, field);
        if (!ranges.ok) this.add("SCHEDULE_CALENDAR", `/${list}/${index}/${name}`, ranges.error);
        else calendar[name] = name === "year" && field === "*" ? undefined : ranges.value;
      }
      return calendar;
    });
  }

  intervals(texts: NonNullable<ScheduleSpecText["intervals"]>): ScheduleTimes["intervals"] {
    return this.#bounded("intervals", texts).map(({ every, offset }, index) => {
      const everyMs = this.#wholeSeconds(`/intervals/${index}/every`, every);
      if (everyMs !== undefined && everyMs < 1_000)
        this.add("SCHEDULE_INTERVAL", `/intervals/${index}/every`, 'must be at least "1s"');
      const offsetMs = offset === undefined ? 0 : this.#wholeSeconds(`/intervals/${index}/offset`, offset);
      if (everyMs !== undefined && offsetMs !== undefined && everyMs >= 1_000 && offsetMs >= everyMs)
        this.add("SCHEDULE_INTERVAL", `/intervals/${index}/offset`, "must be less than every");
      return { everyMs: everyMs ?? 0, offsetMs: offsetMs ?? 0 };
    });
  }

  timeZone(name = ""): string {
    if (name === "") return "";
    try {
      // An offset such as +01:00 is no zone to Temporal.
      if (/^[A-Za-z]/.test(name)) return new Intl.DateTimeFormat("en", { timeZone: name }) && name;
    } catch {
      // Told below.
    }
    this.add(
      "SCHEDULE_TIME_ZONE",
      "/time_zone",
      `must be an IANA name such as "Europe/Berlin"; got ${JSON.stringify(name.slice(0, 64))}`,
    );
    return "";
  }

  time(name: "start_time" | "end_time", text: string | undefined): number | undefined {
    if (text === undefined) return undefined;
    const ms = parseTime(text);
    if (ms === undefined) this.add("SCHEDULE_TIME", `/${name}`, 'must be a time such as "2026-11-22T12:00:00Z"');
    return ms;
  }

  jitter(text: string | undefined): number {
    if (text === undefined || text === "") return 0;
    const jitter = parseDuration(text);
    if (!jitter.ok) this.add("SCHEDULE_JITTER", "/jitter", jitter.error);
    else if (jitter.value > MAX_JITTER_MS) this.add("SCHEDULE_JITTER", "/jitter", "must be at most a day");
    return jitter.ok ? jitter.value : 0;
  }

  /** Temporal counts in seconds. */
  #wholeSeconds(pointer: string, text: string): number | undefined {
    const duration = parseDuration(text);
    if (duration.ok && duration.value % 1_000 === 0) return duration.value;
    this.add("SCHEDULE_INTERVAL", pointer, duration.ok ? "must be whole seconds" : duration.error);
    return undefined;
  }

  #bounded<Entry>(list: string, entries: readonly Entry[]): readonly Entry[] {
    if (entries.length <= MAX_ENTRIES) return entries;
    this.add("SCHEDULE_TOO_LARGE", `/${list}`, `must have at most ${MAX_ENTRIES} entries; has ${entries.length}`);
    return [];
  }
}

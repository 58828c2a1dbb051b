import { parseCron } from "./cron";
import { readScheduleSpec } from "./schedule-spec";

const problemsOf = (spec: Parameters<typeof readScheduleSpec>[0]) =>
  readScheduleSpec(spec).problems.map(({ code, pointer }) => `${code} ${pointer}`);

it("reads intervals, calendars, bounds, jitter and the time zone", () => {
  const { times, problems } = readScheduleSpec({
    intervals: [{ every: "1h", offset: "15m" }],
    calendars: [{ hour: "9", day_of_week: "MON" }],
    time_zone: "Europe/Berlin",
    start_time: "2027-01-01T00:00:00+01:00",
    end_time: "2027-02-01T00:00:00Z",
    jitter: "30s",
  });
  expect(problems).toEqual([]);
  expect(times).toMatchObject({
    intervals: [{ everyMs: 3_600_000, offsetMs: 900_000 }],
    timeZone: "Europe/Berlin",
    startMs: Date.parse("2026-12-31T23:00:00Z"),
    endMs: Date.parse("2027-02-01T00:00:00Z"),
    jitterMs: 30_000,
  });
  const zero = [{ start: 0, end: 0, step: 1 }];
  expect(times.calendars).toMatchObject([{ second: zero, minute: zero, year: undefined }]);
});

it.each([
  ["@daily", 0],
  ["0 0 * * *", 0],
  ["0 0 * * * 2027", 0],
  ["30 0 0 * * * *", 30],
  ["0 0 * * * # at night", 0],
])("takes the cron expression %s", (text, second) => {
  expect(parseCron(text)).toMatchObject({ ok: true, value: { second: [{ start: second, end: second, step: 1 }] } });
});

it.each([
  ["", "must have 5 fields"],
  ["* * * *", "has 4"],
  ["* * * * * * * *", "has 8"],
  ["@every 5m", "give an interval"],
  ["@sometimes", "must be one of @yearly"],
  ["CRON_TZ=Europe/Berlin 0 0 * * *", "give it as time_zone"],
  ["0 24 * * *", 'hour: "24" must be 0 to 23'],
  ["x".repeat(1_001), "at most 1000 characters"],
])("refuses the cron expression %s", (text, message) => {
  expect(parseCron(text)).toMatchObject({ ok: false, error: expect.stringContaining(message) });
});

it("finds what is wrong, each with a code and a place", () => {
  expect(problemsOf({})).toEqual(["SCHEDULE_EMPTY "]);
  const many = Array.from({ length: 101 }, () => "@daily");
  expect(problemsOf({ cron: many.slice(1) })).toEqual([]);
  expect(problemsOf({ cron: many })).toEqual(["SCHEDULE_TOO_LARGE /cron"]);
  const cron = ["@daily"];
  expect(problemsOf({ cron, time_zone: "+01:00" })).toEqual(["SCHEDULE_TIME_ZONE /time_zone"]);
  expect(problemsOf({ cron, jitter: "1d" })).toEqual([]);
  expect(problemsOf({ cron, jitter: "24.1h" })).toEqual(["SCHEDULE_JITTER /jitter"]);
  const [start_time, end_time] = ["2027-01-01T00:00:00Z", "2027-01-01T00:00:00Z"];
  expect(problemsOf({ cron, start_time, end_time })).toEqual(["SCHEDULE_TIME /end_time"]);
  expect(problemsOf({ intervals: [{ every: "1500ms" }, { every: "" }] })).toEqual([
    "SCHEDULE_INTERVAL /intervals/0/every",
    "SCHEDULE_INTERVAL /intervals/1/every",
  ]);
  expect(problemsOf({ calendars: [{ comment: "x".repeat(1_001) }] })).toEqual([
    "SCHEDULE_CALENDAR /calendars/0/comment",
  ]);
});

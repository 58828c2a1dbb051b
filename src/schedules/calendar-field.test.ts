import { parseCalendarField } from "./calendar-field";

const range = (start: number, end: number, step = 1) => ({ start, end, step });

test.each([
  ["minute", "*", [range(0, 59)]],
  ["minute", "*/10", [range(0, 59, 10)]],
  ["minute", "5/10", [range(5, 59, 10)]],
  ["hour", "9-17,20", [range(9, 17), range(20, 20)]],
  ["month", "jan,Mar-MAY", [range(1, 1), range(3, 5)]],
  ["day_of_month", "?", [range(1, 31)]],
  ["day_of_week", "*", [range(0, 6)]],
  ["day_of_week", "MON-FRI", [range(1, 5)]],
  ["day_of_week", "7", [range(0, 0)]],
  ["day_of_week", "5-7", [range(5, 6), range(0, 0)]],
  ["day_of_week", "1-7/2", [range(1, 6, 2), range(0, 0)]],
  ["day_of_week", "2-7/2", [range(2, 6, 2)]],
  ["year", "2027-2030", [range(2027, 2030)]],
] as const)("%s %s", (name, text, expected) => {
  expect(parseCalendarField(name, text)).toEqual({ ok: true, value: expected });
});

test.each([
  ["minute", "60", '"60" must be 0 to 59'],
  ["minute", "", '"" must be *, 0 to 59, a range'],
  ["minute", "1,,2", '"" must be *'],
  ["hour", "17-9", '"17-9" must be a range from the smaller to the greater value'],
  ["hour", "*/0", '"*/0" must have a step of at least 1'],
  ["hour", "*-3", "must not make a range out of *"],
  ["month", "SMARCH", "must be 1 to 12 or JAN to DEC"],
  ["month", "0", "must be 1 to 12"],
  ["year", "1999", "must be 2000 to 2100"],
  ["second", "1".repeat(501), "must have at most 500 characters"],
] as const)("refuses %s %s", (name, text, message) => {
  const parsed = parseCalendarField(name, text);
  expect(parsed).toMatchObject({ ok: false, error: expect.stringContaining(message) });
});

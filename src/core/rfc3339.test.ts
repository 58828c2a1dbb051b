import { parseTime } from "./rfc3339";

it("reads times with any zone, and with a space where RFC 3339 allows it", () => {
  const ms = Date.UTC(2027, 0, 31, 10, 0, 0, 500);
  expect(parseTime("2027-01-31T10:00:00.5Z")).toBe(ms);
  expect(parseTime("2027-01-31 12:00:00.500+02:00")).toBe(ms);
  expect(parseTime("2027-01-31t10:00:00.500000000z")).toBe(ms);
});

it.each(["2027-02-30T00:00:00Z", "2027-01-01", "2027-01-01T25:00:00Z", "now", "2027-01-01T00:00:00"])(
  "takes %s for no time",
  (text) => {
    expect(parseTime(text)).toBeUndefined();
  },
);

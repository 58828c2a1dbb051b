import { MAX_RETRY_AFTER_MS, retryAfterMs } from "./retry-after";

const NOW = Date.UTC(2026, 0, 1, 12, 0, 0);

test.each([
  ["120", 120_000],
  [" 0 ", 0],
  ["3600", MAX_RETRY_AFTER_MS],
  ["3601", MAX_RETRY_AFTER_MS],
  ["99999999999999999999", MAX_RETRY_AFTER_MS],
  ["Thu, 01 Jan 2026 12:00:30 GMT", 30_000],
  ["Thursday, 01-Jan-26 12:00:30 GMT", 30_000],
  ["Thu, 01 Jan 2026 11:00:00 GMT", 0],
  ["Thu, 01 Jan 2027 12:00:00 GMT", MAX_RETRY_AFTER_MS],
])("%p asks to wait %p ms", (header, expected) => {
  expect(retryAfterMs(header, NOW)).toBe(expected);
});

test.each([null, "", "soon", "-1", "1.5", "2026-01-01", "Thu, nonsense"])("%p asks nothing", (header) => {
  expect(retryAfterMs(header, NOW)).toBeUndefined();
});

import { clockText, dateTimeText } from "./time-text";

test("times are those of the reader's clock", () => {
  const time = new Date(2026, 10, 22, 9, 5, 7);
  expect(clockText(time)).toBe("09:05:07");
  expect(dateTimeText(time.toISOString())).toBe("2026-11-22 09:05:07");
});

test("what is no time stays as it is", () => {
  expect(dateTimeText("")).toBe("");
  expect(dateTimeText("soon")).toBe("soon");
});

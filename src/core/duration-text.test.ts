import { durationText } from "./duration-text";

test.each([
  [0, "0ms"],
  [999.4, "999ms"],
  [1_000, "1.0s"],
  [59_949, "59.9s"],
  [59_950, "1m00s"],
  [125_000, "2m05s"],
  [3_599_499, "59m59s"],
  [3_600_000, "1h00m"],
  [86_400_000, "1d00h"],
  [-5, "0ms"],
])("%d ms read as %s", (ms, expected) => {
  expect(durationText(ms)).toBe(expected);
});

import { matchesCode } from "./error-pattern";

test.each([
  ["HTTP_STATUS", "HTTP_STATUS", true],
  ["HTTP_STATUS", "HTTP_STATUS_2", false],
  ["HTTP_*", "HTTP_", true],
  ["*_TIMEOUT", "RUN_TIMEOUT", true],
  ["*", "ANYTHING", true],
  ["A*B*C", "AxxByyC", true],
  ["A*B*C", "AxxCyyB", false],
  ["AB*BA", "ABA", false],
  ["A**A", "AA", true],
  [".*", "ANY", false],
])("the pattern %s and the code %s: %s", (pattern, code, fits) => {
  expect(matchesCode(pattern, code)).toBe(fits);
});

test("a hostile pattern takes no time", () => {
  expect(matchesCode(`${"*A".repeat(30)}B`, "A".repeat(60_000))).toBe(false);
});

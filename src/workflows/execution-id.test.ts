import { validate, version } from "uuid";
import { executionIdAt } from "./execution-id";

test("is a UUIDv7 that tells the time and keeps the random bits", () => {
  const id = executionIdAt(Date.UTC(2026, 0, 2), "11111111-2222-4abc-9def-123456789abc");
  expect(id.slice(13)).toBe("-7abc-9def-123456789abc");
  expect([validate(id), version(id)]).toEqual([true, 7]);
  expect(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toBe(Date.UTC(2026, 0, 2));
});

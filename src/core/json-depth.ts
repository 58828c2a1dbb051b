import type { JsonValue } from "./json";

/** Whether a value nests deeper than so many levels. Recursion ends at the limit, so a deep value cannot exhaust the stack. */
export function isDeeperThan(value: JsonValue, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((item: JsonValue) => isDeeperThan(item, levels - 1));
}

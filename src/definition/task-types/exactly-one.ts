import { isJsonObject } from "../../core/json";

/** Null where exactly one (or, with `orNone`, at most one) of `fields` is there; otherwise what to say. */
export function exactlyOneProblem(value: unknown, fields: readonly string[], orNone: boolean): string | null {
  if (!isJsonObject(value)) return null;
  const given = fields.filter((field) => Object.hasOwn(value, field) && value[field] !== undefined);
  if (given.length === 1 || (orNone && given.length === 0)) return null;
  return given.length === 0 ? `needs ${fields.join(" or ")}` : `takes only one of ${fields.join(" and ")}`;
}

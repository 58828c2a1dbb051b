import { isJsonObject } from "../../core/json";

/** Null where exactly one (or, with `orNone`, at most one) of `fields` is there; otherwise what to say. */
function exactlyOneProblem(value: unknown, fields: readonly string[], orNone: boolean): string | null {
  if (!isJsonObject(value)) return null;
  const given = fields.filter((field) => Object.hasOwn(value, field) && value[field] !== undefined);
  if (given.length === 1 || (orNone && given.length === 0)) return null;
  return given.length === 0 ? `needs ${fields.join(" or ")}` : `takes only one of ${fields.join(" and ")}`;
}

/** Arguments of zod's `refine`. Checked even where other fields have problems, so that all are told at once. */
export function exactlyOne(
  fields: readonly string[],
  options: { readonly orNone: boolean },
): [(value: unknown) => boolean, { error: (issue: { readonly input?: unknown }) => string; when: () => boolean }] {
  return [
    (value) => exactlyOneProblem(value, fields, options.orNone) === null,
    { error: ({ input }) => exactlyOneProblem(input, fields, options.orNone) ?? "", when: () => true },
  ];
}

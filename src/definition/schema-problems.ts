import type { z } from "zod";
import type { JsonValue } from "../core/json";
import type { Problem } from "./graph-types";
import { pointerTo } from "./json-pointer";
import { meantHint, nearName } from "./near-name";

type Issue = z.core.$ZodIssue;

/** What is wrong with the shape of `value`, whose place in the document is `base`. */
export function shapeProblems(schema: z.ZodType, value: JsonValue, base: string): readonly Problem[] {
  const parsed = schema.safeParse(value);
  return parsed.success ? [] : schemaProblems(schema, parsed.error.issues, value, base);
}

/** Every issue that zod found in `value`, as problems. `base` is the pointer of `value` itself. */
export function schemaProblems(
  schema: z.ZodType,
  issues: readonly Issue[],
  value: JsonValue,
  base: string,
): readonly Problem[] {
  return issues.flatMap((issue) => problemsOf(schema, issue, value, base));
}

function problemsOf(schema: z.ZodType, issue: Issue, value: JsonValue, base: string): readonly Problem[] {
  const pointer = pointerTo(base, issue.path);
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = fieldNames(schema, issue.path);
      return issue.keys.map((key) => unknownField(key, known, pointerTo(base, [...issue.path, key])));
    }
    case "invalid_type": {
      if (!isPresent(value, issue.path)) return [{ code: "FIELD_REQUIRED", pointer, message: "is required" }];
      return [{ code: "FIELD_TYPE", pointer, message: `must be ${article(issue.expected)}` }];
    }
    case "invalid_union": {
      const meant = alternativeMeant(issue);
      if (meant !== null) return meant.flatMap((inner) => problemsOf(schema, inner, value, base));
      return [{ code: "FIELD_TYPE", pointer, message: unionMessage(issue) }];
    }
    case "invalid_value":
      return [oneOf(issue, at(value, issue.path), pointer)];
    case "too_small":
      return [{ code: "FIELD_VALUE", pointer, message: sizeMessage(issue, "least", issue.minimum) }];
    case "too_big":
      return [{ code: "FIELD_VALUE", pointer, message: sizeMessage(issue, "most", issue.maximum) }];
    case "invalid_key":
    case "invalid_element":
      return [{ code: "FIELD_VALUE", pointer, message: issue.issues.map(({ message }) => message).join("; ") }];
    case "invalid_format":
    case "not_multiple_of":
    case "custom":
      return [{ code: "FIELD_VALUE", pointer, message: issue.message }];
  }
}

type Union = Issue & { readonly code: "invalid_union" };

/** The issues of the one alternative whose type fits, with their whole paths; null where none or several fit. */
function alternativeMeant(issue: Union): readonly Issue[] | null {
  const fitting = issue.errors.filter(
    (issues) => !issues.some(({ code, path }) => code === "invalid_type" && path.length === 0),
  );
  const [first, ...others] = fitting;
  if (first === undefined || others.length > 0) return null;
  return first.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

/** What zod says by itself starts so; anything else was written for its place. */
const OWN_WORDS = /^Too (?:small|big)/;

function sizeMessage(
  issue: Issue & { readonly code: "too_small" | "too_big" },
  bound: "least" | "most",
  limit: number | bigint,
): string {
  if (!OWN_WORDS.test(issue.message)) return issue.message;
  const unit: Readonly<Record<string, string>> = { string: " characters", array: " items" };
  const verb = unit[issue.origin] === undefined ? "be" : "have";
  return `must ${verb} at ${bound} ${limit}${unit[issue.origin] ?? ""}`;
}

/** A field that the schema does not have, with the one that was probably meant. */
export function unknownField(key: string, known: readonly string[], pointer: string): Problem {
  const suggestion = nearName(key, known);
  const message = `unknown field '${key}'${meantHint(suggestion, `; known are ${known.join(", ")}`)}`;
  return { code: "FIELD_UNKNOWN", pointer, message, ...(suggestion === undefined ? {} : { suggestion }) };
}

function oneOf(issue: Issue & { readonly code: "invalid_value" }, given: unknown, pointer: string): Problem {
  const values = issue.values.map(String);
  const suggestion = typeof given === "string" ? nearName(given, values) : undefined;
  const hint = meantHint(suggestion);
  const message = values.length === 1 ? `must be ${values[0]}` : `must be one of ${values.join(", ")}${hint}`;
  return { code: "FIELD_VALUE", pointer, message, ...(suggestion === undefined ? {} : { suggestion }) };
}

function unionMessage(issue: Union): string {
  const wanted = issue.errors.flatMap((issues) =>
    issues.flatMap((inner) => (inner.code === "invalid_type" ? [article(inner.expected)] : [])),
  );
  return wanted.length === 0 ? "is not as expected" : `must be ${[...new Set(wanted)].join(" or ")}`;
}

function article(type: string): string {
  const names: Readonly<Record<string, string>> = {
    array: "a list",
    int: "a whole number",
    object: "an object",
    record: "an object",
  };
  return names[type] ?? `a ${type}`;
}

function at(value: JsonValue, path: readonly PropertyKey[]): unknown {
  let found: unknown = value;
  for (const token of path) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, token)) return undefined;
    found = (found as Readonly<Record<PropertyKey, unknown>>)[token];
  }
  return found;
}

function isPresent(value: JsonValue, path: readonly PropertyKey[]): boolean {
  return at(value, path) !== undefined;
}

/** The field names of the object schema at `path`, looking through optional fields, defaults, lists and unions. */
function fieldNames(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  const { def } = (schema as z.ZodType)._zod as unknown as { readonly def: SchemaDef };
  if (def.innerType !== undefined) return fieldNames(def.innerType, path);
  if (def.options !== undefined) return def.options.flatMap((option) => fieldNames(option, path));
  const [token, ...rest] = path;
  if (token === undefined) return def.shape === undefined ? [] : Object.keys(def.shape);
  const next = def.shape?.[String(token)] ?? def.element ?? def.valueType;
  return next === undefined ? [] : fieldNames(next, rest);
}

/** The part of zod's schema definitions that leads from a schema to the schemas inside it. */
interface SchemaDef {
  readonly innerType?: z.core.$ZodType;
  readonly options?: readonly z.core.$ZodType[];
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly element?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
}

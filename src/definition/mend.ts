import type { z } from "zod";
import { isJsonObject, type JsonObject, type JsonValue } from "../core/json";
import type { Problem } from "./graph-types";
import { pathOf, pointerTo } from "./json-pointer";
import { shapeProblems } from "./schema-problems";

/** What an object with problems of shape was probably meant to be, so that the rest of it can be looked at too. */
export interface Mended {
  readonly value: JsonObject;
  /** Its own fields of which some part was taken away. */
  readonly touched: ReadonlySet<string>;
  /** Pointer of what is called otherwise now, then how it is written. */
  readonly renamed: readonly (readonly [now: string, written: string])[];
}

/** Taking one part away may leave another wrong. */
const MAX_ROUNDS = 6;

/**
 * Calls misspelt fields by their names and takes away what is wrong. Null where that does not help, or where it takes one of the fields
 * in `needed`.
 */
export function mend(
  value: JsonObject,
  schemaOf: (value: JsonObject) => z.ZodType,
  needed: readonly string[],
): Mended | null {
  const touched = new Set<string>();
  const renamed: (readonly [string, string])[] = [];
  let mended: JsonObject = value;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const problems = shapeProblems(schemaOf(mended), mended, "");
    if (problems.length === 0) return { value: mended, touched, renamed };
    const slips = problems.flatMap((problem) => slipIn(mended, problem) ?? []);
    // What is called by its name is not missing any more: only then is it seen what is wrong.
    for (const { path, name } of slips) {
      mended = without(mended, path, name) as JsonObject;
      renamed.push([pointerTo("", [...path.slice(0, -1), name]), pointerTo("", path)]);
    }
    if (slips.length > 0) continue;
    for (const { code, pointer } of problems) {
      const path = pathOf(code === "FIELD_REQUIRED" ? parentOf(pointer) : pointer);
      const [field] = path;
      if (field === undefined || needed.includes(field)) return null;
      touched.add(field);
      mended = without(mended, path, undefined) as JsonObject;
    }
  }
  return null;
}

function parentOf(pointer: string): string {
  return pointer.slice(0, Math.max(0, pointer.lastIndexOf("/")));
}

interface Slip {
  readonly path: readonly string[];
  readonly name: string;
}

/** An unknown field and what it was meant to be called, where nothing is called so yet. */
function slipIn(root: JsonObject, { code, pointer, suggestion }: Problem): Slip | undefined {
  if (code !== "FIELD_UNKNOWN" || suggestion === undefined) return undefined;
  const path = pathOf(pointer);
  let object: JsonValue | undefined = root;
  for (const token of path.slice(0, -1))
    object = Array.isArray(object) ? object[Number(token)] : isJsonObject(object) ? object[token] : undefined;
  return isJsonObject(object) && !Object.hasOwn(object, suggestion) ? { path, name: suggestion } : undefined;
}

/** Without what is at the path, or with another name for it. Of a list with a wrong item the whole is taken away, so that no item moves. */
function without(
  value: JsonValue,
  [token, ...rest]: readonly string[],
  name: string | undefined,
): JsonValue | undefined {
  if (token === undefined) return undefined;
  if (Array.isArray(value)) {
    const index = Number(token);
    const item = without(value[index] ?? null, rest, name);
    return item === undefined ? undefined : value.map((each: JsonValue, at) => (at === index ? item : each));
  }
  if (!isJsonObject(value) || !Object.hasOwn(value, token)) return value;
  const { [token]: part, ...others } = value;
  if (rest.length === 0) return name === undefined ? others : { ...others, [name]: part as JsonValue };
  const left = without(part as JsonValue, rest, name);
  return left === undefined ? others : { ...value, [token]: left };
}

/** What is known of a value before the run. Wider than the truth where in doubt, so that nothing right is called wrong. */
export type ValueType =
  | { readonly kind: "any" }
  | { readonly kind: Exclude<ScalarKind, "string"> }
  | StringType
  | { readonly kind: "list"; readonly items: ValueType }
  | ObjectType
  | { readonly kind: "optional"; readonly value: ValueType }
  | { readonly kind: "union"; readonly of: readonly ValueType[] };

/** `int` and `double` as CEL has them: every JSON number is a double. */
export type ScalarKind = "null" | "bool" | "int" | "double" | "string" | "bytes" | "timestamp" | "duration" | "other";

export interface StringType {
  readonly kind: "string";
  /** All that it may be; absent where that is not known. */
  readonly words?: readonly string[];
}

export interface ObjectType {
  readonly kind: "object";
  /** A Map, as a field may have a name that every object has a member for. */
  readonly fields: ReadonlyMap<string, ValueType>;
  /** Of fields that are not named; null where there are none. */
  readonly rest: ValueType | null;
}

export const ANY: ValueType = { kind: "any" };
export const NULL: ValueType = { kind: "null" };
export const BOOL: ValueType = { kind: "bool" };
export const NUMBER: ValueType = { kind: "double" };
export const STRING: ValueType = { kind: "string" };

/** A string that is one of these. */
export function oneOf(words: readonly string[]): StringType {
  return words.length > MAX_WORDS ? { kind: "string" } : { kind: "string", words };
}

/** More words than these are not told apart. */
const MAX_WORDS = 100;

/** An object that has these fields and no others, though some may be absent. */
export function closedObject(fields: Readonly<Record<string, ValueType>>): ObjectType {
  return { kind: "object", fields: new Map(Object.entries(fields)), rest: null };
}

/** An object with any fields, all of the one type. */
export function mapOf(value: ValueType): ObjectType {
  return { kind: "object", fields: new Map(), rest: value };
}

export function listOf(items: ValueType): ValueType {
  return { kind: "list", items };
}

/** More alternatives than this are not told apart: each operator would have to be looked at for each pair of them. */
const MAX_ALTERNATIVES = 12;

/** A value of one of these types. */
export function unionOf(types: readonly ValueType[]): ValueType {
  const flat: ValueType[] = [];
  for (const type of types.flatMap(alternatives)) {
    if (type.kind === "any") return ANY;
    const position = flat.findIndex((known) => isSameScalar(known, type));
    const known = flat[position];
    if (known === undefined) flat.push(type);
    else if (known.kind === "string" && type.kind === "string") flat[position] = eitherOf(known, type);
  }
  const [first] = flat;
  if (first === undefined || flat.length > MAX_ALTERNATIVES) return ANY;
  return flat.length === 1 ? first : { kind: "union", of: flat };
}

function eitherOf({ words: left }: StringType, { words: right }: StringType): StringType {
  return left === undefined || right === undefined ? { kind: "string" } : oneOf([...new Set([...left, ...right])]);
}

/** The types of which a value has one; a single one where it is no union. */
export function alternatives(type: ValueType): readonly ValueType[] {
  return type.kind === "union" ? type.of : [type];
}

function isSameScalar(left: ValueType, right: ValueType): boolean {
  return left.kind === right.kind && left.kind !== "list" && left.kind !== "object" && left.kind !== "optional";
}

/** For messages. Numbers are numbers to a reader, whatever CEL makes of them. */
export function typeName(type: ValueType): string {
  const names: Readonly<Record<ValueType["kind"], string>> = {
    any: "anything",
    null: "null",
    bool: "a boolean",
    int: "a number",
    double: "a number",
    string: "a string",
    bytes: "bytes",
    timestamp: "a timestamp",
    duration: "a duration",
    other: "a type",
    list: "a list",
    object: "an object",
    optional: "an optional value",
    union: "",
  };
  return [...new Set(alternatives(type).map(({ kind }) => names[kind]))].join(" or ");
}

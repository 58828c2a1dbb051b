import { Optional } from "@marcbachmann/cel-js";
import { isJsonObject, type JsonObject, type JsonValue } from "../../core/json";
import { type Fuel, MAX_RESULT_VALUES } from "./fuel";

/** Values converted for the price of one step: copying a value is that much cheaper than evaluating a syntax node. */
const VALUES_PER_STEP = 8;

/** JSON of what an expression gave. Throws where there is none: bytes, types, numbers that are not finite. */
export function toJson(value: unknown, fuel: Fuel): JsonValue {
  const budget = { values: 0, fuel };
  return convert(value, budget);
}

interface Budget {
  values: number;
  readonly fuel: Fuel;
}

function convert(value: unknown, budget: Budget): JsonValue {
  budget.values += 1;
  if (budget.values % VALUES_PER_STEP === 0) budget.fuel.spend(1);
  if (budget.values > MAX_RESULT_VALUES) throw new Error(`result holds more than ${MAX_RESULT_VALUES} values`);
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      if (!Number.isFinite(value)) throw new Error(`result is ${value}, which JSON has no number for`);
      // JSON has no negative zero, so keeping it would make a state differ from its own serialised form.
      return value === 0 ? 0 : value;
    case "bigint":
      return Number(value);
    case "object":
      return value === null ? null : convertObject(value, budget);
    default:
      throw new Error(`result is a ${typeof value}, which JSON cannot hold`);
  }
}

/** True for a type, such as `type(1)` gives: a value that CEL can compare and JSON cannot hold. */
export function isType(value: object): boolean {
  return Object.prototype.toString.call(value).startsWith("[object Type<");
}

function convertObject(value: object, budget: Budget): JsonValue {
  if (Array.isArray(value)) return value.map((item) => convert(item, budget));
  if (value instanceof Set) return [...value].map((item) => convert(item, budget));
  if (value instanceof Map) return fromEntries([...value], budget);
  if (value instanceof Optional) return value.hasValue() ? convert(value.value(), budget) : null;
  const tag = Object.prototype.toString.call(value);
  // Not `instanceof`: the workflow sandbox puts its own `Date` in place of the one whose instances it makes, and the
  // library does not export its durations and unsigned numbers.
  if (tag === "[object Date]") return (value as Date).toISOString();
  if (tag === "[object google.protobuf.Duration]") return String(value);
  if (tag.startsWith("[object value = ")) return Number(value.valueOf());
  if (tag === "[object Uint8Array]")
    throw new Error("result is bytes, which JSON cannot hold; use string() or base64()");
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    throw new Error("result is a type, which JSON cannot hold");
  return fromEntries(Object.entries(value), budget);
}

function fromEntries(entries: readonly (readonly [unknown, unknown])[], budget: Budget): JsonObject {
  budget.fuel.chargeSince2(1 + (entries.length >>> 1));
  return Object.fromEntries(entries.map(([name, value]) => [String(name), convert(value, budget)]));
}

/** What was found of values that CEL cannot take as they are; values are never changed once they are in a state. */
const readable = new WeakMap<object, unknown>();

/**
 * JSON as CEL can read it. Its library tells types by `value.constructor`, so an object with a member of that name
 * becomes a Map, which it reads alike; everything else stays what it is.
 */
export function fromJson(value: JsonValue): unknown {
  if (typeof value !== "object" || value === null) return value;
  const known = readable.get(value);
  if (known !== undefined) return known;
  const converted = Array.isArray(value) ? readList(value) : readObject(value as JsonObject);
  readable.set(value, converted);
  return converted;
}

function readList(list: readonly JsonValue[]): unknown {
  const items = list.map(fromJson);
  return items.some((item, index) => item !== list[index]) ? items : list;
}

function readObject(object: JsonObject): unknown {
  const entries = Object.entries(object).map(([name, value]) => [name, fromJson(value)] as const);
  if (Object.hasOwn(object, "constructor")) return new Map(entries);
  return entries.some(([name, value]) => value !== object[name]) ? Object.fromEntries(entries) : object;
}

/** True for what `merge` and `keys` take. */
export function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  if (value instanceof Map) return [...value].map(([name, item]) => [String(name), item] as const);
  if (isJsonObject(value)) return Object.entries(value);
  throw new Error("must be a map");
}

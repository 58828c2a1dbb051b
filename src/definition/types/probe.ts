import { Optional } from "@marcbachmann/cel-js";
import { environment, withFuel } from "../expressions/environment";
import { Fuel } from "../expressions/fuel";
import { ANY, mapOf, type ScalarKind, type ValueType } from "./value-type";

/** What an operator or function gives for values of some types: a type, or that it takes no such values. */
export type Probed = { readonly takes: true; readonly type: ValueType } | { readonly takes: false };

type ProbedKind = Exclude<ValueType["kind"], "any" | "union">;

/** One value of each type. Lists and maps are empty, as one of other items may be taken where one of these is not. */
const SAMPLES: Readonly<Record<ProbedKind, () => unknown>> = {
  null: () => null,
  bool: () => true,
  int: () => 1n,
  double: () => 1,
  string: () => "x",
  bytes: () => new Uint8Array(0),
  timestamp: () => new Date(0),
  duration: () => environment().evaluate('duration("1s")'),
  other: () => environment().evaluate("string"),
  list: () => [],
  object: () => ({}),
  optional: () => Optional.of(1),
};

/** Errors that say that no value of the types would do. Others, such as a text that is no number, depend on the value. */
const TYPE_ERRORS: ReadonlySet<string> = new Set(["no_such_overload", "no_matching_overload", "optional_expected"]);

const known = new Map<string, Probed>();

/**
 * Asks the CEL library itself, by evaluating `text` with one value of each type in the variables `a`, `b`, ... So what is
 * said of types before the run is what the run does. Answers are kept: there are few operators and few types.
 */
export function probe(text: string, types: readonly ValueType[]): Probed {
  const kinds = types.flatMap(({ kind }) => (kind === "any" || kind === "union" ? [] : [kind]));
  if (kinds.length < types.length) return { takes: true, type: ANY };
  const key = `${text} ${kinds.join(" ")}`;
  const found = known.get(key) ?? ask(text, kinds);
  known.set(key, found);
  return found;
}

function ask(text: string, kinds: readonly ProbedKind[]): Probed {
  const variables = Object.fromEntries(kinds.map((kind, index) => [VARIABLES[index] ?? "", SAMPLES[kind]()]));
  try {
    return { takes: true, type: typeOf(withFuel(new Fuel(), () => environment().evaluate(text, variables))) };
  } catch (error) {
    const code = (error as { readonly code?: unknown }).code;
    return typeof code === "string" && TYPE_ERRORS.has(code) ? { takes: false } : { takes: true, type: ANY };
  }
}

/** Names of the values in a probed text. */
export const VARIABLES = "abcdefghijklmnopq".split("");

const SCALARS: Readonly<Record<string, ScalarKind>> = {
  boolean: "bool",
  bigint: "int",
  number: "double",
  string: "string",
};

/** Only scalars tell their type by one value; a list or a map may hold anything. */
function typeOf(value: unknown): ValueType {
  const scalar = SCALARS[typeof value];
  if (scalar !== undefined) return { kind: scalar };
  if (Array.isArray(value)) return { kind: "list", items: ANY };
  if (value instanceof Date) return { kind: "timestamp" };
  if (value instanceof Map) return mapOf(ANY);
  return ANY;
}

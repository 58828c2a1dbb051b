import { Optional } from "@marcbachmann/cel-js";
import { environment, withFuel } from "../expressions/environment";
import { Fuel } from "../expressions/fuel";
import { ANY, mapOf, type ScalarKind, unionOf, type ValueType } from "./value-type";

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
  const kinds = types.map(({ kind }) => (kind === "union" ? "any" : kind));
  const key = `${text} ${kinds.join(" ")}`;
  const found = known.get(key) ?? askOfAll(text, kinds);
  known.set(key, found);
  return found;
}

/** Of so many operands of any type all kinds are tried: 144 pairs, some milliseconds, once in a process. */
const MAX_ANY = 2;

const KINDS = Object.keys(SAMPLES) as readonly ProbedKind[];

/** An operand that may be anything is each kind in turn, as far as they are taken: `size(a)` is a number whatever has a size. */
function askOfAll(text: string, kinds: readonly (ProbedKind | "any")[]): Probed {
  const position = kinds.indexOf("any");
  if (position === -1) return ask(text, kinds as readonly ProbedKind[]);
  if (kinds.filter((kind) => kind === "any").length > MAX_ANY) return { takes: true, type: ANY };
  const found: ValueType[] = [];
  for (const kind of KINDS) {
    const probed = askOfAll(text, kinds.with(position, kind));
    if (probed.takes) found.push(probed.type);
  }
  return found.length === 0 ? { takes: false } : { takes: true, type: unionOf(found) };
}

function ask(text: string, kinds: readonly ProbedKind[]): Probed {
  const first = askWith(
    text,
    kinds.map((kind) => SAMPLES[kind]()),
  );
  if (first !== "depends") {
    // What an optional value holds is not what the sample does.
    const mayHold = first.takes && kinds.includes("optional") && first.type.kind !== "bool";
    return mayHold ? { takes: true, type: ANY } : first;
  }
  const other = OTHER_SAMPLES.find(([pattern]) => pattern.test(text))?.[1];
  const sample = kinds.length === 1 ? other?.[kinds[0] ?? "other"] : undefined;
  const second = sample === undefined ? "depends" : askWith(text, [sample]);
  return second === "depends" ? { takes: true, type: ANY } : second;
}

/** For functions of one value that take not every value of its type, but give the same type for all that they take. */
const OTHER_SAMPLES: readonly (readonly [RegExp, Partial<Readonly<Record<ProbedKind, unknown>>>])[] = [
  [/^(?:int|double)\(/, { string: "1" }],
  [/^bool\(/, { string: "true" }],
  [/^timestamp\(/, { string: "2026-01-01T00:00:00Z" }],
  [/^duration\(/, { string: "1s" }],
  [/^(?:min|max|avg)\(/, { list: [1] }],
];

/** `depends`: it was not the type that was not taken. */
function askWith(text: string, values: readonly unknown[]): Probed | "depends" {
  const variables = Object.fromEntries(values.map((value, index) => [VARIABLES[index] ?? "", value]));
  try {
    return { takes: true, type: typeOf(withFuel(new Fuel(), () => environment().evaluate(text, variables))) };
  } catch (error) {
    const code = (error as { readonly code?: unknown }).code;
    return typeof code === "string" && TYPE_ERRORS.has(code) ? { takes: false } : "depends";
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

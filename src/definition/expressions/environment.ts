import { Environment } from "@marcbachmann/cel-js";
import type { JsonValue } from "../../core/json";
import { entriesOf, fromJson, toJson } from "./cel-values";
import type { Fuel } from "./fuel";

/**
 * Limits on an expression's structure. An expression is a line or a few in a definition; what needs more belongs in a
 * task. The depth keeps the recursive parser and evaluator far from the end of the stack.
 */
const LIMITS = { maxAstNodes: 2_000, maxDepth: 64, maxListElements: 500, maxMapEntries: 500, maxCallArguments: 16 };

/** Arithmetic that JSON numbers, all doubles to CEL, do with whole-number literals. */
const ARITHMETIC: Readonly<Record<string, (left: number, right: number) => number>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "%": (left, right) => left % right,
};

/** Fuel of the evaluation that goes on; evaluation is synchronous, so there is one at most. */
let current: Fuel | undefined;

export function withFuel<T>(fuel: Fuel, evaluate: () => T): T {
  const outer = current;
  current = fuel;
  try {
    return evaluate();
  } finally {
    current = outer;
  }
}

export function currentFuel(): Fuel {
  if (current === undefined) throw new Error("an expression is evaluated without fuel");
  return current;
}

let shared: Environment | undefined;

/** Made on first use: a run without expressions need not pay for it. */
export function environment(): Environment {
  shared ??= createEnvironment();
  return shared;
}

function createEnvironment(): Environment {
  const created = new Environment({
    unlistedVariablesAreDyn: true,
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
    limits: LIMITS,
  });
  for (const [operator, compute] of Object.entries(ARITHMETIC)) {
    const handler = (left: number | bigint, right: number | bigint) => compute(Number(left), Number(right));
    created.registerOperator(`double ${operator} int`, handler);
    created.registerOperator(`int ${operator} double`, handler);
    if (operator === "%") created.registerOperator("double % double", handler);
  }
  for (const [signature, handler] of Object.entries(FUNCTIONS))
    created.registerFunction(signature, handler, { async: false });
  return created;
}

function numbers(list: readonly unknown[]): readonly number[] {
  currentFuel().spend(list.length >>> 3);
  return list.map((item) => {
    if (typeof item === "number" || typeof item === "bigint") return Number(item);
    throw new Error(`list must hold numbers only, got ${item === null ? "null" : `a ${typeof item}`}`);
  });
}

function notEmpty(list: readonly unknown[]): readonly number[] {
  if (list.length === 0) throw new Error("list must not be empty");
  return numbers(list);
}

const add = (left: number, right: number) => left + right;

/** As it stands in text: a string as it is, anything else as JSON. */
function text(value: unknown): string {
  const json = toJson(value, currentFuel());
  return typeof json === "string" ? json : JSON.stringify(json);
}

function parseJson(source: string): unknown {
  currentFuel().spend(source.length >>> 3);
  try {
    return fromJson(JSON.parse(source) as JsonValue);
  } catch {
    throw new Error("text is not JSON");
  }
}

function entries(map: unknown): readonly (readonly [string, unknown])[] {
  const found = entriesOf(map);
  currentFuel().chargeSince2(found.length >>> 1);
  return found;
}

/** What CEL lacks. `docs/definition.md` lists them; adding one is adding a line here and there. */
const FUNCTIONS: Readonly<Record<string, (...args: never[]) => unknown>> = {
  "sum(list): double": (list: readonly unknown[]) => numbers(list).reduce(add, 0),
  "avg(list): double": (list: readonly unknown[]) => notEmpty(list).reduce(add, 0) / list.length,
  "min(list): double": (list: readonly unknown[]) => notEmpty(list).reduce((left, right) => Math.min(left, right)),
  "max(list): double": (list: readonly unknown[]) => notEmpty(list).reduce((left, right) => Math.max(left, right)),
  "round(double): double": (value: number) => Math.round(value),
  "floor(double): double": (value: number) => Math.floor(value),
  "ceil(double): double": (value: number) => Math.ceil(value),
  "join(list, string): string": (list: readonly unknown[], separator: string) => {
    currentFuel().chargeSince2(list.length);
    return list.map(text).join(separator);
  },
  "split(string, string): list<string>": (value: string, separator: string) => value.split(separator),
  "keys(map): list<string>": (map: unknown) => entries(map).map(([name]) => name),
  "values(map): list<dyn>": (map: unknown) => entries(map).map(([, item]) => item),
  "merge(map, map): map<string, dyn>": (base: unknown, over: unknown) =>
    new Map<string, unknown>([...entries(base), ...entries(over)]),
  "json(dyn): string": (value: unknown) => JSON.stringify(toJson(value, currentFuel())),
  "parse_json(string): dyn": parseJson,
};

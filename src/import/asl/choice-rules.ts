import { isJsonObject, type JsonObject, type JsonValue } from "../../core/json";
import { pointerTo } from "../../definition/json-pointer";
import { literal, operand, presence, select, toCel } from "../value";
import { attempt } from "./fields";
import { parsePath, resolvePath, rootOf } from "./json-path";
import { NotMapped, type Scope } from "./scope";

const COMPARISON =
  /^(String|Numeric|Boolean|Timestamp)(Equals|LessThan|GreaterThan|LessThanEquals|GreaterThanEquals)(Path)?$/;
const SIGNS: Readonly<Record<string, string>> = {
  Equals: "==",
  LessThan: "<",
  GreaterThan: ">",
  LessThanEquals: "<=",
  GreaterThanEquals: ">=",
};
const TIMESTAMP = String.raw`^\"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})\"$`;

/** By the first character of a value's JSON: ASL's comparisons of values of another type are false. */
const TYPE_TESTS: Readonly<Record<string, (value: string) => string>> = {
  String: (value) => `json(${value}).startsWith("\\"")`,
  Numeric: (value) => `json(${value}).matches("^-?[0-9]")`,
  Boolean: (value) => `json(${value}) in ["true", "false"]`,
  Timestamp: (value) => `json(${value}).matches("${TIMESTAMP}")`,
  Null: (value) => `${value} == null`,
};

/** A rule of a Choice in JSONPath as one expression. */
export function ruleCondition(rule: JsonObject, scope: Scope, pointer: string): string {
  for (const [name, sign] of [
    ["And", " && "],
    ["Or", " || "],
  ] as const) {
    const parts = rule[name];
    if (parts !== undefined) return combined(parts, sign, scope, pointerTo(pointer, [name]));
  }
  const { Not: not } = rule;
  if (isJsonObject(not)) return `!(${ruleCondition(not, scope, pointerTo(pointer, ["Not"]))})`;
  return attempt(scope, pointer, "false", () => comparison(rule, scope));
}

function combined(parts: JsonValue, sign: string, scope: Scope, pointer: string): string {
  if (!Array.isArray(parts) || parts.length === 0) {
    scope.issues.problem("FIELD_TYPE", pointer, "must be a list of at least one rule");
    return "false";
  }
  const conditions = parts.map((part: JsonValue, index) => {
    const at = pointerTo(pointer, [index]);
    if (isJsonObject(part)) return `(${ruleCondition(part, scope, at)})`;
    scope.issues.problem("FIELD_TYPE", at, "must be a rule");
    return "false";
  });
  return conditions.join(sign);
}

function comparison(rule: JsonObject, scope: Scope): string {
  const operators = Object.keys(rule).filter(
    (name) => !["Variable", "Next", "Comment", "Assign", "Output"].includes(name),
  );
  const [operator] = operators;
  if (operator === undefined || operators.length > 1)
    throw new NotMapped(
      `a rule needs one comparison, and has ${operators.length === 0 ? "none" : operators.join(", ")}`,
    );
  const { Variable: variable } = rule;
  if (typeof variable !== "string") throw new NotMapped("a rule needs a Variable");
  const expected = rule[operator] ?? null;
  if (operator === "IsPresent") return presenceTest(variable, expected === true, scope);
  const value = operand(resolvePath(variable, scope));
  const [, type] = /^Is(Null|String|Numeric|Boolean|Timestamp)$/.exec(operator) ?? [];
  const test = type === undefined ? undefined : TYPE_TESTS[type];
  if (test !== undefined) return expected === true ? test(value) : `!(${test(value)})`;
  if (operator === "StringMatches" && typeof expected === "string") return matching(value, expected);
  return compared(operator, value, expected, scope);
}

function presenceTest(variable: string, isExpected: boolean, scope: Scope): string {
  const parsed = parsePath(variable);
  const root = rootOf(parsed, scope);
  const test =
    root.kind === "cel" || select(root, parsed.segments) === undefined ? presence(root, parsed.segments) : "true";
  return isExpected ? test : `!(${test})`;
}

/** `*` stands for any text, `\*` for itself. */
function matching(value: string, wildcards: string): string {
  const pattern = wildcards.replaceAll(/\\(.)|\*|[.+?^${}()|[\]]/g, (found, escaped: string | undefined) => {
    if (escaped !== undefined) return `\\${escaped}`;
    return found === "*" ? "(?s:.*)" : `\\${found}`;
  });
  return `${TYPE_TESTS["String"]?.(value)} && ${value}.matches(${literal(`^${pattern}$`)})`;
}

function compared(operator: string, value: string, expected: JsonValue, scope: Scope): string {
  const [, type = "", how = "", fromPath] = COMPARISON.exec(operator) ?? [];
  const sign = SIGNS[how];
  const test = TYPE_TESTS[type];
  if (sign === undefined || test === undefined) throw new NotMapped(`the comparison '${operator}' has no counterpart`);
  if (fromPath === undefined) {
    if (type === "Timestamp") return `${test(value)} && timestamp(${value}) ${sign} timestamp(${literal(expected)})`;
    // Equality needs no test: values of different types are never equal.
    return how === "Equals"
      ? `${value} == ${literal(expected)}`
      : `${test(value)} && ${value} ${sign} ${literal(expected)}`;
  }
  if (typeof expected !== "string") throw new NotMapped(`${operator} needs a path`);
  const other = toCel(resolvePath(expected, scope));
  const both = `${test(value)} && ${test(other)}`;
  return type === "Timestamp"
    ? `${both} && timestamp(${value}) ${sign} timestamp(${other})`
    : `${both} && ${value} ${sign} ${other}`;
}

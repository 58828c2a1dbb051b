import { isJsonObject, type JsonValue } from "../core/json";
import type { Result } from "../core/result";
import { fromJson } from "./expressions/cel-values";
import { parseExpression } from "./expressions/expression";
import { Fuel } from "./expressions/fuel";
import type { Problem } from "./graph-types";
import { pointerTo } from "./json-pointer";
import { expressionText, hasTemplate, parseTemplate, type RenderError, renderTemplate } from "./templates";

/** What the expressions of a template outside a definition see: JSON by name. */
export type Variables = Readonly<Record<string, JsonValue>>;

/** What may stand in such a template. */
export interface KnownVariables {
  readonly names: readonly string[];
  /** For a person, after "there is no 'x' here, only". */
  readonly told: string;
  /** Values that an expression must be able to be evaluated with; absent where only the run can tell. */
  readonly sample?: Variables;
}

/** Puts the variables into every text of a JSON value. */
export function renderVariables(template: JsonValue, variables: Variables): Result<JsonValue, RenderError> {
  const values = celValues(variables);
  const fuel = new Fuel();
  return renderTemplate(template, (source) => {
    const parsed = parseExpression(source);
    return parsed.ok ? parsed.value.evaluate(values, fuel) : parsed;
  });
}

/** The value of an expression that stands bare or wholly in `${{ }}`. */
export function evaluateWith(text: string, variables: Variables): Result<JsonValue, { readonly message: string }> {
  const expression = expressionText(text);
  if (!expression.ok) return expression;
  const parsed = parseExpression(expression.value.source);
  return parsed.ok ? parsed.value.evaluate(celValues(variables), new Fuel()) : parsed;
}

/** Everything that is wrong with the expressions of a template; pointers are into it. */
export function checkVariableTemplate(template: JsonValue, known: KnownVariables, pointer = ""): readonly Problem[] {
  if (typeof template === "string") return hasTemplate(template) ? checkText(template, known, pointer) : [];
  if (Array.isArray(template)) {
    const items: readonly JsonValue[] = template;
    return items.flatMap((item, index) => checkVariableTemplate(item, known, `${pointer}/${index}`));
  }
  if (!isJsonObject(template)) return [];
  return Object.entries(template).flatMap(([name, item]) =>
    checkVariableTemplate(item, known, pointerTo(pointer, [name])),
  );
}

/** The same of an expression that stands bare or wholly in `${{ }}`. */
export function checkVariableExpression(text: string, known: KnownVariables): readonly Problem[] {
  const expression = expressionText(text);
  if (!expression.ok) return [problem("EXPRESSION_SYNTAX", "", expression.error.message, expression.error.column)];
  return checkSource(expression.value.source, expression.value.start, known, "");
}

function celValues(variables: Variables): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, fromJson(value)]));
}

function checkText(text: string, known: KnownVariables, pointer: string): readonly Problem[] {
  const parts = parseTemplate(text);
  if (!parts.ok) return [problem("TEMPLATE_SYNTAX", pointer, parts.error.message, parts.error.column)];
  return parts.value.flatMap((part) =>
    part.type === "text" ? [] : checkSource(part.source, part.start, known, pointer),
  );
}

const CODES = { name: "EXPRESSION_NAME", type: "EXPRESSION_TYPE" } as const;

function checkSource(source: string, start: number, known: KnownVariables, pointer: string): readonly Problem[] {
  const parsed = parseExpression(source);
  if (!parsed.ok) {
    const { about, message, column } = parsed.error;
    return [problem(about === undefined ? "EXPRESSION_SYNTAX" : CODES[about], pointer, message, at(start, column))];
  }
  const unknown = [...parsed.value.names.variables].filter(([name]) => !known.names.includes(name));
  if (unknown.length > 0) {
    return unknown.map(([name, column]) =>
      problem("EXPRESSION_NAME", pointer, `there is no '${name}' here, only ${known.told}`, start + column),
    );
  }
  if (known.sample === undefined) return [];
  const value = parsed.value.evaluate(celValues(known.sample), new Fuel());
  return value.ok ? [] : [problem("EXPRESSION_FAILED", pointer, value.error.message, at(start, value.error.column))];
}

function at(start: number, column: number | undefined): number | undefined {
  return column === undefined ? undefined : start + column;
}

function problem(code: string, pointer: string, message: string, column: number | undefined): Problem {
  return { code, pointer, message: column === undefined ? message : `${message} (column ${column})` };
}

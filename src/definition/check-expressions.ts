import { isJsonObject, type JsonValue } from "../core/json";
import { unknownNode } from "./check-graph";
import { type Expression, parseExpression } from "./expressions/expression";
import type { Problem } from "./graph-types";
import { pointerTo } from "./json-pointer";
import { nearName } from "./near-name";
import { expressionText, hasTemplate, parseTemplate } from "./templates";

/** Variables of a graph's expressions. */
const VARIABLES = ["input", "nodes", "execution"] as const;

/** What an expression at some place may speak of. */
export interface Visible {
  /** Ids of all nodes. */
  readonly ids: ReadonlySet<string>;
  /** Whether the node of this id has ended by then. */
  hasEnded(id: string): boolean;
  /** For messages: `before 'test'`. */
  readonly place: string;
}

/** Every expression in the texts of a template. */
export function checkTemplate(value: JsonValue, pointer: string, visible: Visible): readonly Problem[] {
  if (typeof value === "string") return hasTemplate(value) ? checkText(value, pointer, visible) : [];
  if (Array.isArray(value))
    return value.flatMap((item: JsonValue, index) => checkTemplate(item, `${pointer}/${index}`, visible));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, item]) => checkTemplate(item, pointerTo(pointer, [name]), visible));
}

function checkText(text: string, pointer: string, visible: Visible): readonly Problem[] {
  const parts = parseTemplate(text);
  if (!parts.ok) return [syntaxProblem("TEMPLATE_SYNTAX", pointer, parts.error.message, parts.error.column)];
  return parts.value.flatMap((part) => {
    if (part.type === "text") return [];
    return checkExpression(part.source, part.start, pointer, visible).problems;
  });
}

/** A condition: bare, or in `${{ }}`; anything that cannot be true or false is refused. */
export function checkCondition(text: string, pointer: string, visible: Visible): readonly Problem[] {
  const found = expressionText(text);
  if (!found.ok) return [syntaxProblem("TEMPLATE_SYNTAX", pointer, found.error.message, found.error.column)];
  const { problems, expression } = checkExpression(found.value.source, found.value.start, pointer, visible);
  if (expression === null || expression.type === "bool" || expression.type === "dyn") return problems;
  const message = `must be true or false, but is of type ${expression.type}`;
  return [...problems, { code: "EXPRESSION_TYPE", pointer, message }];
}

interface Checked {
  readonly problems: readonly Problem[];
  readonly expression: Expression | null;
}

function checkExpression(source: string, start: number, pointer: string, visible: Visible): Checked {
  const parsed = parseExpression(source);
  if (!parsed.ok) {
    const { message, column } = parsed.error;
    const at = column === undefined ? undefined : start + column;
    return { problems: [syntaxProblem("EXPRESSION_SYNTAX", pointer, message, at)], expression: null };
  }
  const { names } = parsed.value;
  const variables = [...names.variables.keys()].filter((name) => !isVariable(name));
  const nodes = [...names.nodes.keys()];
  const problems = [
    ...variables.map((name) => unknownVariable(name, pointer, start + (names.variables.get(name) ?? 1))),
    ...nodes.flatMap((id) => nodeProblems(id, pointer, start + (names.nodes.get(id) ?? 1), visible)),
  ];
  return { problems, expression: parsed.value };
}

function isVariable(name: string): boolean {
  return VARIABLES.some((variable) => variable === name);
}

function unknownVariable(name: string, pointer: string, column: number): Problem {
  const suggestion = nearName(name, VARIABLES);
  const hint = suggestion === undefined ? `known are ${VARIABLES.join(", ")}` : `did you mean '${suggestion}'?`;
  const message = `unknown variable '${name}' (column ${column}); ${hint}`;
  return { code: "EXPRESSION_NAME", pointer, message, ...(suggestion === undefined ? {} : { suggestion }) };
}

function nodeProblems(id: string, pointer: string, column: number, visible: Visible): readonly Problem[] {
  if (!visible.ids.has(id)) return [unknownNode(id, visible.ids, pointer, ` (column ${column})`)];
  if (visible.hasEnded(id)) return [];
  const message = `node '${id}' (column ${column}) has not always ended ${visible.place}: no path of edges leads there from it`;
  return [{ code: "NODE_NOT_UPSTREAM", pointer, message }];
}

function syntaxProblem(code: string, pointer: string, message: string, column: number | undefined): Problem {
  return { code, pointer, message: column === undefined ? message : `${message} (column ${column})` };
}

import { isJsonObject, type JsonValue } from "../../core/json";
import { type Expression, parseExpression } from "../expressions/expression";
import type { Problem } from "../graph-types";
import { pointerTo } from "../json-pointer";
import { type KnownTypes, RUN_VARIABLES } from "../known-types";
import { meantHint, nearName } from "../near-name";
import type { ConditionAt, ExtraVariables, TemplateAt } from "../nodes/node-kind";
import { isAround, mayHaveEnded, type Scope, type Viewer } from "../scopes";
import { type SplitName, splitHint, splitNames } from "../split-names";
import type { StoredParts } from "../stored-parts";
import { expressionText, hasTemplate, parseTemplate } from "../templates";
import type { TypeMistake } from "../types/infer";
import { ANY, alternatives, typeName, type ValueType } from "../types/value-type";
import { unknownNode } from "./check-ids";
import { checkOverride } from "./check-override";
import { checkRendered } from "./check-rendered";
import { checkRenderedConfig } from "./check-rendered-config";

/** Where an expression stands, and what it may speak of there. */
export interface Place {
  readonly types: KnownTypes;
  readonly scope: Scope;
  readonly viewer: Viewer;
  readonly extra?: ExtraVariables | undefined;
  /** Where not all variables of a run are there yet: those that are. */
  readonly only?: readonly string[];
  /** Ids of all nodes of the definition, in whatever graph. */
  readonly ids: ReadonlySet<string>;
  /** For messages: `before 'test'`. */
  readonly label: string;
}

/** Every expression in the texts of a template. */
export function checkTemplate(value: JsonValue, pointer: string, place: Place): readonly Problem[] {
  if (typeof value === "string") return hasTemplate(value) ? checkText(value, pointer, place) : [];
  if (Array.isArray(value))
    return value.flatMap((item: JsonValue, index) => checkTemplate(item, `${pointer}/${index}`, place));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, item]) => checkTemplate(item, pointerTo(pointer, [name]), place));
}

function checkText(text: string, pointer: string, place: Place): readonly Problem[] {
  const parts = parseTemplate(text);
  if (!parts.ok) return [syntaxProblem("TEMPLATE_SYNTAX", pointer, parts.error.message, parts.error.column)];
  return parts.value.flatMap((part) => {
    if (part.type === "text") return [];
    return checkExpression(part.source, part.start, pointer, place).problems;
  });
}

/** A part of a node that is rendered, and what must come of it. */
export function checkPart({ value, expects }: TemplateAt, pointer: string, place: Place): readonly Problem[] {
  const problems = checkTemplate(value, pointer, place);
  if (problems.length > 0 || expects === undefined) return problems;
  const types = place.types.in(place.scope);
  if (expects === "text") return mustBe(types.template(value, place.extra), ["string"], "a text", pointer);
  const typeOf = (template: JsonValue) => types.template(template, place.extra);
  return expectedProblems(value, expects, types.stored, typeOf).map((found) => ({
    ...found,
    pointer: `${pointer}${found.pointer}`,
  }));
}

function expectedProblems(
  value: JsonValue,
  expects: Exclude<NonNullable<TemplateAt["expects"]>, "text">,
  stored: StoredParts,
  typeOf: (template: JsonValue) => ValueType,
): readonly Problem[] {
  if ("inputOf" in expects) {
    const { name, inputSchema } = stored.workflows.get(expects.inputOf.toLowerCase()) ?? {};
    if (inputSchema === undefined) return [];
    return checkRendered(value, { schema: inputSchema, by: `the input_schema of ${JSON.stringify(name)}` }, typeOf);
  }
  if (!isJsonObject(value)) return [];
  if ("configOf" in expects) return checkRenderedConfig(expects.configOf, value, typeOf);
  const task = stored.tasks.get(expects.overrideOf.toLowerCase());
  return task === undefined ? [] : checkOverride(value, task, typeOf);
}

const EXPECTED = {
  bool: { kinds: ["bool"], words: "true or false" },
  list: { kinds: ["list"], words: "a list" },
  text: { kinds: ["string", "double", "int", "timestamp", "duration"], words: "a text or a number" },
} as const;

/** CEL, bare or in `${{ }}`; where its value cannot be what is expected it is refused. */
export function checkCondition(
  { text, expects }: Pick<ConditionAt, "text" | "expects">,
  pointer: string,
  place: Place,
): readonly Problem[] {
  const found = expressionText(text);
  if (!found.ok) return [syntaxProblem("TEMPLATE_SYNTAX", pointer, found.error.message, found.error.column)];
  const { problems, type } = checkExpression(found.value.source, found.value.start, pointer, place);
  if (problems.length > 0) return problems;
  const { kinds, words } = EXPECTED[expects];
  return mustBe(type, kinds, words, pointer);
}

function mustBe(
  type: ValueType,
  kinds: readonly ValueType["kind"][],
  words: string,
  pointer: string,
): readonly Problem[] {
  if (alternatives(type).some(({ kind }) => kind === "any" || kinds.includes(kind))) return [];
  return [{ code: "EXPRESSION_TYPE", pointer, message: `must be ${words}, but is ${typeName(type)}` }];
}

interface Checked {
  readonly problems: readonly Problem[];
  readonly type: ValueType;
}

const CODES = { name: "EXPRESSION_NAME", type: "EXPRESSION_TYPE" } as const;

function checkExpression(source: string, start: number, pointer: string, place: Place): Checked {
  const checked = checkParsed(source, start, pointer, place);
  if (checked.problems.length === 0) return checked;
  // All else would be about the pieces.
  const split = splitNames(source, (object, name) => hasMember(object, name, place));
  return split.length === 0
    ? checked
    : { problems: split.map((name) => splitProblem(name, start, pointer)), type: ANY };
}

function hasMember(object: string, name: string, { ids, types, scope }: Place): boolean {
  if (object === "nodes") return ids.has(name);
  if (object !== "input") return false;
  return alternatives(types.infer("input", scope).type).some((type) => type.kind === "object" && type.fields.has(name));
}

function splitProblem({ written, column, taken, instead }: SplitName, start: number, pointer: string): Problem {
  const message = `'${written}' (column ${start + column}) ${taken}: write ${instead}`;
  return { code: "EXPRESSION_NAME", pointer, message, suggestion: instead };
}

function checkParsed(source: string, start: number, pointer: string, place: Place): Checked {
  const parsed = parseExpression(source);
  if (!parsed.ok) {
    const { message, column, about, suggestion } = parsed.error;
    const at = column === undefined ? undefined : start + column;
    const problem = syntaxProblem(about === undefined ? "EXPRESSION_SYNTAX" : CODES[about], pointer, message, at);
    return { problems: [suggestion === undefined ? problem : { ...problem, suggestion }], type: ANY };
  }
  const names = nameProblems(parsed.value, start, pointer, place);
  const { type, errors } = place.types.infer(source, place.scope, place.extra);
  return { problems: [...names, ...errors.map((error) => typeProblem(error, start, pointer))], type };
}

function typeProblem({ code, message, column, suggestion }: TypeMistake, start: number, pointer: string): Problem {
  const problem = { code, pointer, message: `${message} (column ${start + column})` };
  return suggestion === undefined ? problem : { ...problem, suggestion };
}

function nameProblems({ names, source }: Expression, start: number, pointer: string, place: Place): readonly Problem[] {
  const known = variablesAt(place);
  const variables = [...names.variables].filter(([name]) => !known.includes(name));
  const hasNodes = known.includes("nodes");
  return [
    ...variables.map(([name, column]) => {
      const problem = unknownVariable(name, known, pointer, start + column);
      return { ...problem, message: problem.message + splitHint(source, name, column) };
    }),
    ...(hasNodes ? [...names.nodes].flatMap(([id, column]) => nodeProblems(id, pointer, start + column, place)) : []),
  ];
}

function variablesAt({ types, scope, extra, only }: Place): readonly string[] {
  if (only !== undefined) return only;
  const own = extra === undefined ? [] : Object.keys(extra(types.in(scope)));
  return [...new Set([...RUN_VARIABLES, ...own, ...types.extraNames(scope)])];
}

/** Where variables are that are not everywhere. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  nodes: "where a run goes on",
  execution: "where a run goes on",
  item: "in the body or the task of a map",
  index: "in the body or the task of a map",
  key: "in the body or the task of a map with item_key",
  iteration: "in a loop",
  error: "in catch, on_failure and finally",
};

function unknownVariable(name: string, known: readonly string[], pointer: string, column: number): Problem {
  const elsewhere = Object.hasOwn(ELSEWHERE, name) ? ELSEWHERE[name] : undefined;
  if (elsewhere !== undefined) {
    const message = `variable '${name}' (column ${column}) is not known here: it is there only ${elsewhere}`;
    return { code: "EXPRESSION_NAME", pointer, message };
  }
  const suggestion = nearName(name, known);
  const hint = meantHint(suggestion, `; known are ${known.join(", ")}`);
  const message = `unknown variable '${name}' (column ${column})${hint}`;
  return { code: "EXPRESSION_NAME", pointer, message, ...(suggestion === undefined ? {} : { suggestion }) };
}

function nodeProblems(id: string, pointer: string, column: number, place: Place): readonly Problem[] {
  const { scope, viewer, ids, label } = place;
  if (!ids.has(id)) return [unknownNode(id, ids, pointer, ` (column ${column})`)];
  if (!isAround(id, scope)) {
    const message = `node '${id}' (column ${column}) is inside another graph, whose nodes are not seen from here`;
    return [{ code: "NODE_NOT_UPSTREAM", pointer, message }];
  }
  if (mayHaveEnded(id, scope, viewer)) return [];
  const message = `node '${id}' (column ${column}) has not always ended ${label}: no path of edges leads there from it`;
  return [{ code: "NODE_NOT_UPSTREAM", pointer, message }];
}

function syntaxProblem(code: string, pointer: string, message: string, column: number | undefined): Problem {
  return { code, pointer, message: column === undefined ? message : `${message} (column ${column})` };
}

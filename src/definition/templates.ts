import { isJsonObject, type JsonValue } from "../core/json";
import { err, ok, type Result } from "../core/result";
import { pointerTo } from "./json-pointer";

/** One stretch of a text with `${{ }}` in it. */
export type TemplatePart =
  | { readonly type: "text"; readonly text: string }
  | {
      readonly type: "expression";
      readonly source: string;
      /** Where the expression starts in the text, from 0. */
      readonly start: number;
    };

export interface TemplateError {
  readonly message: string;
  /** In the text, from 1. */
  readonly column: number;
}

const OPEN = "${{";

/** Deepest nesting of what is rendered; `JSON.stringify` and everyone else's parser go that deep with ease. */
export const MAX_TEMPLATE_DEPTH = 64;

/** Whether there is anything in the text to render, an escaped `$${{` included. */
export function hasTemplate(text: string): boolean {
  return text.includes(OPEN);
}

/** Cuts a text into literal text and expressions. `$${{` is a literal `${{`. */
export function parseTemplate(text: string): Result<readonly TemplatePart[], TemplateError> {
  const parts: TemplatePart[] = [];
  let literal = "";
  let position = 0;
  for (let open = text.indexOf(OPEN); open !== -1; open = text.indexOf(OPEN, position)) {
    if (open > position && text[open - 1] === "$") {
      literal += text.slice(position, open - 1) + OPEN;
      position = open + OPEN.length;
      continue;
    }
    literal += text.slice(position, open);
    const start = open + OPEN.length;
    const end = endOfExpression(text, start);
    if (end === -1)
      return err({ message: "'${{' is not closed by '}}'; write '$${{' for the text itself", column: open + 1 });
    if (literal !== "") parts.push({ type: "text", text: literal });
    literal = "";
    parts.push({ type: "expression", source: text.slice(start, end), start });
    position = end + 2;
  }
  literal += text.slice(position);
  if (literal !== "" || parts.length === 0) parts.push({ type: "text", text: literal });
  return ok(parts);
}

/** Index of the `}}` that closes an expression: not one inside a string, nor one that closes maps. -1 where there is none. */
function endOfExpression(text: string, start: number): number {
  let depth = 0;
  for (let index = start; index < text.length; index += 1) {
    const character = text[index];
    if (character === '"' || character === "'") {
      index = endOfString(text, index, character);
      if (index === -1) return -1;
    } else if (character === "{") depth += 1;
    else if (character === "}") {
      if (depth === 0) return text[index + 1] === "}" ? index : -1;
      depth -= 1;
    }
  }
  return -1;
}

/** Index of the last character of the string that starts at `start`; -1 where it does not end. */
function endOfString(text: string, start: number, quote: string): number {
  const isRaw = /(?:^|[^A-Za-z0-9_])(?:[rR][bB]?|[bB][rR])$/.test(text.slice(Math.max(0, start - 3), start));
  const closing = text.startsWith(quote.repeat(3), start) ? quote.repeat(3) : quote;
  for (let index = start + closing.length; index < text.length; index += 1) {
    if (text[index] === "\\" && !isRaw) index += 1;
    else if (text.startsWith(closing, index)) return index + closing.length - 1;
  }
  return -1;
}

/** An expression alone in its text, as in `"${{ input.n }}"`, gives its value; `null` where the text has more or other parts. */
export function soleExpression(
  parts: readonly TemplatePart[],
): { readonly source: string; readonly start: number } | null {
  const [first, ...rest] = parts;
  return first?.type === "expression" && rest.length === 0 ? first : null;
}

/** Where only an expression makes sense, it may stand bare or in `${{ }}`. */
export function expressionText(
  text: string,
): Result<{ readonly source: string; readonly start: number }, TemplateError> {
  if (!text.trimStart().startsWith(OPEN)) return ok({ source: text, start: 0 });
  const indent = text.length - text.trimStart().length;
  const parts = parseTemplate(text.trim());
  if (!parts.ok) return err({ ...parts.error, column: parts.error.column + indent });
  const sole = soleExpression(parts.value);
  if (sole === null) return err({ message: "must be one expression, bare or wholly inside '${{ }}'", column: 1 });
  return ok({ source: sole.source, start: sole.start + indent });
}

/** A value that could not be rendered. */
export interface RenderError extends TemplateError {
  /** JSON pointer of the text, under the pointer that rendering started with. */
  readonly pointer: string;
}

type Evaluate = (source: string) => Result<JsonValue, { readonly message: string; readonly column?: number }>;

/**
 * Replaces the expressions in every text of a JSON value by what they give: the value itself where the text is one
 * expression, otherwise text (a string as it is, anything else as JSON). Names of members are not rendered.
 */
export function renderTemplate(value: JsonValue, evaluate: Evaluate, pointer = ""): Result<JsonValue, RenderError> {
  return render(value, evaluate, pointer, 0);
}

function render(value: JsonValue, evaluate: Evaluate, pointer: string, depth: number): Result<JsonValue, RenderError> {
  if (typeof value === "string") return renderText(value, evaluate, pointer);
  if (typeof value !== "object" || value === null) return ok(value);
  if (depth >= MAX_TEMPLATE_DEPTH)
    return err({ message: `is nested deeper than ${MAX_TEMPLATE_DEPTH}`, column: 1, pointer });
  if (!isJsonObject(value)) {
    const items: JsonValue[] = [];
    for (const [index, item] of (value as readonly JsonValue[]).entries()) {
      const rendered = render(item, evaluate, `${pointer}/${index}`, depth + 1);
      if (!rendered.ok) return rendered;
      items.push(rendered.value);
    }
    return ok(items);
  }
  const entries: [string, JsonValue][] = [];
  for (const [name, item] of Object.entries(value)) {
    const rendered = render(item, evaluate, pointerTo(pointer, [name]), depth + 1);
    if (!rendered.ok) return rendered;
    entries.push([name, rendered.value]);
  }
  return ok(Object.fromEntries(entries));
}

function renderText(text: string, evaluate: Evaluate, pointer: string): Result<JsonValue, RenderError> {
  if (!hasTemplate(text)) return ok(text);
  const parts = parseTemplate(text);
  if (!parts.ok) return err({ ...parts.error, pointer });
  const sole = soleExpression(parts.value);
  let rendered = "";
  for (const part of parts.value) {
    if (part.type === "text") {
      rendered += part.text;
      continue;
    }
    const value = evaluate(part.source);
    if (!value.ok)
      return err({ message: value.error.message, column: part.start + (value.error.column ?? 1), pointer });
    if (sole !== null) return value;
    rendered += typeof value.value === "string" ? value.value : JSON.stringify(value.value);
  }
  return ok(rendered);
}

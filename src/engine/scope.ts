import type { JsonValue } from "../core/json";
import { err, ok, type Result } from "../core/result";
import { fromJson } from "../definition/expressions/cel-values";
import { type Expression, type ExpressionError, parseExpression } from "../definition/expressions/expression";
import { upstreamOf } from "../definition/graph-index";
import { type RenderError, renderTemplate } from "../definition/templates";
import type { Draft } from "./draft";

/**
 * Evaluates an expression. `viewer` is the node whose upstream `nodes` shows where the expression names no single one;
 * null shows all. What is still running is never shown, so that the order in which tasks end cannot be seen.
 */
export function evaluate(draft: Draft, source: string, viewer: number | null): Result<JsonValue, ExpressionError> {
  const parsed = parseExpression(source);
  if (!parsed.ok) return parsed;
  return parsed.value.evaluate(variables(draft, parsed.value, viewer), draft.fuel);
}

/** Renders a template with the same variables. */
export function render(
  draft: Draft,
  template: JsonValue,
  viewer: number | null,
  pointer: string,
): Result<JsonValue, RenderError> {
  return renderTemplate(template, (source) => evaluate(draft, source, viewer), pointer);
}

/** Evaluates what must be true or false. */
export function evaluateCondition(draft: Draft, source: string, viewer: number): Result<boolean, ExpressionError> {
  const result = evaluate(draft, source, viewer);
  if (!result.ok) return result;
  if (typeof result.value === "boolean") return ok(result.value);
  return err({ message: `must be true or false, but is ${JSON.stringify(result.value).slice(0, 100)}` });
}

function variables(draft: Draft, { names }: Expression, viewer: number | null): Record<string, unknown> {
  const { input, execution } = draft.before;
  if (!names.variables.has("nodes")) return { input: fromJson(input), execution };
  const positions = names.usesAllNodes ? visibleNodes(draft, viewer) : namedNodes(draft, names.nodes.keys());
  // A Map, as an id may be one that every object has a member for, such as `constructor`.
  const nodes = new Map(positions.map((position) => [draft.node(position).id, nodeVariable(draft, position)]));
  return { input: fromJson(input), execution, nodes };
}

function namedNodes(draft: Draft, ids: Iterable<string>): readonly number[] {
  return [...ids].flatMap((id) => draft.index.positions.get(id) ?? []);
}

function visibleNodes(draft: Draft, viewer: number | null): readonly number[] {
  if (viewer === null) return [...draft.index.positions.values()];
  const upstream = upstreamOf(draft.index, viewer);
  // The viewer itself is shown to the conditions of its edges, but not to its own templates: it has not ended yet.
  const hasEnded = draft.state(viewer).status !== "pending";
  return [...draft.index.positions.values()].filter(
    (position) => upstream.has(position) || (position === viewer && hasEnded),
  );
}

/** `nodes.ID`: absent output and error are null, so that what comes after a join can ask which branch has run. */
function nodeVariable(draft: Draft, position: number): unknown {
  const { status, output, failure } = draft.state(position);
  const error =
    failure === undefined ? null : { code: failure.code, message: failure.message, details: failure.details ?? null };
  return { status, output: fromJson(output ?? null), error: fromJson(error) };
}

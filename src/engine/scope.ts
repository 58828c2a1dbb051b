import type { JsonObject, JsonValue } from "../core/json";
import { err, ok, type Result } from "../core/result";
import { fromJson } from "../definition/expressions/cel-values";
import { type Expression, type ExpressionError, parseExpression } from "../definition/expressions/expression";
import { upstreamOf } from "../definition/graph-index";
import { expressionText, type RenderError, renderTemplate } from "../definition/templates";
import type { Draft } from "./draft";
import { errorVariable } from "./failures";
import type { FrameDraft } from "./frame-draft";
import { FINALLY_FRAME, MAIN_FRAME, ON_FAILURE_FRAME } from "./frame-ids";
import { nodeBehaviour } from "./nodes/registry";

/** From where an expression looks. */
export interface Viewpoint {
  readonly draft: Draft;
  readonly frame: FrameDraft;
  /** The node whose upstream `nodes` shows where the expression names no single one; null shows the whole graph. */
  readonly viewer: number | null;
  /** Variables beside those of the frame. */
  readonly extra?: Readonly<Record<string, JsonValue>> | undefined;
  /** Progress of the viewer where it is running and has not said it yet. */
  readonly progress?: JsonValue | undefined;
}

/** Renders a template; `pointer` is its place in the definition. */
export function render(view: Viewpoint, template: JsonValue, pointer: string): Result<JsonValue, RenderError> {
  return renderTemplate(template, (source) => evaluateSource(view, source), pointer);
}

/** Evaluates an expression, bare or in braces; `pointer` is its place in the definition. */
export function evaluate(view: Viewpoint, text: string, pointer: string): Result<JsonValue, RenderError> {
  const found = expressionText(text);
  if (!found.ok) return err({ ...found.error, pointer });
  const { source, start } = found.value;
  const result = evaluateSource(view, source);
  if (result.ok) return result;
  return err({ message: result.error.message, column: start + (result.error.column ?? 1), pointer });
}

/** Evaluates what must be true or false, bare or in braces. */
export function evaluateCondition(view: Viewpoint, text: string): Result<boolean, ExpressionError> {
  const found = expressionText(text);
  if (!found.ok) return found;
  const { source, start } = found.value;
  const result = evaluateSource(view, source);
  if (result.ok && typeof result.value === "boolean") return ok(result.value);
  if (result.ok) return err({ message: `must be true or false, but is ${JSON.stringify(result.value).slice(0, 100)}` });
  const { message, column } = result.error;
  return err(column === undefined ? { message } : { message, column: start + column });
}

function evaluateSource(view: Viewpoint, source: string): Result<JsonValue, ExpressionError> {
  const parsed = parseExpression(source);
  if (!parsed.ok) return parsed;
  view.draft.fuel.charge(source.length >>> 1);
  const variables = readVariables(view, parsed.value);
  return variables.ok ? parsed.value.evaluate(variables.value, view.draft.fuel) : variables;
}

function readVariables(view: Viewpoint, expression: Expression): Result<Record<string, unknown>, ExpressionError> {
  try {
    return ok(variablesFor(view, expression));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return err({ message: "a value that the expression sees is nested too deeply" });
  }
}

function variablesFor(view: Viewpoint, { names }: Expression): Record<string, unknown> {
  const { input, execution } = view.draft.before;
  const variables: Record<string, unknown> = { input: fromJson(input), execution };
  for (const around of scopesOf(view).toReversed()) assign(variables, around.frame.variables);
  assign(variables, view.extra ?? {});
  if (names.variables.has("nodes"))
    variables["nodes"] = names.usesAllNodes ? allNodes(view) : namedNodes(view, names.nodes.keys());
  return variables;
}

function assign(variables: Record<string, unknown>, more: JsonObject): void {
  for (const [name, value] of Object.entries(more)) variables[name] = fromJson(value);
}

/** A graph that an expression sees, and how much of it. */
interface Scope {
  readonly frame: FrameDraft;
  /** As in `Viewpoint`. */
  readonly viewer: number | null;
  /** Of a graph around a body: when the body's node was entered. Nothing that ended later is shown in the body. */
  readonly enteredAt?: number;
  /** As in `Viewpoint`. */
  readonly progress?: JsonValue | undefined;
}

/** The graph itself, then those around it. Handlers of the run's end see the main graph. */
function scopesOf({ draft, frame, viewer, progress }: Viewpoint): readonly Scope[] {
  const scopes: Scope[] = [{ frame, viewer, progress }];
  let inner = frame;
  while (inner.parent !== undefined) {
    const { parent } = inner;
    const outer = draft.frameOf(parent);
    scopes.push({ frame: outer, viewer: parent.node, enteredAt: outer.state(parent.node).enteredAt ?? 0 });
    inner = outer;
  }
  const main = inner.id === ON_FAILURE_FRAME || inner.id === FINALLY_FRAME ? draft.frame(MAIN_FRAME) : undefined;
  return main === undefined ? scopes : [...scopes, { frame: main, viewer: null }];
}

// Both give a Map, as an id may be one that every object has a member for, such as `constructor`.

function namedNodes(view: Viewpoint, ids: Iterable<string>): ReadonlyMap<string, unknown> {
  const scopes = scopesOf(view);
  const nodes = new Map<string, unknown>();
  for (const id of ids) {
    const scope = scopes.find(({ frame }) => frame.site.index.positions.has(id));
    const position = scope?.frame.site.index.positions.get(id);
    if (scope !== undefined && position !== undefined) nodes.set(id, nodeVariable(scope, position));
  }
  return nodes;
}

function allNodes(view: Viewpoint): ReadonlyMap<string, unknown> {
  const nodes = new Map<string, unknown>();
  for (const scope of scopesOf(view).toReversed()) {
    const upstream = scope.viewer === null ? null : upstreamOf(scope.frame.site.index, scope.viewer);
    for (const [id, position] of scope.frame.site.index.positions)
      if (isShown(scope, position, upstream)) nodes.set(id, nodeVariable(scope, position));
  }
  return nodes;
}

function isShown({ frame, viewer }: Scope, position: number, upstream: ReadonlySet<number> | null): boolean {
  if (upstream === null || upstream.has(position)) return true;
  // The viewer itself is shown to the conditions of its edges, but not to its own templates: it has not ended yet.
  return position === viewer && frame.state(position).endedAt !== undefined;
}

/** `nodes.ID`: absent output and error are null, so that what comes after a join can ask which branch has run. */
function nodeVariable({ frame, viewer, enteredAt, progress }: Scope, position: number): unknown {
  const { status, output, failure, run, endedAt } = frame.state(position);
  const said = position === viewer ? (progress ?? run?.progress) : undefined;
  if (said !== undefined) {
    const soFar = nodeBehaviour(frame.node(position).type)?.output?.(said) ?? null;
    return { status, output: fromJson(soFar), error: null };
  }
  const isLater = enteredAt !== undefined && (endedAt ?? Number.POSITIVE_INFINITY) > enteredAt;
  if (isLater) return { status: "pending", output: null, error: null };
  const error = failure === undefined ? null : errorVariable(failure);
  return { status, output: fromJson(output ?? null), error: fromJson(error) };
}

import type { JsonObject, JsonValue } from "../../core/json";
import { pointerTo } from "../../definition/json-pointer";
import {
  cel,
  constant,
  literal,
  objectOf,
  outputOf,
  type Segment,
  select,
  toCel,
  toTemplate,
  type Value,
  valueOr,
} from "../value";
import { attempt, jsonataPayload, pathField, pathPayload, UNKNOWN } from "./fields";
import type { Arrival, Carried, Entered, Flow } from "./flow";
import { parsePath } from "./json-path";
import type { State } from "./machine";
import { NotMapped, type Scope } from "./scope";

/** One state in the course of being taken over. */
export interface StateWork {
  readonly state: State;
  readonly flow: Flow;
  readonly entered: Entered;
  /** `$$` here. */
  readonly context: Value;
}

/** What the state's expressions see, after InputPath. */
export function scopeOf({ state, flow, entered, context }: StateWork, extra: Partial<Scope> = {}): Scope {
  const { variables } = entered;
  const whole: Scope = { input: entered.input, context, variables, issues: flow.kit.issues };
  const path = state.source["InputPath"];
  if (path === undefined || state.isJsonata) return { ...whole, ...extra };
  const input = path === null ? constant({}) : pathField(path, whole, at(state, "InputPath"));
  return { ...whole, input, ...extra };
}

export function at(state: State, ...path: readonly PropertyKey[]): string {
  return pointerTo(state.pointer, path);
}

/** `Parameters`, `Arguments`, `ItemSelector`, ...: a shape in the state's query language. Undefined where it is not there. */
export function payload(state: State, name: string, scope: Scope): Value | undefined {
  const value = state.source[name];
  if (value === undefined) return undefined;
  return payloadOf(value, state.isJsonata, scope, at(state, name));
}

export function payloadOf(value: JsonValue, isJsonata: boolean, scope: Scope, pointer: string): Value {
  return isJsonata ? jsonataPayload(value, scope, pointer) : pathPayload(value, scope, pointer);
}

/** What a state hands on, once its work has given `result`; null where it has none of its own. */
export function handedOn(work: StateWork, result: Value | null): Carried {
  const { state, entered } = work;
  if (state.isJsonata) return jsonataOutput(work, result);
  const scope = scopeOf(work);
  const selected = result === null ? scope.input : selectResult(work, result);
  const merged = result === null ? selected : atResultPath(state.source, entered.input, selected, scope, state.pointer);
  const seen = { ...scope, input: selected };
  const variables = assigned(state.source, false, seen, state.pointer);
  return { input: outputPath(state, merged, scope), variables };
}

function selectResult({ state, context, entered, flow }: StateWork, result: Value): Value {
  const { variables } = entered;
  return payload(state, "ResultSelector", { input: result, context, variables, issues: flow.kit.issues }) ?? result;
}

function outputPath(state: State, value: Value, scope: Scope): Value {
  const { OutputPath: path } = state.source;
  if (path === undefined || path === "$") return value;
  if (path === null) return constant({});
  if (typeof path === "string" && path.startsWith("$.") && value.kind === "cel" && !value.isPath) {
    const { segments } = attempt(scope, at(state, "OutputPath"), { root: "$", segments: [] }, () => parsePath(path));
    return select(value, segments) ?? UNKNOWN;
  }
  return pathField(path, { ...scope, input: value }, at(state, "OutputPath"));
}

function jsonataOutput(work: StateWork, result: Value | null): Carried {
  const { state } = work;
  const scope = scopeOf(work, result === null ? {} : { result });
  const input = payload(state, "Output", scope) ?? result ?? scope.input;
  return { input, variables: assigned(state.source, true, scope, state.pointer) };
}

/** The variables with those of an `Assign`. */
export function assigned(
  source: JsonObject,
  isJsonata: boolean,
  scope: Scope,
  pointer: string,
): ReadonlyMap<string, Value> {
  const { Assign: assign } = source;
  if (assign === undefined) return scope.variables;
  const value = payloadOf(assign, isJsonata, scope, pointerTo(pointer, ["Assign"]));
  if (value.kind !== "object") return scope.variables;
  return new Map([...scope.variables, ...value.members]);
}

/** `ResultPath`: the input with the result put in. */
export function atResultPath(source: JsonObject, input: Value, result: Value, scope: Scope, pointer: string): Value {
  const { ResultPath: path } = source;
  if (path === undefined || path === "$") return result;
  if (path === null) return input;
  return attempt(scope, pointerTo(pointer, ["ResultPath"]), UNKNOWN, () => {
    const { root, segments } = parsePath(String(path));
    if (root !== "$") throw new NotMapped("ResultPath must start at the state's input, $");
    return cel(putIn(input, [], segments, toCel(result)));
  });
}

function putIn(input: Value, before: readonly Segment[], path: readonly Segment[], result: string): string {
  const [first, ...rest] = path;
  if (first === undefined) return result;
  if (typeof first === "number")
    throw new NotMapped("ResultPath with an index has no counterpart; put the result under a name");
  const inner = putIn(input, [...before, first], rest, result);
  return `merge(${valueOr(input, before, "{}")}, {${literal(first)}: ${inner}})`;
}

/**
 * Leads on to the next state. A shape gets a node of its own, so that what comes after names it instead of repeating it. `source` and
 * `edge` are where the way leaves.
 */
export function leadOn(
  work: StateWork,
  target: string | null,
  carried: Carried,
  way: Pick<Arrival, "source" | "edge" | "isSole">,
): void {
  const { flow, state } = work;
  const isNew = ([name, value]: readonly [string, Value]) => work.entered.variables.get(name) !== value;
  const fresh = [...carried.variables].filter(isNew);
  if (isPlain(carried.input) && fresh.every(([, value]) => isPlain(value))) {
    flow.arrive(target, { ...carried, ...way, from: state });
    return;
  }
  const id = flow.kit.ids.next(state.name, way.edge.on === "error" ? "caught" : "output");
  const shape =
    fresh.length === 0
      ? carried.input
      : objectOf({ output: carried.input, variables: objectOf(Object.fromEntries(fresh)) });
  flow.node({ id, type: "transform", config: { output: toTemplate(shape) } });
  if (way.source !== null) flow.edges.push({ source: way.source, target: id, ...way.edge });
  const output = outputOf(id);
  const there = (...path: string[]) => select(output, path) ?? output;
  const variables = new Map(carried.variables);
  for (const [name] of fresh) variables.set(name, there("variables", name));
  const input = fresh.length === 0 ? output : there("output");
  flow.arrive(target, { input, variables, from: state, source: id, edge: {}, isSole: true });
}

function isPlain(value: Value): boolean {
  return value.kind === "constant" || (value.kind === "cel" && value.isPath);
}

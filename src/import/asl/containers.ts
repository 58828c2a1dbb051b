import { isJsonObject, type JsonObject, type JsonValue } from "../../core/json";
import type { GraphNode } from "../../definition/graph-types";
import { MAX_MAP_CONCURRENCY } from "../../definition/limits";
import { objectOf, outputOf, path, select, toCel, toTemplate, type Value } from "../value";
import { compileCatch } from "./catchers";
import type { CompileMachine } from "./compile-machine";
import { type ErrorView, errorOf } from "./error-names";
import { pathField, refuseOthers } from "./fields";
import { at, handedOn, leadOn, payload, type StateWork, scopeOf } from "./state-data";
import { identified, known, nextOf, WORK_FIELDS } from "./state-identity";

/** Of a branch, or of what runs for each item. */
const MACHINE_FIELDS = ["StartAt", "States"];
/** What ASL runs at a time where MaxConcurrency is absent or 0. */
const INLINE_CONCURRENCY = 40;

/**
 * Parallel is a loop of one iteration, whose body holds all branches: the first one that fails ends the others, and the failure, with its
 * own code, is that of the whole, as in ASL.
 */
export function compileParallel(work: StateWork, compile: CompileMachine): void {
  const { state, flow, entered, context } = work;
  const { kit } = flow;
  known(work, ...WORK_FIELDS, "Branches");
  refuseRetry(work);
  const scope = scopeOf(work);
  const input = shared(work, payload(state, state.isJsonata ? "Arguments" : "Parameters", scope) ?? scope.input);
  const { Branches: branches } = state.source;
  const { id, ...named } = identified(work);
  if (!Array.isArray(branches) || branches.length === 0)
    kit.issues.problem("FIELD_REQUIRED", at(state, "Branches"), "a Parallel needs a list of branches");
  const graphs = (Array.isArray(branches) ? branches : []).map((branch: JsonValue, index) => {
    const pointer = at(state, "Branches", index);
    if (isJsonObject(branch)) refuseOthers(branch, MACHINE_FIELDS, pointer, kit);
    const settings = {
      kit,
      pointer,
      isJsonata: state.isJsonata,
      context,
      endsGraph: false,
    };
    return compile(isJsonObject(branch) ? branch : {}, { input: input.value, variables: entered.variables }, settings);
  });
  const body = {
    nodes: graphs.flatMap(({ nodes }) => nodes),
    edges: graphs.flatMap(({ edges }) => edges),
    output: graphs.map(({ output = null }) => output),
  };
  flow.node({ id, type: "loop", ...named, config: { until: "true", max_iterations: 1, body } });
  input.connect(id);
  compileCatch(work, id, errorOf(id));
  leadOn(work, nextOf(state), handedOn(work, outputOf(id)), { source: id, edge: {}, isSole: true });
}

/** A shape that several parts use gets a node of its own. */
function shared(
  { flow, state, entered }: StateWork,
  value: Value,
): { readonly value: Value; connect(target: string): void } {
  if (value.kind === "constant" || (value.kind === "cel" && value.isPath)) return { value, connect: entered.connect };
  const id = flow.kit.ids.next(state.name, "arguments");
  flow.node({ id, type: "transform", config: { output: toTemplate(value) } });
  entered.connect(id);
  return { value: outputOf(id), connect: (target) => flow.edges.push({ source: id, target }) };
}

function refuseRetry({ state, flow }: StateWork): void {
  if (state.source["Retry"] === undefined) return;
  flow.kit.issues.problem(
    "NOT_MAPPED",
    at(state, "Retry"),
    `a ${state.type} as a whole is not tried again here; put Retry on the tasks inside it`,
  );
}

export function compileMap(work: StateWork, compile: CompileMachine): void {
  const { state, flow, entered, context } = work;
  const { source } = state;
  known(
    work,
    ...WORK_FIELDS,
    "ItemsPath",
    "Items",
    "ItemSelector",
    "MaxConcurrency",
    "ToleratedFailureCount",
    "ToleratedFailurePercentage",
    "ItemProcessor",
    "Iterator",
    "Label",
  );
  refuseRetry(work);
  const scope = scopeOf(work);
  const items = itemsOf(work);
  const { id, ...named } = identified(work);
  const inner = withItem(context);
  const given = { ...scope, context: inner };
  const selector = state.source["ItemSelector"] === undefined ? "Parameters" : "ItemSelector";
  const item = payload(state, selector, given) ?? path("item");
  const field = source["ItemProcessor"] === undefined ? "Iterator" : "ItemProcessor";
  const processor = isJsonObject(source[field] ?? null) ? (source[field] as JsonObject) : {};
  refuseOthers(processor, [...MACHINE_FIELDS, "ProcessorConfig"], at(state, field), flow.kit);
  noteMode(work, processor, field);
  const start = itemStart(work, item);
  const settings = {
    kit: flow.kit,
    pointer: at(state, field),
    isJsonata: state.isJsonata,
    context: inner,
    endsGraph: true,
  };
  const { nodes, edges, output } = compile(processor, { input: start.value, variables: entered.variables }, settings);
  const first = firstOf(nodes, edges);
  const body = {
    nodes: [...start.nodes, ...nodes],
    edges: [...start.nodes.flatMap((node) => first.map((target) => ({ source: node.id, target }))), ...edges],
    ...(output === undefined ? {} : { output }),
  };
  flow.node({
    id,
    type: "map",
    ...named,
    config: { items, concurrency: concurrencyOf(work), ...failuresOf(work), body },
  });
  entered.connect(id);
  compileCatch(work, id, hasThreshold(source, processor) ? errorOf(id) : itemError(id));
  const result = select(outputOf(id), ["outputs"]) ?? outputOf(id);
  leadOn(work, nextOf(state), handedOn(work, result), { source: id, edge: {}, isSole: true });
}

function withItem(context: Value): Value {
  const item = objectOf({ Item: objectOf({ Value: path("item"), Index: path("index") }) });
  const others = context.kind === "object" ? context.members.filter(([name]) => name !== "Map") : [];
  return { kind: "object", members: [...others, ["Map", item]] };
}

/** What an item's states are given: a shape is made once an item. */
function itemStart(
  { flow, state }: StateWork,
  item: Value,
): { readonly value: Value; readonly nodes: readonly GraphNode[] } {
  if (item.kind === "cel" && item.isPath) return { value: item, nodes: [] };
  const id = flow.kit.ids.next(state.name, "item");
  return { value: outputOf(id), nodes: [{ id, type: "transform", config: { output: toTemplate(item) } }] };
}

function firstOf(
  nodes: readonly GraphNode[],
  edges: readonly { readonly target: string; readonly loop?: true }[],
): readonly string[] {
  const targets = new Set(edges.filter(({ loop }) => loop !== true).map(({ target }) => target));
  return nodes.map(({ id }) => id).filter((id) => !targets.has(id));
}

function itemsOf(work: StateWork): string | readonly JsonValue[] {
  const { state } = work;
  const scope = scopeOf(work);
  const { ItemsPath: itemsPath } = state.source;
  const items = state.isJsonata
    ? (payload(state, "Items", scope) ?? scope.input)
    : itemsPath === undefined
      ? scope.input
      : pathField(itemsPath, scope, at(state, "ItemsPath"));
  return toCel(items);
}

function concurrencyOf({ state, flow }: StateWork): number {
  const { MaxConcurrency: most = 0 } = state.source;
  if (typeof most === "number") return most === 0 ? INLINE_CONCURRENCY : Math.min(MAX_MAP_CONCURRENCY, most);
  flow.kit.issues.problem(
    "NOT_MAPPED",
    at(state, "MaxConcurrency"),
    "must be a number: a computed one has no counterpart",
  );
  return INLINE_CONCURRENCY;
}

function failuresOf({ state, flow }: StateWork): { readonly max_failures?: number | string } {
  const { ToleratedFailureCount: count, ToleratedFailurePercentage: share } = state.source;
  for (const [name, value] of [
    ["ToleratedFailureCount", count],
    ["ToleratedFailurePercentage", share],
  ] as const)
    if (value !== undefined && typeof value !== "number")
      flow.kit.issues.problem("NOT_MAPPED", at(state, name), "must be a number: a computed one has no counterpart");
  if (count !== undefined && share !== undefined)
    flow.kit.issues.problem(
      "NOT_MAPPED",
      at(state, "ToleratedFailurePercentage"),
      "a map bears a count or a share, not both; keep one",
    );
  if (typeof count === "number") return { max_failures: count };
  return typeof share === "number" ? { max_failures: `${share}%` } : {};
}

/** What a processor says of itself, and the Map's name in the ARNs of the runs of a distributed one. */
function noteMode({ state, flow }: StateWork, { ProcessorConfig: config }: JsonObject, field: string): void {
  const { issues } = flow.kit;
  if ("Label" in state.source) issues.note("LEFT_OUT", at(state, "Label"), "left out: items have no runs to be named");
  if (config === undefined) return;
  const pointer = at(state, field, "ProcessorConfig");
  if (!isJsonObject(config)) issues.problem("FIELD_TYPE", pointer, "must be an object");
  else if (config["Mode"] === "DISTRIBUTED")
    issues.note("CHANGED", pointer, "the items run in this run, not in runs of their own");
  else issues.note("LEFT_OUT", pointer, "left out: the items run in this run anyway");
}

/** Whether ASL fails the Map with States.ExceedToleratedFailureThreshold, which is our MAP_FAILED. */
function hasThreshold(map: JsonObject, { ProcessorConfig: config }: JsonObject): boolean {
  const isDistributed = isJsonObject(config) && config["Mode"] === "DISTRIBUTED";
  return isDistributed || "ToleratedFailureCount" in map || "ToleratedFailurePercentage" in map;
}

/** Where there is no threshold ASL shows the failure of the item; ours is MAP_FAILED, with those of the items in its details. */
function itemError(id: string): ErrorView {
  const { code, message, details } = errorOf(id);
  const isItems = `${code} == "MAP_FAILED"`;
  const first = `${details}.failed[0]`;
  return {
    code: `(${isItems} ? ${first}.code : ${code})`,
    message: `(${isItems} ? ${first}.message : ${message})`,
    details,
  };
}

import { isJsonObject, type JsonObject, type JsonValue } from "../../core/json";
import type { Edge, GraphNode, TaskCall } from "../../definition/graph-types";
import { pointerTo } from "../../definition/json-pointer";
import { MAX_NAME_LENGTH } from "../../definition/limits";
import { meantHint, nearName } from "../../definition/near-name";
import { TASK_TYPE_NAMES } from "../../definition/task-types/registry";
import { type Machine, ordered, type State } from "../asl/machine";
import type { ImportKit } from "../import-kit";
import { type Runs, resultOf, runsOf, templateValue } from "../task-mapping";
import { refuseUnknown } from "../unknown-fields";
import { ofNode, outputOf, toCel, toTemplate } from "../value";

const FIELDS = ["id", "name", "description", "version", "steps"];
const STEP_FIELDS = ["name", "description", "pattern", "config", "on_success", "on_failure"];

interface Way {
  readonly on: "success" | "error";
  /** Null: the run ends here. */
  readonly target: string | null;
}

/** A list of steps: each goes on to the next one, unless it says otherwise, and fails the run, unless it says otherwise. */
export function importSteps(source: JsonObject, kit: ImportKit): JsonObject {
  refuseUnknown(source, FIELDS, "", kit.issues);
  if ("version" in source)
    kit.issues.note("LEFT_OUT", "/version", "left out: versions are counted where workflows are stored");
  const { steps } = source;
  if (!Array.isArray(steps) || steps.length === 0 || !steps.every(isJsonObject)) {
    kit.issues.problem("FIELD_REQUIRED", "/steps", "must be a list of at least one step");
    return {};
  }
  const named = readNames(steps, kit);
  const ways = new Map(
    named.map(({ name, step, pointer }, index) => [
      name,
      waysOf(
        step,
        named[index + 1]?.name ?? null,
        pointer,
        named.map((other) => other.name),
        kit,
      ),
    ]),
  );
  const states = named.map(({ name, step, pointer }): [string, State] => {
    const next = (ways.get(name) ?? []).map(({ target }) => target);
    return [name, { name, type: "", source: step, pointer, isJsonata: false, next }];
  });
  const machine = ordered(new Map(states), named[0]?.name ?? "", kit.issues);
  return { version: 1, ...graphOf(machine, ways, kit) };
}

interface NamedStep {
  readonly name: string;
  readonly step: JsonObject;
  readonly pointer: string;
}

function readNames(steps: readonly JsonObject[], kit: ImportKit): readonly NamedStep[] {
  const found = new Map<string, NamedStep>();
  for (const [index, step] of steps.entries()) {
    const pointer = pointerTo("/steps", [index]);
    refuseUnknown(step, STEP_FIELDS, pointer, kit.issues);
    const { name, description } = step;
    if (typeof name !== "string" || name === "") kit.issues.problem("FIELD_REQUIRED", pointer, "a step needs a name");
    else if (found.has(name))
      kit.issues.problem(
        "STEP_DUPLICATE",
        `${pointer}/name`,
        `'${name}' is the name of ${found.get(name)?.pointer} already`,
      );
    else found.set(name, { name, step, pointer });
    if (description !== undefined)
      kit.issues.note("LEFT_OUT", `${pointer}/description`, "left out: a description of a step");
  }
  return [...found.values()];
}

function waysOf(
  step: JsonObject,
  following: string | null,
  pointer: string,
  names: readonly string[],
  kit: ImportKit,
): readonly Way[] {
  const read = (field: string, otherwise: string | null | undefined): string | null | undefined => {
    const value = step[field];
    const at = `${pointer}/${field}`;
    if (value === undefined || value === null) return otherwise;
    if (isJsonObject(value) && value["end"] === true && Object.keys(value).length === 1) return null;
    if (typeof value !== "string") {
      kit.issues.problem("FIELD_VALUE", at, "must be the name of a step, or {end: true}");
      return otherwise;
    }
    if (names.includes(value)) return value;
    kit.issues.problem("STEP_UNKNOWN", at, `there is no step '${value}'${meantHint(nearName(value, names))}`);
    return otherwise;
  };
  const [success, failure] = [read("on_success", following), read("on_failure", undefined)];
  return [
    { on: "success", target: success ?? null },
    ...(failure === undefined ? [] : [{ on: "error", target: failure } as const]),
  ];
}

function graphOf(machine: Machine, ways: ReadonlyMap<string, readonly Way[]>, kit: ImportKit): JsonObject {
  const nodes: GraphNode[] = [];
  const edges: Edge[] = [];
  const ids = new Map(machine.states.map(({ name }) => [name, kit.ids.next(name)]));
  for (const state of machine.states) {
    const end = addStep(state, ids.get(state.name) ?? "", nodes, edges, kit);
    for (const { on, target } of ways.get(state.name) ?? []) {
      const source = on === "error" ? (ids.get(state.name) ?? "") : end;
      const edge = on === "error" ? { on } : {};
      const to = target === null ? undefined : ids.get(target);
      if (target === null || to === undefined) {
        if (on === "error") edges.push({ source, target: endAfter(source, nodes, kit), ...edge });
      } else if (target === state.name) edges.push(...againEdges(source, to, edge, nodes, kit));
      else if (machine.isBack(state.name, target))
        edges.push({ source, target: to, ...edge, loop: true, max: kit.loopMax });
      else edges.push({ source, target: to, ...edge });
    }
  }
  return { nodes, edges } as unknown as JsonObject;
}

/** Returns the node that a success leaves. */
function addStep(
  { name, source, pointer }: State,
  id: string,
  nodes: GraphNode[],
  edges: Edge[],
  kit: ImportKit,
): string {
  const { pattern, config = {} } = source;
  const label = id === name ? {} : { name: [...name].slice(0, MAX_NAME_LENGTH).join("") };
  const given = isJsonObject(config) ? config : {};
  if (!isJsonObject(config)) kit.issues.problem("FIELD_TYPE", `${pointer}/config`, "must be an object");
  const mapped = kit.tasks.get(name) ?? kit.tasks.get(String(pattern));
  const { type, config: runs }: Runs =
    mapped === undefined
      ? { type: "task", config: inlineCall(pattern ?? null, given, pointer, kit) }
      : runsOf(mapped, templateValue(given));
  nodes.push({ id, type, ...label, config: runs } as GraphNode);
  if (mapped === undefined) return id;
  if (!mapped.takesArguments && Object.keys(given).length > 0)
    kit.issues.note(
      "ARGUMENTS_NOT_GIVEN",
      `${pointer}/config`,
      `step '${name}': its config does not reach the task; map it as TYPE:TASK_ID, or in a --tasks file with \${{ arguments }}`,
    );
  const result = resultOf(mapped, id);
  if (toCel(result) === toCel(outputOf(id))) return id;
  const output = kit.ids.next(name, "output");
  nodes.push({ id: output, type: "transform", config: { output: toTemplate(result) } });
  edges.push({ source: id, target: output });
  return output;
}

function inlineCall(pattern: JsonValue, config: JsonObject, pointer: string, { issues }: ImportKit): TaskCall {
  if (typeof pattern === "string" && TASK_TYPE_NAMES.includes(pattern)) return { task_type: pattern, config };
  const near = nearName(String(pattern), TASK_TYPE_NAMES);
  issues.problem(
    pattern === null ? "FIELD_REQUIRED" : "PATTERN_UNKNOWN",
    pattern === null ? pointer : `${pointer}/pattern`,
    pattern === null
      ? "a step needs a pattern"
      : `nothing is known of the pattern '${String(pattern)}'; task types are ${TASK_TYPE_NAMES.join(", ")}${near === undefined ? "" : ` (did you mean '${near}'?)`}, or say what stands for it with --task '${String(pattern)}=TASK_ID' or in a --tasks file`,
  );
  return { task_type: "noop", config: {} };
}

/** A failure that ends the run well. */
function endAfter(source: string, nodes: GraphNode[], kit: ImportKit): string {
  const id = kit.ids.next(source, "end");
  nodes.push({ id, type: "end", config: { output: { error: `\${{ ${ofNode(source, "error")} }}` } } });
  return id;
}

/** A step that goes back to itself: an edge needs another node to start from. */
function againEdges(
  source: string,
  target: string,
  edge: Partial<Edge>,
  nodes: GraphNode[],
  kit: ImportKit,
): readonly Edge[] {
  const id = kit.ids.next(target, "again");
  nodes.push({ id, type: "transform", config: { output: null } });
  return [
    { source, target: id, ...edge },
    { source: id, target, loop: true, max: kit.loopMax },
  ];
}

import { isJsonObject, type JsonObject, type JsonValue } from "../../core/json";
import type { Graph } from "../../definition/graph-types";
import { pointerTo } from "../../definition/json-pointer";
import type { ImportKit } from "../import-kit";
import { objectOf, path, toTemplate, type Value } from "../value";
import type { MachineSettings } from "./compile-machine";
import { refuseOthers } from "./fields";
import { type Carried, Flow } from "./flow";
import { readMachine } from "./machine";
import { compileState } from "./states";

const FIELDS = ["StartAt", "States", "TimeoutSeconds", "Version"];

/** A whole state machine. What has no counterpart is told in `kit.issues`. */
export function importAsl(source: JsonObject, kit: ImportKit): JsonObject {
  refuseOthers(source, FIELDS, "", kit);
  noteComments(source, "", kit);
  const { TimeoutSeconds: timeout, QueryLanguage: language = "JSONPath", Version: version = "1.0" } = source;
  if (language !== "JSONPath" && language !== "JSONata")
    kit.issues.problem("FIELD_VALUE", "/QueryLanguage", "must be JSONPath or JSONata");
  if (version !== "1.0") kit.issues.problem("FIELD_VALUE", "/Version", "must be 1.0");
  if (timeout !== undefined && typeof timeout !== "number")
    kit.issues.problem("FIELD_TYPE", "/TimeoutSeconds", "must be a number");
  const input = path("input");
  const context = objectOf({ Execution: objectOf({ Id: path("execution.id"), Input: input }) });
  const graph = compileMachine(
    source,
    { input, variables: new Map() },
    { kit, pointer: "", isJsonata: language === "JSONata", context, endsGraph: true },
  );
  return {
    version: 1,
    ...(typeof timeout === "number" ? { timeout: `${timeout}s` } : {}),
    ...(graph as unknown as JsonObject),
  };
}

/** A machine, or a branch or body, as a graph with its output. */
export function compileMachine(source: JsonObject, start: Carried, settings: MachineSettings): Graph {
  const { kit, pointer, isJsonata, context, endsGraph } = settings;
  const machine = readMachine(source, pointer, isJsonata, kit.issues);
  if (machine === null) return { nodes: [], edges: [] };
  const flow = new Flow(machine, kit, start);
  for (const state of machine.states) {
    const entered = flow.enter(state.name);
    if (entered === null) continue;
    compileState({ state, flow, entered, context: withState(context, state.name) }, endsGraph, compileMachine);
  }
  const ended = flow.enter(null);
  const output = ended === null ? {} : { output: toTemplate(ended.input) };
  flow.close();
  return { nodes: flow.nodes, edges: flow.edges, ...output };
}

function withState(context: Value, name: string): Value {
  if (context.kind !== "object") return context;
  const state = objectOf({ Name: { kind: "constant", value: name } });
  return { kind: "object", members: [...context.members, ["State", state]] };
}

/** Comments are for people; the machine's own becomes the description. */
function noteComments(value: JsonValue, pointer: string, kit: ImportKit): void {
  if (!isJsonObject(value) && !Array.isArray(value)) return;
  for (const [name, inner] of Object.entries(value) as [string, JsonValue][]) {
    const at = pointerTo(pointer, [name]);
    // Inside these a member of that name is data.
    if (["Parameters", "Arguments", "Result", "ItemSelector", "ResultSelector", "Output", "Assign"].includes(name))
      continue;
    if (name === "Comment" && pointer !== "") kit.issues.note("LEFT_OUT", at, "left out: a comment");
    else noteComments(inner, at, kit);
  }
}

import { isJsonObject, type JsonValue } from "../../core/json";
import type { Edge } from "../../definition/graph-types";
import { pointerTo } from "../../definition/json-pointer";
import { cel, objectOf, path } from "../value";
import { type ErrorView, errorCondition, isOfAws } from "./error-names";
import { refuseOthers } from "./fields";
import { namesOf } from "./retry";
import { assigned, at, atResultPath, leadOn, payloadOf, type StateWork, scopeOf } from "./state-data";

/** `Catch`: the first catcher whose names fit is the way on. */
export function compileCatch(work: StateWork, nodeId: string, error: ErrorView): void {
  const { state, flow } = work;
  const { Catch: catchers } = state.source;
  if (catchers === undefined) return;
  if (!Array.isArray(catchers)) {
    flow.kit.issues.problem("FIELD_TYPE", at(state, "Catch"), "must be a list of catchers");
    return;
  }
  const before: (string | null)[] = [];
  for (const [index, catcher] of catchers.entries() as IterableIterator<[number, JsonValue]>) {
    const pointer = at(state, "Catch", index);
    if (!isJsonObject(catcher) || typeof catcher["Next"] !== "string") {
      flow.kit.issues.problem("FIELD_REQUIRED", pointer, "a catcher needs ErrorEquals and Next");
      continue;
    }
    refuseOthers(catcher, ["ErrorEquals", "Next", "ResultPath", "Output", "Assign"], pointer, flow.kit);
    const names = namesOf(catcher, pointer, flow.kit.issues);
    const never = names.filter(isOfAws);
    if (never.length > 0)
      flow.kit.issues.note("NEVER", pointerTo(pointer, ["ErrorEquals"]), `nothing here fails with ${never.join(", ")}`);
    const own = errorCondition(names, error);
    const edge = edgeOf(own, before);
    before.push(own);
    if (edge === null) {
      flow.kit.issues.note("NEVER", pointer, "left out: the catchers before it take all errors");
      continue;
    }
    leadOn(work, catcher["Next"], caughtData(work, catcher, error, pointer), { source: nodeId, edge, isSole: false });
  }
}

/** Null where a catcher before it takes everything. */
function edgeOf(own: string | null, before: readonly (string | null)[]): Partial<Edge> | null {
  if (before.includes(null)) return null;
  const others = before.map((condition) => `!(${condition})`);
  if (own === null) return others.length === 0 ? { on: "error" } : { on: "error", condition: others.join(" && ") };
  const condition = others.length === 0 ? own : `(${own}) && ${others.join(" && ")}`;
  return { on: "error", condition };
}

function caughtData(work: StateWork, catcher: Readonly<Record<string, JsonValue>>, error: ErrorView, pointer: string) {
  const { state, entered } = work;
  const errorOutput = objectOf({ Error: viewOf(error.code), Cause: viewOf(error.message) });
  const scope = { ...scopeOf(work), ...(state.isJsonata ? { errorOutput } : { input: errorOutput }) };
  const variables = assigned(catcher, state.isJsonata, scope, pointer);
  if (!state.isJsonata) return { input: atResultPath(catcher, entered.input, errorOutput, scope, pointer), variables };
  const { Output: output } = catcher;
  const input = output === undefined ? errorOutput : payloadOf(output, true, scope, pointerTo(pointer, ["Output"]));
  return { input, variables };
}

function viewOf(text: string) {
  return /[ ?]/.test(text) ? cel(text) : path(text);
}

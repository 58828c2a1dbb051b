import { isJsonObject, type JsonObject, type JsonValue } from "../../core/json";
import { pointerTo } from "../../definition/json-pointer";
import { meantHint, nearName } from "../../definition/near-name";
import type { Issues } from "../issues";

/** A state as it stands in the source. */
export interface State {
  readonly name: string;
  readonly type: string;
  readonly source: JsonObject;
  readonly pointer: string;
  readonly isJsonata: boolean;
  /** Names of states that may come next, in the order of the source; null for the end. */
  readonly next: readonly (string | null)[];
}

/** The states of one level, in an order in which every state comes after those that lead to it, but for cycles. */
export interface Machine {
  readonly states: readonly State[];
  /** Whether the way from a state to one that comes next leads back. */
  isBack(source: string, target: string): boolean;
  /** Whether there is a way, cycles included. */
  reaches(source: string, target: string): boolean;
}

/** Reads `StartAt` and `States`. Null where they cannot be read. */
export function readMachine(source: JsonObject, pointer: string, isJsonata: boolean, issues: Issues): Machine | null {
  const { StartAt: start, States: states } = source;
  if (!isJsonObject(states) || typeof start !== "string" || !isJsonObject(states[start] ?? null)) {
    const what = isJsonObject(states) ? "StartAt must name one of the States" : "must hold StartAt and States";
    issues.problem("FIELD_REQUIRED", pointer, what);
    return null;
  }
  const all = new Map<string, State>();
  for (const [name, state] of Object.entries(states)) {
    const at = pointerTo(pointer, ["States", name]);
    if (isJsonObject(state)) all.set(name, readState(name, state, at, isJsonata));
    else issues.problem("FIELD_TYPE", at, "must be a state");
  }
  checkTargets(all, issues);
  return ordered(all, start, issues);
}

function readState(name: string, source: JsonObject, pointer: string, outer: boolean): State {
  const { Type: type, QueryLanguage: language } = source;
  const isJsonata = language === undefined ? outer : language === "JSONata";
  return {
    name,
    type: String(type),
    source,
    pointer,
    isJsonata,
    next: targetsOf(source, String(type)).map(([to]) => to),
  };
}

function targetsOf(source: JsonObject, type: string): readonly (readonly [string | null, string])[] {
  if (type === "Succeed") return [[null, ""]];
  if (type === "Fail") return [];
  const found: [string | null, string][] = [];
  const add = (holder: JsonValue | undefined, pointer: string, field = "Next") => {
    if (isJsonObject(holder) && typeof holder[field] === "string") found.push([holder[field], `${pointer}/${field}`]);
  };
  for (const list of ["Choices", "Catch"]) {
    const entries = source[list];
    if (Array.isArray(entries)) for (const [index, entry] of entries.entries()) add(entry, `/${list}/${index}`);
  }
  if (type === "Choice") add(source, "", "Default");
  else if (source["End"] === true) found.push([null, "/End"]);
  else add(source, "");
  return found;
}

function checkTargets(all: ReadonlyMap<string, State>, issues: Issues): void {
  for (const { source, type, pointer } of all.values()) {
    const targets = targetsOf(source, type);
    for (const [target, at] of targets) {
      if (target === null || all.has(target)) continue;
      const advice = meantHint(nearName(target, all.keys()));
      issues.problem("STATE_UNKNOWN", `${pointer}${at}`, `there is no state '${target}'${advice}`);
    }
    const goesOn = ["Task", "Pass", "Wait", "Parallel", "Map"].includes(type);
    if (goesOn && source["End"] !== true && typeof source["Next"] !== "string")
      issues.problem("FIELD_REQUIRED", pointer, "needs Next or End: true");
  }
}

/** Puts states into the order of `Machine`. What no way leads to is left out, and told. */
export function ordered(all: ReadonlyMap<string, State>, start: string, issues: Issues): Machine {
  const done: State[] = [];
  const seen = new Set<string>();
  const open = new Set<string>();
  const back = new Set<string>();
  const visit = (name: string): void => {
    const state = all.get(name);
    if (state === undefined || seen.has(name)) return;
    seen.add(name);
    open.add(name);
    for (const target of state.next) {
      if (target === null) continue;
      if (open.has(target)) back.add(JSON.stringify([name, target]));
      else visit(target);
    }
    open.delete(name);
    done.push(state);
  };
  visit(start);
  for (const { name, pointer } of all.values())
    if (!seen.has(name)) issues.note("STATE_UNREACHABLE", pointer, "left out: no way leads to this state");
  return {
    states: done.reverse(),
    isBack: (source, target) => back.has(JSON.stringify([source, target])),
    reaches: (source, target) => reaches(all, source, target),
  };
}

function reaches(all: ReadonlyMap<string, State>, source: string, target: string): boolean {
  const seen = new Set<string>();
  const open = [source];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const next of all.get(name)?.next ?? []) {
      if (next === target) return true;
      if (next === null || seen.has(next)) continue;
      seen.add(next);
      open.push(next);
    }
  }
  return false;
}

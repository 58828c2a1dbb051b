import { isJsonObject, type JsonObject, type JsonValue } from "../../core/json";
import type { GraphNode } from "../../definition/graph-types";
import { pointerTo } from "../../definition/json-pointer";
import { constant, literal, operand, toCel, toTemplate, type Value } from "../value";
import { ruleCondition } from "./choice-rules";
import type { CompileMachine } from "./compile-machine";
import { compileMap, compileParallel } from "./containers";
import { pathField, refuseOthers } from "./fields";
import { assigned, at, handedOn, leadOn, payload, payloadOf, type StateWork, scopeOf } from "./state-data";
import { DATA_FIELDS, identified, known, NEXT_FIELDS, nextOf } from "./state-identity";
import { compileTask } from "./task-state";

/** Takes one state over: its nodes, and the ways that lead on from it. */
export function compileState(work: StateWork, endsGraph: boolean, compile: CompileMachine): void {
  const { state, flow } = work;
  switch (state.type) {
    case "Pass":
      compilePass(work);
      break;
    case "Wait":
      compileWait(work);
      break;
    case "Choice":
      compileChoice(work);
      break;
    case "Succeed":
      compileSucceed(work, endsGraph);
      break;
    case "Fail":
      compileFail(work);
      break;
    case "Task":
      compileTask(work);
      break;
    case "Map":
      compileMap(work, compile);
      break;
    case "Parallel":
      compileParallel(work, compile);
      break;
    default:
      flow.kit.issues.problem(
        "STATE_TYPE_UNKNOWN",
        at(state, "Type"),
        `there is no type of state '${state.type}'; there are Pass, Task, Choice, Wait, Succeed, Fail, Parallel and Map`,
      );
  }
}

function compilePass(work: StateWork): void {
  const { state, flow, entered } = work;
  known(work, ...NEXT_FIELDS, "Result", "Parameters", "ResultPath");
  const scope = scopeOf(work);
  const { Result: result } = state.source;
  const made: Value = result === undefined ? (payload(state, "Parameters", scope) ?? scope.input) : constant(result);
  const carried = handedOn(work, state.isJsonata ? null : made);
  const { id, ...named } = identified(work);
  flow.node({ id, type: "transform", ...named, config: { output: toTemplate(carried.input) } });
  entered.connect(id);
  const input: Value = { kind: "cel", text: `nodes.${id}.output`, isPath: true };
  leadOn(work, nextOf(state), { ...carried, input }, { source: id, edge: {}, isSole: true });
}

function compileWait(work: StateWork): void {
  const { state, flow, entered } = work;
  known(work, ...NEXT_FIELDS, "Seconds", "SecondsPath", "Timestamp", "TimestampPath");
  const { id, ...named } = identified(work);
  flow.node({ id, type: "wait", ...named, config: waitConfig(work) });
  entered.connect(id);
  leadOn(work, nextOf(state), handedOn(work, null), { source: id, edge: {}, isSole: true });
}

function waitConfig(work: StateWork): { readonly duration: string } | { readonly until: string } {
  const { state, flow } = work;
  const scope = scopeOf(work);
  const { SecondsPath: secondsPath, TimestampPath: timestampPath } = state.source;
  const seconds =
    secondsPath === undefined
      ? payload(state, "Seconds", scope)
      : pathField(secondsPath, scope, at(state, "SecondsPath"));
  if (seconds !== undefined) {
    const text = toTemplate(seconds);
    return { duration: `${typeof text === "string" ? text : JSON.stringify(text)}s` };
  }
  const until =
    timestampPath === undefined
      ? payload(state, "Timestamp", scope)
      : pathField(timestampPath, scope, at(state, "TimestampPath"));
  if (until !== undefined) return { until: String(toTemplate(until)) };
  flow.kit.issues.problem(
    "FIELD_REQUIRED",
    state.pointer,
    "a Wait needs Seconds, SecondsPath, Timestamp or TimestampPath",
  );
  return { duration: "0s" };
}

function compileChoice(work: StateWork): void {
  const { state, flow, entered } = work;
  known(work, ...DATA_FIELDS, "Choices", "Default");
  const { issues, ids } = flow.kit;
  const scope = scopeOf(work);
  const { Choices: choices, Default: otherwise } = state.source;
  const { id, ...named } = identified(work);
  const rules = Array.isArray(choices) ? choices.filter(isJsonObject) : [];
  if (rules.length === 0) issues.problem("FIELD_REQUIRED", at(state, "Choices"), "a Choice needs a list of rules");
  const cases = rules.map((rule, index) => {
    const pointer = at(state, "Choices", index);
    const name = `${index + 1}_${String(rule["Next"])}`.slice(0, 60);
    return { name, when: conditionOf(work, rule, pointer), rule, pointer };
  });
  const node: GraphNode = {
    id,
    type: "switch",
    ...named,
    config: { cases: cases.map(({ name, when }) => ({ name, when })) },
  };
  flow.node(node);
  entered.connect(id);
  for (const { name, rule, pointer } of cases) {
    if (typeof rule["Next"] !== "string") issues.problem("FIELD_REQUIRED", pointer, "a rule needs Next");
    const way = { source: id, edge: { case: name }, isSole: false };
    leadOn(work, String(rule["Next"]), chosenData(work, rule, pointer), way);
  }
  if (typeof otherwise === "string") {
    leadOn(work, otherwise, handedOn(work, null), { source: id, edge: { else: true }, isSole: false });
    return;
  }
  const none = ids.next(state.name, "no_match");
  const message = `no rule of ${state.name} holds`;
  flow.node({
    id: none,
    type: "fail",
    config: { code: "States.NoChoiceMatched", message, details: toTemplate(scope.input) },
  });
  flow.edges.push({ source: id, target: none, else: true });
}

function conditionOf(work: StateWork, rule: JsonObject, pointer: string): string {
  const { state } = work;
  const scope = scopeOf(work);
  if (!state.isJsonata) return ruleCondition(rule, scope, pointer);
  refuseOthers(rule, ["Condition", "Next", "Assign", "Output"], pointer, scope);
  const { Condition: condition } = rule;
  if (condition !== undefined) return toCel(payloadOf(condition, true, scope, pointerTo(pointer, ["Condition"])));
  scope.issues.problem("FIELD_REQUIRED", pointer, "a rule in JSONata needs a Condition");
  return "false";
}

/** A rule may make data of its own, in place of the state's. */
function chosenData(work: StateWork, rule: JsonObject, pointer: string) {
  const { state } = work;
  const scope = scopeOf(work);
  const { input } =
    rule["Output"] === undefined || !state.isJsonata
      ? handedOn(work, null)
      : { input: payloadOf(rule["Output"], true, scope, pointerTo(pointer, ["Output"])) };
  return { input, variables: assigned(rule, state.isJsonata, scope, pointer) };
}

function compileSucceed(work: StateWork, endsGraph: boolean): void {
  const { state, flow, entered } = work;
  known(work, ...DATA_FIELDS);
  const { input, variables } = handedOn(work, null);
  const { id, ...named } = identified(work);
  entered.connect(id);
  if (endsGraph) {
    flow.node({ id, type: "end", ...named, config: { output: toTemplate(input) } });
    return;
  }
  flow.node({ id, type: "transform", ...named, config: { output: toTemplate(input) } });
  const output: Value = { kind: "cel", text: `nodes.${id}.output`, isPath: true };
  flow.arrive(null, { input: output, variables, from: state, source: id, edge: {}, isSole: true });
}

function compileFail(work: StateWork): void {
  const { state, flow, entered } = work;
  known(work, "Error", "Cause", "ErrorPath", "CausePath", "InputPath");
  const scope = scopeOf(work);
  const { ErrorPath: errorPath, CausePath: causePath } = state.source;
  const code =
    errorPath === undefined
      ? (payload(state, "Error", scope) ?? constant("States.Fail"))
      : pathField(errorPath, scope, at(state, "ErrorPath"));
  const cause = causePath === undefined ? payload(state, "Cause", scope) : causeOf(causePath, work);
  const { id, ...named } = identified(work);
  entered.connect(id);
  const text = code.kind === "constant" && typeof code.value === "string" ? code.value : undefined;
  const clean =
    (text ?? "Error")
      .replaceAll(/[^A-Za-z0-9_.:-]+/g, "_")
      .replace(/^[^A-Za-z]+/, "")
      .slice(0, 64) || "Error";
  const field = at(state, errorPath === undefined ? "Error" : "ErrorPath");
  if (text === undefined)
    flow.kit.issues.problem(
      "NOT_MAPPED",
      field,
      "a computed name of an error has no counterpart: a fail node's code stands as it is",
    );
  else if (clean !== text)
    flow.kit.issues.note("CHANGED", field, `the code is ${clean}: codes are made of letters, digits and _.:-`);
  const message = cause === undefined ? constant(text ?? "failed") : cause;
  flow.node({ id, type: "fail", ...named, config: { code: clean, message: String(toTemplate(message)) || clean } });
}

function causeOf(causePath: JsonValue, work: StateWork): Value {
  const value = pathField(causePath, scopeOf(work), at(work.state, "CausePath"));
  return value.kind === "constant"
    ? value
    : { kind: "cel", text: `join([${operand(value)}], ${literal("")})`, isPath: false };
}

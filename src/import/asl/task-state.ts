import type { GraphNode, TaskNode } from "../../definition/graph-types";
import { type MappedTask, type Runs, resultOf, runsOf } from "../task-mapping";
import { constant, membersOf, outputOf, type Value } from "../value";
import { compileCatch } from "./catchers";
import { errorOf } from "./error-names";
import { HTTP_LEFT_OUT, httpCall, httpResult } from "./http-invoke";
import { type Integration, integrationOf } from "./integrations";
import type { State } from "./machine";
import { retryOf, timeoutOf } from "./retry";
import { at, handedOn, leadOn, payload, type StateWork, scopeOf } from "./state-data";
import { identified, known, nextOf, WORK_FIELDS } from "./state-identity";

const FIELDS = [
  ...WORK_FIELDS,
  "Resource",
  "Credentials",
  "TimeoutSeconds",
  "TimeoutSecondsPath",
  "HeartbeatSeconds",
  "HeartbeatSecondsPath",
];

interface Call {
  readonly runs: Runs;
  /** What AWS has in the result beside the members that it has here. */
  readonly leftOut?: readonly string[];
  result(nodeId: string): Value;
}

export function compileTask(work: StateWork): void {
  const { state, flow, entered } = work;
  const { issues } = flow.kit;
  known(work, ...FIELDS);
  if ("Credentials" in state.source)
    issues.note("LEFT_OUT", at(state, "Credentials"), "left out: roles of AWS; tasks run as their worker does");
  const called = callOf(work);
  const { id, ...named } = identified(work);
  const { type, config } = called.runs;
  flow.node({ id, type, ...named, config, ...limitsOf(work, type) } as GraphNode);
  entered.connect(id);
  compileCatch(work, id, errorOf(id));
  const result = called.result(id);
  noteLeftOut(work, result, called.leftOut);
  leadOn(work, nextOf(state), handedOn(work, result), { source: id, edge: {}, isSole: true });
}

/** Retry and timeouts. Of a run of another workflow only the time of the whole can be said. */
function limitsOf({ state, flow }: StateWork, type: Runs["type"]): Pick<TaskNode, "retry" | "timeout"> {
  const { issues } = flow.kit;
  const timeout = timeoutOf(state.source, state.pointer, issues);
  const retry = retryOf(state.source["Retry"], at(state, "Retry"), issues);
  if (type === "task") return { retry, ...(timeout === undefined ? {} : { timeout }) };
  if ((retry.max_attempts ?? 1) > 1)
    issues.problem(
      "NOT_MAPPED",
      at(state, "Retry"),
      "a run of a workflow is not tried again here; put Retry on its tasks",
    );
  if (timeout?.heartbeat !== undefined)
    issues.problem("NOT_MAPPED", at(state, "HeartbeatSeconds"), "a run of a workflow has no heartbeat; take it out");
  return timeout?.attempt === undefined ? {} : { timeout: timeout.attempt };
}

function callOf(work: StateWork): Call {
  const { state, flow } = work;
  const { issues, tasks } = flow.kit;
  const name = String(state.source["Resource"] ?? "");
  const scope = scopeOf(work);
  const shape = payload(state, argumentsField(state), scope);
  const called = integrationOf(name, shape, scope.input);
  const [mapped] = [state.name, name, ...called.names].flatMap((key) => tasks.get(key) ?? []);
  if (mapped !== undefined) return mappedCall(work, mapped, called, shape);
  if (/:states:::http:invoke$/.test(name))
    return {
      runs: { type: "task", config: httpCall(work, shape) },
      leftOut: HTTP_LEFT_OUT,
      result: httpResult,
    };
  const id = called.run === "waits" ? "workflow:WORKFLOW_ID" : "TASK_ID";
  issues.problem(
    "RESOURCE_NOT_MAPPED",
    at(state, "Resource"),
    `state '${state.name}': nothing is known of the resource '${name}'; say what stands for it with --task '${called.names[0] ?? name}=${id}', --task '${state.name}=${id}' or in a --tasks file${adviceOn(called)}`,
  );
  const runs: Runs =
    called.run === "waits"
      ? { type: "workflow", config: { workflow_id: "unknown" } }
      : { type: "task", config: { task_type: "noop", config: {} } };
  return { runs, result: outputOf };
}

function adviceOn({ isToken, run }: Integration): string {
  if (isToken) return `; ${TOKEN_ADVICE}`;
  return run === "goes on" ? `; ${GOES_ON_ADVICE}` : "";
}

const TOKEN_ADVICE =
  "nothing here gives out tokens: take '.waitForTaskToken' and the token out of the source, and put a signal or approval node behind the task";
const GOES_ON_ADVICE =
  "startExecution goes on without the other run, and a workflow node waits for it: write startExecution.sync:2, or name a task that starts it";

function mappedCall(work: StateWork, task: MappedTask, called: Integration, shape: Value | undefined): Call {
  const { state, flow } = work;
  const { issues } = flow.kit;
  const pointer = at(state, "Resource");
  if (!task.takesArguments)
    issues.note(
      "ARGUMENTS_NOT_GIVEN",
      pointer,
      `state '${state.name}': what ASL would give the resource does not reach the task; map it as TYPE:TASK_ID, or in a --tasks file with \${{ arguments }}`,
    );
  const runs = runsOf(task, called.given);
  if (called.isToken) issues.note("CHANGED", pointer, "the state ends with what stands for it, and waits for no token");
  if (called.run === "goes on" && runs.type === "workflow") issues.problem("NOT_MAPPED", pointer, GOES_ON_ADVICE);
  noteArguments(work, called, shape);
  const { leftOut = [] } = called;
  return { runs, leftOut, result: (id) => called.result(resultOf(task, id)) };
}

function noteArguments({ state, flow }: StateWork, called: Integration, shape: Value | undefined): void {
  const { issues } = flow.kit;
  const field = argumentsField(state);
  const { taken, run, given } = called;
  if (taken === undefined || shape === undefined) return;
  for (const [name] of membersOf(shape))
    if (!taken.includes(name))
      issues.note(
        "LEFT_OUT",
        at(state, field, name),
        `left out: '${name}' does not reach what stands for the resource`,
      );
  if (run === "waits" && given.kind === "constant" && typeof given.value === "string")
    issues.problem("NOT_MAPPED", at(state, field, "Input"), "write the input itself, not a text of its JSON");
}

function argumentsField({ isJsonata }: State): string {
  return isJsonata ? "Arguments" : "Parameters";
}

/** Stands among the members of a result, so that it is seen where all of them go. */
const MARK = "what is left out";

/** Tells what a result lacks where the state hands it on whole. A path that names such a member is a problem of its own. */
function noteLeftOut(work: StateWork, result: Value, leftOut: readonly string[] = []): void {
  if (leftOut.length === 0 || result.kind !== "object") return;
  const { input, variables } = handedOn(work, { ...result, members: [...result.members, [MARK, constant(MARK)]] });
  if (!JSON.stringify([input, ...variables.values()]).includes(MARK)) return;
  const { state, flow } = work;
  flow.kit.issues.note("LEFT_OUT", at(state, "Resource"), `left out of the result: ${leftOut.join(", ")}`);
}

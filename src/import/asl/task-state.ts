import type { TaskCall } from "../../definition/graph-types";
import { callWith, type MappedTask, resultOf } from "../task-mapping";
import { constant, objectOf, outputOf, select, type Value } from "../value";
import { compileCatch } from "./catchers";
import { errorOf } from "./error-names";
import { HTTP_LEFT_OUT, httpCall, httpResult } from "./http-invoke";
import { retryOf, timeoutOf } from "./retry";
import { at, handedOn, leadOn, payload, type StateWork, scopeOf } from "./state-data";
import { identified, known, nextOf } from "./state-identity";

const FIELDS = [
  "Resource",
  "Parameters",
  "Arguments",
  "ResultSelector",
  "ResultPath",
  "Retry",
  "Catch",
  "TimeoutSeconds",
  "TimeoutSecondsPath",
  "HeartbeatSeconds",
  "HeartbeatSecondsPath",
  "InputPath",
  "OutputPath",
  "Output",
  "Assign",
  "Next",
  "End",
];

interface Call {
  readonly call: TaskCall;
  /** What AWS has in the result beside the members that it has here. */
  readonly leftOut?: readonly string[];
  result(nodeId: string): Value;
}

export function compileTask(work: StateWork): void {
  const { state, flow, entered } = work;
  const { issues } = flow.kit;
  known(work, ...FIELDS, "Credentials");
  if ("Credentials" in state.source)
    issues.note("LEFT_OUT", at(state, "Credentials"), "left out: roles of AWS; tasks run as their worker does");
  const called = callOf(work);
  const { id, ...named } = identified(work);
  const timeout = timeoutOf(state.source, state.pointer, issues);
  const retry = retryOf(state.source["Retry"], at(state, "Retry"), issues);
  flow.node({ id, type: "task", ...named, config: called.call, retry, ...(timeout === undefined ? {} : { timeout }) });
  entered.connect(id);
  compileCatch(work, id, errorOf(id));
  const result = called.result(id);
  noteLeftOut(work, result, called.leftOut);
  leadOn(work, nextOf(state), handedOn(work, result), { source: id, edge: {}, isSole: true });
}

function callOf(work: StateWork): Call {
  const { state, flow } = work;
  const { Resource: resource } = state.source;
  const name = String(resource ?? "");
  const scope = scopeOf(work);
  const shape = payload(state, state.isJsonata ? "Arguments" : "Parameters", scope);
  const isLambda = /:states:::(?:aws-sdk:)?lambda:invoke/.test(name);
  const mapped = [state.name, name, ...(isLambda ? functionNames(shape) : [])].flatMap(
    (key) => flow.kit.tasks.get(key) ?? [],
  );
  const [first] = mapped;
  if (first !== undefined)
    return mappedCall(work, first, isLambda ? payloadMember(shape) : (shape ?? scope.input), isLambda);
  if (/:states:::http:invoke$/.test(name))
    return { call: httpCall(work, shape), leftOut: HTTP_LEFT_OUT, result: httpResult };
  const others = name.includes(".waitForTaskToken")
    ? "; a state that waits for a token is a task and a signal or approval node after it"
    : "";
  const called = isLambda ? (functionNames(shape).at(0) ?? name) : name;
  flow.kit.issues.problem(
    "RESOURCE_NOT_MAPPED",
    at(state, "Resource"),
    `state '${state.name}': nothing is known of the resource '${name}'; say what stands for it with --task '${called}=TASK_ID', --task '${state.name}=TASK_ID' or in a --tasks file${others}`,
  );
  return { call: { task_type: "noop", config: {} }, result: outputOf };
}

/** `arn:aws:lambda:eu-west-1:1:function:rate:$LATEST` may be named as it is, without its version, and as `rate`. */
function functionNames(shape: Value | undefined): readonly string[] {
  const name = shape === undefined ? undefined : select(shape, ["FunctionName"]);
  if (name?.kind !== "constant" || typeof name.value !== "string") return [];
  const [, arn = name.value] = /^(arn:[^:]*:lambda:[^:]*:[^:]*:function:[^:]+)(?::[^:]+)?$/.exec(name.value) ?? [];
  return [name.value, arn, arn.split(":").at(-1) ?? arn];
}

function payloadMember(shape: Value | undefined): Value {
  return (shape === undefined ? undefined : select(shape, ["Payload"])) ?? constant({});
}

const LAMBDA_LEFT_OUT = ["ExecutedVersion", "SdkHttpMetadata", "SdkResponseMetadata"];

function mappedCall(work: StateWork, task: MappedTask, given: Value, isLambda: boolean): Call {
  const { state, flow } = work;
  if (!task.takesArguments)
    flow.kit.issues.note(
      "ARGUMENTS_NOT_GIVEN",
      at(state, "Resource"),
      `state '${state.name}': what ASL would give the resource does not reach the task; map it as TYPE:TASK_ID, or in a --tasks file with \${{ arguments }}`,
    );
  const result = (id: string): Value => {
    const value = resultOf(task, id);
    return isLambda ? objectOf({ StatusCode: constant(200), Payload: value }) : value;
  };
  return { call: callWith(task, given), result, ...(isLambda ? { leftOut: LAMBDA_LEFT_OUT } : {}) };
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

import { isJsonObject, type JsonObject } from "../../core/json";
import type { TaskCall } from "../../definition/graph-types";
import { callWith, type MappedTask, resultOf } from "../task-mapping";
import { constant, objectOf, ofNode, outputOf, select, toTemplate, type Value } from "../value";
import { compileCatch } from "./catchers";
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
  const error = ofNode(id, "error");
  compileCatch(work, id, { code: `${error}.code`, message: `${error}.message`, details: `${error}.details` });
  leadOn(work, nextOf(state), handedOn(work, called.result(id)), { source: id, edge: {}, isSole: true });
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
  if (/:states:::http:invoke$/.test(name)) return httpCall(work, shape);
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
  return { call: callWith(task, given), result };
}

const HTTP_FIELDS = [
  "ApiEndpoint",
  "Method",
  "Headers",
  "QueryParameters",
  "RequestBody",
  "Authentication",
  "InvocationConfig",
];

function httpCall({ state, flow }: StateWork, shape: Value | undefined): Call {
  const { issues } = flow.kit;
  const field = state.isJsonata ? "Arguments" : "Parameters";
  const members = new Map(shape === undefined ? [] : membersOf(shape));
  for (const name of members.keys())
    if (!HTTP_FIELDS.includes(name))
      issues.problem("NOT_MAPPED", at(state, field, name), `'${name}' of http:invoke has no counterpart; take it out`);
  for (const name of ["Authentication", "InvocationConfig"])
    if (members.has(name))
      issues.note(
        "LEFT_OUT",
        at(state, field, name),
        "left out: connections of AWS; give the request an Authorization header",
      );
  const url = members.get("ApiEndpoint");
  if (url === undefined) issues.problem("FIELD_REQUIRED", at(state, field), "http:invoke needs ApiEndpoint");
  const method = members.get("Method");
  const headers = members.get("Headers");
  const body = members.get("RequestBody");
  const config: JsonObject = {
    url: `${String(toTemplate(url ?? constant("http://localhost/")))}${queryOf(members.get("QueryParameters"), at(state, field, "QueryParameters"), issues)}`,
    ...(method === undefined ? {} : { method: toTemplate(method) }),
    ...(headers === undefined ? {} : { headers: toTemplate(headers) }),
    ...(body === undefined ? {} : { json: toTemplate(body) }),
  };
  return { call: { task_type: "http", config }, result: httpResult };
}

function membersOf(shape: Value): readonly (readonly [string, Value])[] {
  if (shape.kind === "object") return shape.members;
  if (shape.kind !== "constant" || !isJsonObject(shape.value)) return [];
  return Object.entries(shape.value).map(([name, value]) => [name, constant(value)] as const);
}

function queryOf(query: Value | undefined, pointer: string, issues: StateWork["flow"]["kit"]["issues"]): string {
  if (query === undefined) return "";
  const pairs = membersOf(query).map(([name, value]) => {
    if (value.kind === "constant") return `${encodeURIComponent(name)}=${encodeURIComponent(String(value.value))}`;
    issues.problem(
      "NOT_MAPPED",
      pointer,
      `'${name}': a computed query parameter has no counterpart, as expressions cannot encode it; make the URL in a task before`,
    );
    return "";
  });
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}

/** As http:invoke gives it; whoever names one member of it gets that of the task's output. */
function httpResult(nodeId: string): Value {
  const output = outputOf(nodeId);
  const part = (name: string) => select(output, [name]) ?? output;
  return objectOf({ ResponseBody: part("body"), StatusCode: part("status"), Headers: part("headers") });
}

import type { JsonObject } from "../../core/json";
import type { InlineTask } from "../../definition/graph-types";
import { constant, membersOf, objectOf, outputOf, select, toTemplate, type Value } from "../value";
import { at, type StateWork } from "./state-data";

const HTTP_FIELDS = [
  "ApiEndpoint",
  "Method",
  "Headers",
  "QueryParameters",
  "RequestBody",
  "Authentication",
  "InvocationConfig",
];

/** A request; http:invoke itself needs no task that stands for it. */
export function httpCall({ state, flow }: StateWork, shape: Value | undefined): InlineTask {
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
  return { task_type: "http", config };
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

/** The reason phrase, which HTTP/2 has not and the task type `http` does not give. */
export const HTTP_LEFT_OUT = ["StatusText"];

/** As http:invoke gives it; whoever names one member of it gets that of the task's output. */
export function httpResult(nodeId: string): Value {
  const output = outputOf(nodeId);
  const part = (name: string) => select(output, [name]) ?? output;
  return objectOf({ ResponseBody: part("body"), StatusCode: part("status"), Headers: part("headers") });
}

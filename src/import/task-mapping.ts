import { isJsonObject, type JsonObject, type JsonValue } from "../core/json";
import { err, ok, type Result } from "../core/result";
import type { TaskCall, TaskNode, WorkflowNode } from "../definition/graph-types";
import { TASK_TYPE_NAMES } from "../definition/task-types/registry";
import { cel, outputOf, toCel, toTemplate, type Value } from "./value";

/** What stands for a resource, or for a step's pattern: a task or a workflow, in whose texts `arguments` is what it is called with. */
export interface MappedTask {
  readonly call: JsonObject;
  /** Template of the result, in which `output` is the task's output; that output itself where absent. */
  readonly result?: JsonValue;
  /** False where the arguments do not reach the task. */
  readonly takesArguments: boolean;
}

/** By resource, name of a state, or pattern. */
export type TaskMapping = ReadonlyMap<string, MappedTask>;

/** Where the arguments go, by task type. */
const ARGUMENTS: Readonly<Record<string, JsonObject>> = {
  shell: { stdin: "${{ json(arguments) }}" },
  http: { json: "${{ arguments }}" },
  noop: { output: "${{ arguments }}" },
};

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** One entry of a mapping: `TASK_ID`, `TYPE:TASK_ID`, or an object as it stands in a mapping file. */
export function readMapping(given: JsonValue): Result<MappedTask, string> {
  if (typeof given === "string") return readShort(given);
  if (!isJsonObject(given)) return err(SHAPES);
  const { result, ...call } = given;
  const names = Object.keys(call).sort().join(",");
  if (!KNOWN_FIELDS.includes(names)) return err(SHAPES);
  const { task_type: taskType } = call;
  if (taskType !== undefined && !TASK_TYPE_NAMES.includes(String(taskType)))
    return err(`there is no task type '${String(taskType)}'; known are ${TASK_TYPE_NAMES.join(", ")}`);
  const takesArguments = /\barguments\b/.test(JSON.stringify(call));
  return ok({ call, takesArguments, ...(result === undefined ? {} : { result }) });
}

const KNOWN_FIELDS = ["task_id", "override,task_id", "config,task_type", "workflow_id", "input,workflow_id"];
const SHAPES =
  "must be TASK_ID, TYPE:TASK_ID, workflow:WORKFLOW_ID, {task_id, override?, result?}, {task_type, config, result?} or {workflow_id, input?, result?}";

function readShort(text: string): Result<MappedTask, string> {
  const [, type, id = ""] = /^(?:([a-z]+):)?(.*)$/s.exec(text) ?? [];
  if (!UUID.test(id)) return err(`'${text}' is no task's id; it ${SHAPES}`);
  if (type === "workflow") return ok({ call: { workflow_id: id, input: "${{ arguments }}" }, takesArguments: true });
  if (type === undefined) return ok({ call: { task_id: id }, takesArguments: false });
  const override = Object.hasOwn(ARGUMENTS, type) ? ARGUMENTS[type] : undefined;
  if (override === undefined) return err(`there is no task type '${type}'; known are ${TASK_TYPE_NAMES.join(", ")}`);
  return ok({ call: { task_id: id, override }, takesArguments: true });
}

/** What a node runs. */
export type Runs = Pick<TaskNode, "type" | "config"> | Pick<WorkflowNode, "type" | "config">;

/** The task or workflow with its arguments put in. */
export function runsOf({ call }: MappedTask, given: Value): Runs {
  const config: unknown = substitute(call, "arguments", given);
  return "workflow_id" in call
    ? { type: "workflow", config: config as WorkflowNode["config"] }
    : { type: "task", config: config as TaskCall };
}

/** What a mapped task gives, once it has completed. */
export function resultOf({ result }: MappedTask, nodeId: string): Value {
  const output = outputOf(nodeId);
  return result === undefined ? output : templateValue(substitute(result, "output", output));
}

/** A template as a value. */
export function templateValue(template: JsonValue): Value {
  if (typeof template === "string") {
    const [, text] = /^\$\{\{((?:(?!\}\}).)*)\}\}$/s.exec(template) ?? [];
    if (text !== undefined) return cel(text.trim());
  }
  if (Array.isArray(template)) return { kind: "list", items: template.map(templateValue) };
  if (isJsonObject(template))
    return {
      kind: "object",
      members: Object.entries(template).map(([name, inner]) => [name, templateValue(inner)] as const),
    };
  return { kind: "constant", value: template };
}

/** Puts a value in the place of a name in all expressions of a template. */
function substitute(template: JsonValue, name: string, value: Value): JsonValue {
  if (Array.isArray(template)) return template.map((item: JsonValue) => substitute(item, name, value));
  if (isJsonObject(template))
    return Object.fromEntries(Object.entries(template).map(([key, inner]) => [key, substitute(inner, name, value)]));
  if (typeof template !== "string") return template;
  // A text that is the name alone keeps the shape of the value, which reads better than an expression.
  if (template.replaceAll(/\s/g, "") === `\${{${name}}}`) return toTemplate(value);
  return template.replaceAll(/(?<!\$)\$\{\{(.*?)\}\}/gs, (_, text: string) => `\${{${named(text, name, value)}}}`);
}

/** Texts in quotes and members of that name are left alone. */
function named(expression: string, name: string, value: Value): string {
  const pattern = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|(?<![\w.?])[A-Za-z_]\w*/g;
  const text = value.kind === "cel" && !value.isPath ? `(${value.text})` : toCel(value);
  return expression.replaceAll(pattern, (found) => (found === name ? text : found));
}

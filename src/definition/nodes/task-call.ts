import { z } from "zod";
import { isJsonObject, type JsonValue } from "../../core/json";
import type { Problem, TaskCall } from "../graph-types";
import { taskOutputType } from "../task-outputs";
import { checkTemplatedConfig } from "../task-types/registry";
import { ANY, type ValueType } from "../types/value-type";
import type { NodeTypes, TemplateAt } from "./node-kind";

const jsonObject = z.record(z.string(), z.unknown());
/** Ids are UUIDs, which take 36 characters; whether there is such a task is seen when the definition is stored. */
const taskId = z.string().min(1, "must be the id of a stored task").max(64, "must be the id of a stored task");

const stored = z
  .strictObject({
    task_id: taskId.describe("Id of the stored task."),
    override: jsonObject.optional().describe("Rendered, then merged (RFC 7396) over the stored config."),
  })
  .describe("A stored task.");
const inline = z
  .strictObject({
    task_type: z.string().describe("What to run: shell, http, ..."),
    config: jsonObject.describe("As the task type has it; rendered whole."),
  })
  .describe("A task that is written here.");

/** A stored task or an inline one, as it is published. */
export const taskCallSchema = z.union([stored, inline]).describe("A stored task, or one that is written here.");

/** The two shapes, by name. */
export const TASK_CALL_SCHEMAS = { stored, inline } as const;

/** Which of the two shapes `value` was meant to have. */
export function taskCallShape(value: JsonValue | undefined): keyof typeof TASK_CALL_SCHEMAS {
  const isInline = isJsonObject(value) && !Object.hasOwn(value, "task_id") && Object.hasOwn(value, "task_type");
  return isInline ? "inline" : "stored";
}

/** What of a task call is rendered; `pointer` is the call's own. */
export function taskCallTemplates(call: TaskCall, pointer: string): readonly TemplateAt[] {
  if ("task_type" in call)
    return [{ pointer: `${pointer}/config`, value: call.config, expects: { configOf: call.task_type } }];
  const { task_id, override } = call;
  return override === undefined
    ? []
    : [{ pointer: `${pointer}/override`, value: override, expects: { overrideOf: task_id } }];
}

/** An inline task's type and config; pointers start where `pointer` says. */
export function checkTaskCall(call: TaskCall, pointer: string): readonly Problem[] {
  if (!("task_type" in call)) return [];
  return checkTemplatedConfig(call.task_type, call.config).map((problem) => {
    const place = problem.code === "TASK_TYPE_UNKNOWN" ? "/task_type" : `/config${problem.pointer}`;
    return { ...problem, pointer: `${pointer}${place}` };
  });
}

/** Of a stored task the type stays, but its config may have changed by the time of the run. */
export function taskCallOutput(call: TaskCall, types: NodeTypes): ValueType {
  if ("task_type" in call) return taskOutputType(call.task_type, call.config, types);
  const taskType = types.stored.tasks.get(call.task_id.toLowerCase())?.taskType;
  return taskType === undefined || taskType === "noop" ? ANY : taskOutputType(taskType, {}, types);
}

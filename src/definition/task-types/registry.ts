import { z } from "zod";
import { isJsonObject, type JsonObject, type JsonValue } from "../../core/json";
import { err, ok, type Result } from "../../core/result";
import type { Problem, RetryConfig, TimeoutConfig } from "../graph-types";
import { pathOf } from "../json-pointer";
import { meantHint, nearName } from "../near-name";
import { defaultTaskOptions, overrideTaskOptions } from "../retry-and-timeout";
import { schemaProblems } from "../schema-problems";
import type { TaskOptions } from "../task-options";
import { hasTemplate } from "../templates";
import { httpTaskType } from "./http";
import { noopTaskType } from "./noop";
import { shellTaskType } from "./shell";
import type { TaskType } from "./task-type";

/** Every task type there is. A new one is a file beside this one, a line here, and a runner. */
const TASK_TYPES: ReadonlyMap<string, TaskType> = new Map(
  [shellTaskType, httpTaskType, noopTaskType].map((taskType) => [taskType.name, taskType]),
);

export const TASK_TYPE_NAMES: readonly string[] = [...TASK_TYPES.keys()];

export interface ParsedTaskConfig {
  /** Checked, with its defaults filled in. */
  readonly config: JsonObject;
  readonly options: TaskOptions;
}

/**
 * Checks the config of a task against its type, all problems at once. Pointers start at the config; `TASK_TYPE_UNKNOWN`
 * points at its root. The options come from the config's `retry` and `timeout` and the type's defaults.
 */
export function parseTaskConfig(taskType: string, config: JsonValue): Result<ParsedTaskConfig, readonly Problem[]> {
  const type = TASK_TYPES.get(taskType);
  if (type === undefined) return err([unknownTaskType(taskType, "")]);
  const parsed = type.schema.safeParse(config);
  if (!parsed.success) return err(schemaProblems(type.schema, parsed.error.issues, config, ""));
  const checked = parsed.data as JsonObject;
  const { retry, timeout } = checked as { readonly retry?: RetryConfig; readonly timeout?: TimeoutConfig | string };
  return ok({
    config: checked,
    options: overrideTaskOptions(defaultTaskOptions(type.defaultMaxAttempts), retry, timeout),
  });
}

/**
 * Checks what can be checked of a config that is rendered later: fields and values that hold no `${{ }}`. Where a
 * template stands, or is part of what is wrong, the run decides.
 */
export function checkTemplatedConfig(taskType: string, config: JsonObject): readonly Problem[] {
  const parsed = parseTaskConfig(taskType, config);
  if (parsed.ok) return [];
  return parsed.error.filter(({ pointer }) => !hasTemplateOnTheWay(config, pointer));
}

function hasTemplateOnTheWay(config: JsonObject, pointer: string): boolean {
  let value: JsonValue | undefined = config;
  for (const name of pathOf(pointer)) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return false;
    value = (value as JsonObject)[name];
  }
  return typeof value === "string" && hasTemplate(value);
}

/** Says which task types there are. */
export function unknownTaskType(taskType: string, pointer: string): Problem {
  const suggestion = nearName(taskType, TASK_TYPE_NAMES);
  const hint = meantHint(suggestion);
  const known = TASK_TYPE_NAMES.join(", ");
  return {
    code: "TASK_TYPE_UNKNOWN",
    pointer,
    message: `unknown task type ${JSON.stringify(taskType.slice(0, 64))}; known are ${known}${hint}`,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

/** Attempts in all where nobody says; undefined where there is no such type. */
export function defaultAttempts(taskType: string): number | undefined {
  return TASK_TYPES.get(taskType)?.defaultMaxAttempts;
}

/** One line on a task type; throws where there is none. */
export function taskTypeSummary(name: string): string {
  return taskTypeNamed(name).summary;
}

/** JSON Schema (draft 2020-12) of a task type's config; throws where there is no such type. */
export function taskTypeSchema(name: string): JsonObject {
  const schema: unknown = z.toJSONSchema(taskTypeNamed(name).schema, { io: "input" });
  if (!isJsonObject(schema)) throw new Error(`the config of ${name} has no JSON Schema`);
  return schema;
}

function taskTypeNamed(name: string): TaskType {
  const type = TASK_TYPES.get(name);
  if (type === undefined) throw new Error(`unknown task type ${name}`);
  return type;
}

import { isJsonObject, type JsonObject, type JsonValue } from "../../core/json";
import type { Problem } from "../graph-types";
import { pathOf } from "../json-pointer";
import { mergePatch } from "../merge-patch";
import type { StoredTask } from "../stored-parts";
import { checkTemplatedConfig } from "../task-types/registry";
import type { ValueType } from "../types/value-type";
import { checkRenderedConfig } from "./check-rendered-config";

/** What an override makes wrong of the config of a stored task, as that stands now. Pointers start at the override. */
export function checkOverride(
  override: JsonObject,
  { taskType, config }: StoredTask,
  typeOf: (template: JsonValue) => ValueType,
): readonly Problem[] {
  const merged = mergePatch(config, override);
  // What is wrong with the stored config by itself is not the override's.
  if (!isJsonObject(merged) || checkTemplatedConfig(taskType, config).length > 0) return [];
  const problems = [...checkTemplatedConfig(taskType, merged), ...checkRenderedConfig(taskType, merged, typeOf)];
  return problems.flatMap((problem) => {
    if (isIn(override, pathOf(problem.pointer))) return [problem];
    // It takes away what the config needs.
    return problem.pointer === "" ? [{ ...problem, message: `${problem.message}, once it is merged` }] : [];
  });
}

/** Whether the override says something of the place: all else is the stored task's. */
function isIn(value: JsonValue, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return false;
  if (!isJsonObject(value)) return Array.isArray(value);
  const member = Object.hasOwn(value, name) ? value[name] : undefined;
  if (member === undefined) return false;
  return rest.length === 0 || !isJsonObject(member) || isIn(member, rest);
}

import { isJsonObject, type JsonObject, type JsonValue } from "../../core/json";
import type { Problem } from "../graph-types";
import { pointerTo } from "../json-pointer";
import { parseTaskConfig } from "../task-types/registry";
import { hasTemplate } from "../templates";
import { alternatives, typeName, type ValueType } from "../types/value-type";

/**
 * Where a template in an inline task's config gives a value of a type that its field cannot take, whatever the value is:
 * a number for an environment variable. `typeOf` tells what is known of a template. Pointers start at the config.
 */
export function checkRenderedConfig(
  taskType: string,
  config: JsonObject,
  typeOf: (template: string) => ValueType,
): readonly Problem[] {
  return templatesIn(config, []).flatMap(({ path, text }): readonly Problem[] => {
    const type = typeOf(text);
    const mistakes = alternatives(type).map((one) => mistakeOf(taskType, config, path, one));
    const [first] = mistakes;
    if (first === undefined || first === null || mistakes.includes(null)) return [];
    return [
      {
        code: "EXPRESSION_TYPE",
        pointer: pointerTo("", path),
        message: `${first}, but the template gives ${typeName(type)}`,
      },
    ];
  });
}

interface TemplateIn {
  readonly path: readonly string[];
  readonly text: string;
}

function templatesIn(value: JsonValue, path: readonly string[]): readonly TemplateIn[] {
  if (typeof value === "string") return hasTemplate(value) ? [{ path, text: value }] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, item]: [string, JsonValue]) => templatesIn(item, [...path, name]));
}

/** What is said of a value of this type in this place; null where nothing is, or where that depends on the value. */
function mistakeOf(taskType: string, config: JsonObject, path: readonly string[], type: ValueType): string | null {
  const sample = sampleOf(type);
  const parsed = sample === undefined ? null : parseTaskConfig(taskType, replaced(config, path, sample));
  if (parsed === null || parsed.ok) return null;
  const pointer = pointerTo("", path);
  return parsed.error.find((problem) => problem.pointer === pointer && problem.code === "FIELD_TYPE")?.message ?? null;
}

function sampleOf({ kind }: ValueType): JsonValue | undefined {
  switch (kind) {
    case "null":
      return null;
    case "bool":
      return true;
    case "double":
      return 1;
    case "string":
      return "x";
    case "list":
      return [];
    case "object":
      return {};
    default:
      return undefined;
  }
}

function replaced(value: JsonValue, [name, ...rest]: readonly string[], by: JsonValue): JsonValue {
  if (name === undefined) return by;
  if (Array.isArray(value))
    return value.map((item: JsonValue, index) => (String(index) === name ? replaced(item, rest, by) : item));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key === name ? replaced(item, rest, by) : item]),
  );
}

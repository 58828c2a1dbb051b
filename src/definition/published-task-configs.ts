import { isJsonObject, type JsonObject, type JsonValue } from "../core/json";
import { TASK_TYPE_NAMES, taskTypeSchema } from "./task-types/registry";

/** A text that is rendered: what it becomes is not known before the run. */
const TEMPLATE: JsonObject = {
  description: "A text with an expression in `${{ }}`.",
  type: "string",
  pattern: "\\$\\{\\{",
};

/** Definitions for the configs of inline tasks, where a template may stand in place of any value. */
export function taskConfigDefinitions(): Readonly<Record<string, JsonValue>> {
  return { template: TEMPLATE, ...Object.fromEntries(TASK_TYPE_NAMES.flatMap(definitionsOf)) };
}

/** A config's own definitions come to stand beside those of others, so each gets a name of its own. */
function definitionsOf(taskType: string): readonly (readonly [string, JsonValue])[] {
  const name = configName(taskType);
  const renamed = JSON.stringify(taskTypeSchema(taskType)).replaceAll('"#/$defs/', `"#/$defs/${name}_`);
  const { $schema: _, $defs = {}, ...schema } = JSON.parse(renamed) as JsonObject;
  return [
    [name, withTemplates(schema)],
    ...Object.entries($defs as JsonObject).map(([part, value]) => [`${name}_${part}`, value] as const),
  ];
}

/** For an object with `task_type` and `config`: the config is as its type has it. */
export function taskConfigRules(): readonly JsonValue[] {
  return TASK_TYPE_NAMES.map((name) => ({
    if: { required: ["task_type"], properties: { task_type: { const: name } } },
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own keyword.
    then: { properties: { config: { $ref: `#/$defs/${configName(name)}` } } },
  }));
}

function configName(taskType: string): string {
  return `${taskType}_config`;
}

/** The schema with templates allowed for everything inside the value, but not for the value itself. */
function withTemplates(schema: JsonObject): JsonObject {
  const changed: Record<string, JsonValue> = { ...schema };
  const { properties, items, additionalProperties, anyOf } = schema;
  if (isJsonObject(properties))
    changed["properties"] = Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, orTemplate(property)]),
    );
  if (isJsonObject(items)) changed["items"] = orTemplate(items);
  if (isJsonObject(additionalProperties)) changed["additionalProperties"] = orTemplate(additionalProperties);
  if (Array.isArray(anyOf))
    changed["anyOf"] = anyOf.map((one: JsonValue) => (isJsonObject(one) ? withTemplates(one) : one));
  return changed;
}

function orTemplate(schema: JsonValue): JsonValue {
  if (!isJsonObject(schema) || Object.keys(schema).length === 0) return schema;
  const { description, ...rest } = withTemplates(schema);
  const either = { anyOf: [rest, { $ref: "#/$defs/template" }] };
  return description === undefined ? either : { description, ...either };
}

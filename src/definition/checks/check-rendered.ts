import { isJsonObject, type JsonObject, type JsonValue } from "../../core/json";
import type { Problem } from "../graph-types";
import { pointerTo } from "../json-pointer";
import { checkAgainstSchema } from "../json-schema";
import { hasTemplate } from "../templates";
import { resolvedSchema, typeOfSchema } from "../types/schema-type";
import { alternatives, typeName, type ValueType } from "../types/value-type";

/** Tells what is known of what a template renders to. */
type TypeOf = (template: JsonValue) => ValueType;

/** Where what is rendered cannot match a JSON Schema, whatever the values are. Pointers start at the template; `by` names the schema. */
export function checkRendered(
  template: JsonValue,
  { schema, by }: { readonly schema: JsonObject; readonly by: string },
  typeOf: TypeOf,
): readonly Problem[] {
  if (!holdsTemplate(template))
    return checkAgainstSchema(schema, template).map((found) => ({ ...found, message: `${found.message}, by ${by}` }));
  return [...mismatches(template, { schema, root: schema, type: typeOfSchema(schema), by }, "", typeOf)];
}

/** The same where nothing is said of the output: it is an object of the outputs of the last nodes, by id. */
export function checkDefaultOutput(schema: JsonObject, ids: readonly string[]): string | undefined {
  const type = typeOfSchema(schema);
  if (!alternatives(type).some(({ kind }) => kind === "any" || kind === "object"))
    return `it must be ${typeName(type)} by output_schema`;
  const missing = requiredIn(schema).find((name) => !ids.includes(name));
  return missing === undefined ? undefined : `output_schema asks for '${missing}', which no node is called`;
}

interface Wanted {
  /** Undefined where nothing is known of it. */
  readonly schema: JsonObject | undefined;
  readonly root: JsonObject;
  readonly type: ValueType;
  /** Which schema it is, for messages. */
  readonly by: string;
}

function* mismatches(template: JsonValue, wanted: Wanted, pointer: string, typeOf: TypeOf): Iterable<Problem> {
  const given = typeOf(template);
  if (!mayBe(given, wanted.type)) {
    const message = `must be ${typeName(wanted.type)} by ${wanted.by}, but is ${typeName(given)}`;
    yield { code: "SCHEMA_MISMATCH", pointer, message };
    return;
  }
  const [only, ...others] = alternatives(wanted.type);
  if (others.length > 0) return;
  if (Array.isArray(template) && only?.kind === "list")
    for (const [index, item] of template.entries())
      yield* mismatches(
        item as JsonValue,
        { ...wanted, schema: undefined, type: only.items },
        `${pointer}/${index}`,
        typeOf,
      );
  if (!isJsonObject(template) || only?.kind !== "object") return;
  for (const name of requiredIn(wanted.schema))
    if (!Object.hasOwn(template, name))
      yield { code: "SCHEMA_MISMATCH", pointer, message: `must have required property '${name}', by ${wanted.by}` };
  for (const [name, value] of Object.entries(template)) {
    const at = pointerTo(pointer, [name]);
    const type = only.fields.get(name) ?? only.rest;
    if (type === null) yield { code: "SCHEMA_MISMATCH", pointer: at, message: `is no property that ${wanted.by} has` };
    else yield* mismatches(value, { ...wanted, schema: propertyOf(wanted, name), type }, at, typeOf);
  }
}

function mayBe(given: ValueType, wanted: ValueType): boolean {
  const kindOf = ({ kind }: ValueType) => (kind === "int" ? "double" : kind);
  return alternatives(given).some((one) =>
    alternatives(wanted).some((other) => one.kind === "any" || other.kind === "any" || kindOf(one) === kindOf(other)),
  );
}

function requiredIn(schema: JsonObject | undefined): readonly string[] {
  const names = schema?.["required"];
  return Array.isArray(names) ? names.filter((name): name is string => typeof name === "string") : [];
}

function propertyOf({ schema, root }: Wanted, name: string): JsonObject | undefined {
  const properties = schema?.["properties"];
  const property = isJsonObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
  return resolvedSchema(property, root);
}

function holdsTemplate(value: JsonValue): boolean {
  if (typeof value === "string") return hasTemplate(value);
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some((item: JsonValue) => holdsTemplate(item));
}

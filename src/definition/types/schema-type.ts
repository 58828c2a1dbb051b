import { isJsonObject, type JsonObject, type JsonValue } from "../../core/json";
import { pathOf } from "../json-pointer";
import { ANY, BOOL, listOf, NULL, NUMBER, oneOf, STRING, unionOf, type ValueType } from "./value-type";

/** Schemas that name themselves go on for ever; what lies deeper is rarely written out in an expression. */
const MAX_DEPTH = 12;

/**
 * What a value has for a type that matches a JSON Schema. Only keywords that say so plainly are read; all others narrow
 * further what these allow, so leaving them out keeps the type wide enough.
 */
export function typeOfSchema(schema: JsonValue | undefined): ValueType {
  return isJsonObject(schema) ? read(schema, schema, MAX_DEPTH) : ANY;
}

function read(schema: JsonValue | undefined, root: JsonObject, depth: number): ValueType {
  if (!isJsonObject(schema) || depth === 0) return ANY;
  const own = (name: string) => (Object.hasOwn(schema, name) ? schema[name] : undefined);
  const reference = own("$ref");
  if (typeof reference === "string") return read(resolve(reference, root), root, depth - 1);
  if (Object.hasOwn(schema, "const")) return typeOfConstant(own("const") ?? null);
  const values = own("enum");
  if (Array.isArray(values)) return unionOf(values.map(typeOfConstant));
  const type = own("type");
  const names = Array.isArray(type) ? type : [type];
  if (type !== undefined) return unionOf(names.map((name) => typeNamed(name, schema, root, depth)));
  for (const name of ["anyOf", "oneOf"]) {
    const among = own(name);
    if (Array.isArray(among)) return unionOf(among.map((item) => read(item, root, depth - 1)));
  }
  return ANY;
}

function typeNamed(name: JsonValue | undefined, schema: JsonObject, root: JsonObject, depth: number): ValueType {
  switch (name) {
    case "null":
      return NULL;
    case "boolean":
      return BOOL;
    case "integer":
    case "number":
      return NUMBER;
    case "string":
      return STRING;
    case "array":
      return listOf(itemsType(schema, root, depth));
    case "object":
      return objectType(schema, root, depth);
    default:
      return ANY;
  }
}

function itemsType(schema: JsonObject, root: JsonObject, depth: number): ValueType {
  const first = schema["prefixItems"];
  if (!Array.isArray(first)) return read(schema["items"], root, depth - 1);
  const rest = schema["items"] === false ? [] : [schema["items"]];
  return unionOf([...first, ...rest].map((item) => read(item, root, depth - 1)));
}

function objectType(schema: JsonObject, root: JsonObject, depth: number): ValueType {
  const properties = Object.hasOwn(schema, "properties") ? schema["properties"] : undefined;
  const named = isJsonObject(properties) ? Object.entries(properties) : [];
  const fields = new Map(named.map(([name, property]) => [name, read(property, root, depth - 1)] as const));
  return { kind: "object", fields, rest: restType(schema, root, depth) };
}

function restType(schema: JsonObject, root: JsonObject, depth: number): ValueType | null {
  const rest = Object.hasOwn(schema, "additionalProperties") ? schema["additionalProperties"] : undefined;
  if (Object.hasOwn(schema, "patternProperties")) return ANY;
  if (rest === false) return null;
  return read(rest, root, depth - 1);
}

/** A schema, or the one that its `$ref` names; undefined where it is none. */
export function resolvedSchema(schema: JsonValue | undefined, root: JsonObject): JsonObject | undefined {
  let found = schema;
  for (let depth = 0; depth < MAX_DEPTH && isJsonObject(found); depth += 1) {
    const reference: JsonValue | undefined = Object.hasOwn(found, "$ref") ? found["$ref"] : undefined;
    if (typeof reference !== "string") return found;
    found = resolve(reference, root);
  }
  return undefined;
}

/** A schema inside the same document, by a pointer such as `#/$defs/item`. */
function resolve(reference: string, root: JsonObject): JsonValue | undefined {
  if (!reference.startsWith("#/")) return reference === "#" ? root : undefined;
  let found: JsonValue | undefined = root;
  for (const name of pathOf(reference.slice(1))) {
    if (!isJsonObject(found) || !Object.hasOwn(found, name)) return undefined;
    found = found[name];
  }
  return found;
}

function typeOfConstant(value: JsonValue): ValueType {
  return typeof value === "string" ? oneOf([value]) : typeOfValue(value);
}

/** Of a value that is written out. */
export function typeOfValue(value: JsonValue): ValueType {
  switch (typeof value) {
    case "string":
      return STRING;
    case "number":
      return NUMBER;
    case "boolean":
      return BOOL;
    default:
      if (value === null) return NULL;
      if (Array.isArray(value)) return listOf(value.length === 0 ? ANY : unionOf(value.map(typeOfValue)));
      return {
        kind: "object",
        fields: new Map(Object.entries(value).map(([name, item]) => [name, typeOfValue(item)])),
        rest: null,
      };
  }
}

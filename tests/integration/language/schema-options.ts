import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/core/json";

/**
 * Everything that the published JSON Schema lets a definition say, and what a definition says of it, by the same names:
 *
 * - `map.config.max_failures`: a field, after the kind of node, `edge`, `definition` or the task type that has it;
 * - `switch.config.cases[].name`: a field of what stands in a list;
 * - `approval.config.on_timeout=reject`: one of the values that it may have;
 * - `map.config.items: array`: one of the kinds of JSON that it may be.
 *
 * Nodes inside nodes go by their own kind, wherever they stand.
 */
export function languageOptions(schema: JsonObject): ReadonlySet<string> {
  const walk = new OptionWalk(schema);
  walk.visit(schema, "definition", ANYTHING);
  for (const [name, part] of Object.entries(walk.parts)) {
    const of = /^(.+)_(?:node|config)$/.exec(name)?.[1] ?? (name === "edge" ? name : undefined);
    if (of !== undefined && isJsonObject(part)) walk.visit(part, of, ANYTHING);
  }
  return walk.found;
}

/** What `definition`, which must be valid, says of it. */
export function usedOptions(schema: JsonObject, definition: JsonValue): ReadonlySet<string> {
  const walk = new OptionWalk(schema);
  walk.visit(schema, "definition", definition);
  return walk.found;
}

/** In place of a value: all that the schema admits. */
const ANYTHING: unique symbol = Symbol("anything");
type Value = JsonValue | typeof ANYTHING;

/** Refers to a text with an expression, which may stand for any value of a task's config and is no option of it. */
const TEMPLATE = "#/$defs/template";

class OptionWalk {
  readonly found = new Set<string>();
  /** Schemas that others refer to. */
  readonly parts: JsonObject;
  readonly #inside: string[] = [];

  constructor({ $defs }: JsonObject) {
    this.parts = isJsonObject($defs) ? $defs : {};
  }

  visit(schema: JsonObject, path: string, value: Value): void {
    const { $ref, properties, items } = schema;
    const alternatives = alternativesOf(schema);
    if (typeof $ref === "string") this.#refer($ref.replace("#/$defs/", ""), path, value);
    else if (alternatives.length > 0) this.#visitOneOf(alternatives, path, value);
    for (const allowed of allowedValues(schema))
      if (value === ANYTHING || value === allowed) this.found.add(`${path}=${allowed}`);
    if (isJsonObject(properties)) this.#visitFields(properties, path, value);
    if (!isJsonObject(items)) return;
    const list: readonly Value[] = value === ANYTHING ? [value] : listIn(value);
    for (const item of list) this.visit(items, `${path}[]`, item);
  }

  #visitFields(properties: JsonObject, path: string, value: Value): void {
    for (const [name, schema] of Object.entries(properties)) {
      const field = value === ANYTHING ? value : isJsonObject(value) ? value[name] : undefined;
      if (field === undefined || !isJsonObject(schema)) continue;
      this.found.add(`${path}.${name}`);
      this.visit(schema, `${path}.${name}`, field);
    }
  }

  #visitOneOf(alternatives: readonly JsonObject[], path: string, value: Value): void {
    const kinds = alternatives.map((one) => this.#kindOf(one));
    const areTold = new Set(kinds).size > 1;
    for (const [at, one] of alternatives.entries()) {
      if (value !== ANYTHING && !this.#fits(one, value)) continue;
      if (areTold) this.found.add(`${path}: ${kinds[at]}`);
      this.visit(one, path, value);
      if (value !== ANYTHING) return;
    }
  }

  /** A part by its name. Nodes and edges are visited by themselves where everything is; a value's are visited where they stand. */
  #refer(name: string, path: string, value: Value): void {
    if (name === "node") this.#visitTyped("node", textIn(value, "type"), value);
    else if (name === "edge" && value !== ANYTHING) this.visit(this.#part(name), name, value);
    else if (name !== "edge") this.#inline(name, path, value);
    if (name === "task_call" && isJsonObject(value))
      this.#visitTyped("config", textIn(value, "task_type"), value["config"]);
  }

  #visitTyped(what: "node" | "config", type: string, value: Value | undefined): void {
    if (value !== ANYTHING && value !== undefined) this.visit(this.#part(`${type}_${what}`), type, value);
  }

  /** A schema of JSON refers to itself, which says nothing new. */
  #inline(name: string, path: string, value: Value): void {
    if (value === ANYTHING && this.#inside.includes(name)) return;
    this.#inside.push(name);
    this.visit(this.#part(name), path, value);
    this.#inside.pop();
  }

  #part(name: string): JsonObject {
    const part = this.parts[name];
    if (!isJsonObject(part)) throw new Error(`the schema has no ${name}`);
    return part;
  }

  #kindOf(schema: JsonObject): string {
    const { $ref, type } = schema;
    if (typeof $ref === "string") return this.#kindOf(this.#part($ref.replace("#/$defs/", "")));
    return typeof type === "string" ? type : "any";
  }

  #fits(schema: JsonObject, value: JsonValue): boolean {
    const kind = this.#kindOf(schema);
    const { required } = schema;
    const isOfKind = kind === "any" || kind === kindOfValue(value) || (kind === "number" && typeof value === "number");
    return isOfKind && listIn(required).every((name) => isJsonObject(value) && String(name) in value);
  }
}

/** What a value may be, where that is more than one thing. A schema of an object uses `anyOf` to say which fields go together. */
function alternativesOf({ anyOf, type, properties, ...rest }: JsonObject): readonly JsonObject[] {
  if (Array.isArray(type)) return type.map((one: JsonValue) => ({ ...rest, type: one }));
  if (!Array.isArray(anyOf) || properties !== undefined) return [];
  return anyOf.filter(isJsonObject).flatMap((one) => {
    if (one["$ref"] === TEMPLATE) return [];
    const inner = alternativesOf(one);
    return inner.length > 0 ? inner : [one];
  });
}

/** `true` alone is what a field is there for, and no choice. */
function allowedValues({ enum: values, type, const: only }: JsonObject): readonly JsonValue[] {
  if (type === "boolean" && only === undefined) return [true, false];
  return listIn(values);
}

function kindOfValue(value: JsonValue): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : typeof value;
}

function listIn(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function textIn(value: Value, name: string): string {
  return String(value === ANYTHING || !isJsonObject(value) ? "" : value[name]);
}

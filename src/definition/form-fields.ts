import { isJsonObject, type JsonObject, type JsonValue } from "../core/json";

/** How a field is asked for. */
export type FieldKind = "choice" | "choices" | "boolean" | "integer" | "number" | "string" | "json";

/** One field of a form. */
export interface FormField {
  /** Names from the form down to it; empty where the form itself is the field. */
  readonly path: readonly string[];
  readonly kind: FieldKind;
  readonly required: boolean;
  /** Title or description in the schema; empty where it has none. */
  readonly text: string;
  /** Of `choice` and `choices`. */
  readonly choices: readonly JsonValue[];
  readonly fallback?: JsonValue;
  /** Stands on its own: the definitions that it refers to are in it. */
  readonly schema: JsonObject;
}

/** Objects inside of objects are asked for field by field down to here; deeper ones as JSON. */
const MAX_DEPTH = 3;

/** The fields of a form, in the order of its JSON Schema. A part of a schema that is no plain object is one field of JSON. */
export function formFields(schema: JsonObject): readonly FormField[] {
  return fieldsOf(schema, schema, [], true);
}

function fieldsOf(
  given: JsonValue,
  root: JsonObject,
  path: readonly string[],
  required: boolean,
): readonly FormField[] {
  const schema = resolved(given, root);
  const { properties } = schema;
  if (isJsonObject(properties) && path.length < MAX_DEPTH && !("oneOf" in schema) && !("anyOf" in schema)) {
    const wanted = Array.isArray(schema["required"]) ? (schema["required"] as readonly JsonValue[]) : [];
    return Object.entries(properties).flatMap(([name, property]) =>
      fieldsOf(property, root, [...path, name], required && wanted.includes(name)),
    );
  }
  const { title, description, default: fallback } = schema;
  const text = [title, description].find((one) => typeof one === "string");
  const standing = withDefinitions(schema, root);
  return [
    {
      path,
      ...kindOf(schema, root),
      required,
      text: typeof text === "string" ? text : "",
      ...(fallback === undefined ? {} : { fallback }),
      schema: standing,
    },
  ];
}

function kindOf(schema: JsonObject, root: JsonObject): Pick<FormField, "kind" | "choices"> {
  const choices = choicesOf(schema);
  if (choices !== undefined) return { kind: "choice", choices };
  const { type, items } = schema;
  if (type === "array" && items !== undefined) {
    const ofItems = choicesOf(resolved(items, root));
    if (ofItems !== undefined) return { kind: "choices", choices: ofItems };
  }
  const isPlain = type === "boolean" || type === "integer" || type === "number" || type === "string";
  return { kind: isPlain ? type : "json", choices: [] };
}

function choicesOf(schema: JsonObject): readonly JsonValue[] | undefined {
  if (Array.isArray(schema["enum"])) return schema["enum"] as readonly JsonValue[];
  return schema["const"] === undefined ? undefined : [schema["const"]];
}

/** Follows references inside of the schema; one that leads nowhere, or in a circle, allows anything here. */
function resolved(schema: JsonValue, root: JsonObject): JsonObject {
  let current = schema;
  for (let links = 0; links < 10; links++) {
    if (!isJsonObject(current)) return {};
    const reference = current["$ref"];
    if (typeof reference !== "string") return current;
    current = reference.startsWith("#/") ? at(root, reference.slice(2).split("/")) : {};
  }
  return {};
}

function at(value: JsonValue, names: readonly string[]): JsonValue {
  let current: JsonValue = value;
  for (const name of names) {
    const next: JsonValue | undefined = isJsonObject(current)
      ? current[name.replaceAll("~1", "/").replaceAll("~0", "~")]
      : undefined;
    if (next === undefined) return {};
    current = next;
  }
  return current;
}

function withDefinitions(schema: JsonObject, root: JsonObject): JsonObject {
  const definitions = ["$defs", "definitions"].filter((name) => root[name] !== undefined && schema[name] === undefined);
  return { ...schema, ...Object.fromEntries(definitions.map((name) => [name, root[name] ?? null])) };
}

/** What a person typed, as the field's value; undefined where it cannot be one. Whether the schema takes it is another question. */
export function readValue({ kind, choices }: FormField, text: string): JsonValue | undefined {
  switch (kind) {
    case "string":
      return text;
    case "integer":
      return /^\s*[+-]?\d+\s*$/.test(text) ? Number(text) : undefined;
    case "number":
      return text.trim() === "" || Number.isNaN(Number(text)) ? undefined : Number(text);
    case "boolean":
      return { true: true, yes: true, y: true, false: false, no: false, n: false }[text.trim().toLowerCase()];
    case "choice":
      return choiceOf(choices, text);
    case "choices": {
      const found = text.split(",").map((one) => choiceOf(choices, one.trim()));
      return found.some((one) => one === undefined) ? undefined : (found as readonly JsonValue[]);
    }
    case "json":
      try {
        return JSON.parse(text) as JsonValue;
      } catch {
        return undefined;
      }
  }
}

function choiceOf(choices: readonly JsonValue[], text: string): JsonValue | undefined {
  return choices.find((choice) => choiceText(choice) === text);
}

/** What a text must be to be a field's value. */
export const WANTED: Readonly<Record<FieldKind, string>> = {
  choice: "must be one of the choices",
  choices: "must be some of the choices, with commas between them",
  boolean: "must be true or false",
  integer: "must be a whole number",
  number: "must be a number",
  string: "must be a text",
  json: "must be JSON",
};

/** A choice as it is shown and typed: a text as it is, anything else as JSON. */
export function choiceText(choice: JsonValue): string {
  return typeof choice === "string" ? choice : JSON.stringify(choice);
}

/** The form with a value set, in objects that are made where they are missing. */
export function withValue(form: JsonValue, path: readonly string[], value: JsonValue): JsonValue {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  const parent = isJsonObject(form) ? form : {};
  return { ...parent, [name]: withValue(parent[name] ?? {}, rest, value) };
}

/** What the form holds at a path; undefined where it holds nothing there. */
export function valueAt(form: JsonValue | undefined, path: readonly string[]): JsonValue | undefined {
  let current = form;
  for (const name of path) current = isJsonObject(current) ? current[name] : undefined;
  return current;
}

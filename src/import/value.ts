import { isJsonObject, type JsonValue } from "../core/json";

/** A value of a run as the import knows it: an expression, or a shape with expressions in it. */
export type Value =
  /** `isPath`: names something that is there already, and may be named again at no cost. */
  | { readonly kind: "cel"; readonly text: string; readonly isPath: boolean }
  | { readonly kind: "constant"; readonly value: JsonValue }
  | { readonly kind: "object"; readonly members: readonly (readonly [string, Value])[] }
  | { readonly kind: "list"; readonly items: readonly Value[] };

export type Segment = string | number;

/** CEL's words, which cannot follow a dot. */
const RESERVED = new Set(
  "true false null in as break const continue else for function if import let loop package namespace return var void while".split(
    " ",
  ),
);

export function path(text: string): Value {
  return { kind: "cel", text, isPath: true };
}

export function cel(text: string): Value {
  return { kind: "cel", text, isPath: false };
}

export function constant(value: JsonValue): Value {
  return { kind: "constant", value };
}

export function objectOf(members: Readonly<Record<string, Value>>): Value {
  return { kind: "object", members: Object.entries(members) };
}

/** `nodes.ID.FIELD` */
export function ofNode(id: string, field: "output" | "status" | "error"): string {
  return `${member("nodes", id)}.${field}`;
}

export function outputOf(id: string): Value {
  return path(ofNode(id, "output"));
}

/** `base.name`, or `base["na me"]`. */
export function member(base: string, name: string): string {
  return isPlain(name) ? `${base}.${name}` : `${base}[${JSON.stringify(name)}]`;
}

function isPlain(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !RESERVED.has(name);
}

/** What stands in a value at a path. Undefined where its shape is known and has no such place. */
export function select(value: Value, segments: readonly Segment[]): Value | undefined {
  const [first, ...rest] = segments;
  if (first === undefined) return value;
  const inner = selectOne(value, first);
  return inner === undefined ? undefined : select(inner, rest);
}

function selectOne(value: Value, segment: Segment): Value | undefined {
  switch (value.kind) {
    case "cel": {
      const base = value.isPath ? value.text : `(${value.text})`;
      const text = typeof segment === "number" ? `${base}[${segment}]` : member(base, segment);
      return { ...value, text };
    }
    case "constant": {
      const { value: inner } = value;
      const found = Array.isArray(inner) && typeof segment === "number" ? inner[segment] : ownMember(inner, segment);
      return found === undefined ? undefined : constant(found);
    }
    case "object":
      return value.members.find(([name]) => name === segment)?.[1];
    case "list":
      return typeof segment === "number" ? value.items[segment] : undefined;
  }
}

function ownMember(value: JsonValue, name: Segment): JsonValue | undefined {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** The members that are known of a value. */
export function membersOf(value: Value): readonly (readonly [string, Value])[] {
  if (value.kind === "object") return value.members;
  if (value.kind !== "constant" || !isJsonObject(value.value)) return [];
  return Object.entries(value.value).map(([name, inner]) => [name, constant(inner)] as const);
}

/** CEL that is true where there is something at the path. */
export function presence(value: Value, segments: readonly Segment[]): string {
  if (value.kind !== "cel") {
    const [first, ...rest] = segments;
    if (first === undefined) return "true";
    const inner = selectOne(value, first);
    return inner === undefined ? "false" : presence(inner, rest);
  }
  return segments.length === 0 ? "true" : `${optional(value, segments)}.hasValue()`;
}

/** CEL of what stands at the path, or of something else where nothing does. */
export function valueOr(value: Value, segments: readonly Segment[], otherwise: string): string {
  const found = value.kind === "cel" ? undefined : select(value, segments);
  if (value.kind !== "cel") return found === undefined ? otherwise : toCel(found);
  return segments.length === 0 ? value.text : `${optional(value, segments)}.orValue(${otherwise})`;
}

function optional(value: Value & { readonly kind: "cel" }, segments: readonly Segment[]): string {
  let text = value.isPath ? value.text : `(${value.text})`;
  for (const segment of segments)
    text += typeof segment === "string" && isPlain(segment) ? `.?${segment}` : `[?${JSON.stringify(segment)}]`;
  return text;
}

/** As it stands in a template. */
export function toTemplate(value: Value): JsonValue {
  switch (value.kind) {
    case "cel":
      return `\${{ ${value.text} }}`;
    case "constant":
      return escaped(value.value);
    case "object":
      return Object.fromEntries(value.members.map(([name, inner]) => [name, toTemplate(inner)]));
    case "list":
      return value.items.map(toTemplate);
  }
}

function escaped(value: JsonValue): JsonValue {
  if (typeof value === "string") return value.replaceAll("${{", "$${{");
  if (Array.isArray(value)) return value.map(escaped);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, escaped(inner)]));
}

/** As it stands in an expression. */
export function toCel(value: Value): string {
  switch (value.kind) {
    case "cel":
      return value.text;
    case "constant":
      return literal(value.value);
    case "object":
      return `{${value.members.map(([name, inner]) => `${JSON.stringify(name)}: ${toCel(inner)}`).join(", ")}}`;
    case "list":
      return `[${value.items.map(toCel).join(", ")}]`;
  }
}

/** A JSON value as CEL has it. Whole numbers that CEL's own cannot hold are written as doubles. */
export function literal(value: JsonValue): string {
  if (typeof value === "number")
    return Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : String(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, inner]) => `${JSON.stringify(name)}: ${literal(inner)}`);
  return `{${members.join(", ")}}`;
}

/** In brackets where it is more than a path, so that it may stand beside any operator. */
export function operand(value: Value): string {
  return value.kind === "cel" && !value.isPath ? `(${value.text})` : toCel(value);
}

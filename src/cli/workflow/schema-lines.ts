import { isJsonObject, type JsonObject, type JsonValue } from "../../core/json";

/** Properties past this many are not listed one by one: the schema itself says more. */
const MAX_LINES = 40;

/** A JSON Schema in few words, one property a line: `branch: string, required - what to build`. */
export function schemaLines(schema: JsonObject | undefined): readonly string[] {
  if (schema === undefined) return ["anything"];
  const properties = schema["properties"];
  if (!isJsonObject(properties)) return [described(schema)];
  const required = Array.isArray(schema["required"]) ? (schema["required"] as readonly JsonValue[]) : [];
  const lines = Object.entries(properties).map(([name, property]) => {
    const wanted = required.includes(name) ? ", required" : "";
    return `${name}: ${described(property, wanted)}`;
  });
  const rest = lines.length - MAX_LINES;
  const shown = rest > 0 ? [...lines.slice(0, MAX_LINES), `and ${rest} more`] : lines;
  return schema["additionalProperties"] === false ? [...shown, "nothing else"] : shown;
}

function described(schema: JsonValue, wanted = ""): string {
  if (!isJsonObject(schema)) return schema === false ? "nothing" : `anything${wanted}`;
  const text = schema["description"] ?? schema["title"];
  const fallback = schema["default"] === undefined ? "" : `, ${JSON.stringify(schema["default"])} where absent`;
  return `${typeOf(schema)}${wanted}${fallback}${typeof text === "string" ? ` - ${text}` : ""}`;
}

function typeOf(schema: JsonObject): string {
  const { type, items } = schema;
  if (Array.isArray(schema["enum"]))
    return (schema["enum"] as readonly JsonValue[]).map((one) => JSON.stringify(one)).join(" | ");
  if (schema["const"] !== undefined) return JSON.stringify(schema["const"]);
  if (type === "array") return isJsonObject(items) ? `list of ${typeOf(items)}` : "list";
  if (Array.isArray(type)) return (type as readonly JsonValue[]).join(" | ");
  return typeof type === "string" ? type : "anything";
}

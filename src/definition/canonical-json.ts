import { isJsonObject, type JsonValue } from "../core/json";

/**
 * The JSON Canonicalization Scheme (RFC 8785): no white space, members sorted by the UTF-16 units of their names, numbers
 * and strings as ECMAScript writes them. Equal values give equal text, so its hash names a definition or a request.
 */
export function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name] ?? null)}`);
  return `{${members.join(",")}}`;
}

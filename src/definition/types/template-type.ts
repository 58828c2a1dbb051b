import { isJsonObject, type JsonValue } from "../../core/json";
import { hasTemplate, parseTemplate, soleExpression } from "../templates";
import { asJsonType } from "./json-type";
import { typeOfValue } from "./schema-type";
import { listOf, STRING, unionOf, type ValueType } from "./value-type";

/** What a template renders to; `typeOf` tells the type of an expression. */
export function templateType(value: JsonValue, typeOf: (source: string) => ValueType): ValueType {
  if (typeof value === "string") return textType(value, typeOf);
  if (Array.isArray(value)) {
    const items = value.map((item: JsonValue) => templateType(item, typeOf));
    return items.length === 0 ? typeOfValue(value) : listOf(unionOf(items));
  }
  if (!isJsonObject(value)) return typeOfValue(value);
  const fields = Object.entries(value).map(([name, item]) => [name, templateType(item, typeOf)] as const);
  return { kind: "object", fields: new Map(fields), rest: null };
}

function textType(text: string, typeOf: (source: string) => ValueType): ValueType {
  if (!hasTemplate(text)) return STRING;
  const parts = parseTemplate(text);
  const sole = parts.ok ? soleExpression(parts.value) : null;
  return sole === null ? STRING : asJsonType(typeOf(sole.source));
}

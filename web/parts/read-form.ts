import { isJsonObject, type JsonValue } from "../../src/core/json";
import { type FormField, readValue, WANTED, withValue } from "../../src/definition/form-fields";

/** A form out of what stands in its fields. */
export interface ReadForm {
  /** Absent where there is nothing to send. */
  readonly form?: JsonValue;
  /** What is wrong with each field; null where nothing is. The server has the last word. */
  readonly problems: readonly (string | null)[];
}

/** A form that is rejected may be left empty. */
export function readForm(fields: readonly FormField[], texts: readonly string[], approved: boolean): ReadForm {
  const read = fields.map((field, index) => readField(field, texts[index] ?? "", approved));
  const problems = read.map((one) => (typeof one === "string" ? one : null));
  let form: JsonValue = {};
  for (const [index, field] of fields.entries()) {
    const one = read[index];
    if (one !== undefined && typeof one !== "string") form = withValue(form, field.path, one.value);
  }
  const isEmpty = isJsonObject(form) && Object.keys(form).length === 0;
  return fields.length === 0 || (isEmpty && !approved) ? { problems } : { form, problems };
}

/** The value, what is wrong with it, or undefined where it is left out. */
function readField(
  field: FormField,
  text: string,
  approved: boolean,
): { readonly value: JsonValue } | string | undefined {
  const isEmpty = text.trim() === "" && (field.kind !== "string" || text === "");
  if (isEmpty && (!field.required || !approved)) return undefined;
  if (isEmpty && field.kind !== "string") return "is required";
  const value = readValue(field, text);
  return value === undefined ? WANTED[field.kind] : { value };
}

import type { JsonValue } from "../../core/json";
import { type FormField, readValue, WANTED } from "../../definition/form-fields";
import { checkAgainstSchema } from "../../definition/json-schema";

/** What a person typed, as the field's value; what is wrong with it otherwise. */
export function parseField(
  field: FormField,
  text: string,
): { readonly ok: true; readonly value: JsonValue } | { readonly ok: false; readonly message: string } {
  const value = readValue(field, text);
  if (value === undefined) return { ok: false, message: WANTED[field.kind] };
  const [problem] = checkAgainstSchema(field.schema, value);
  return problem === undefined
    ? { ok: true, value }
    : { ok: false, message: `${problem.pointer === "" ? "" : `${problem.pointer}: `}${problem.message}` };
}

import { ANY, alternatives, unionOf, type ValueType } from "./value-type";

export type FieldAccess =
  | { readonly ok: true; readonly type: ValueType }
  /** The fields that there are, of all alternatives. */
  | { readonly ok: false; readonly known: readonly string[] };

/** A field of a value, if some value of the type may have it. */
export function accessField(object: ValueType, name: string): FieldAccess {
  const found = alternatives(object).flatMap((type) => fieldOf(type, name));
  if (found.length > 0) return { ok: true, type: unionOf(found) };
  return { ok: false, known: [...new Set(alternatives(object).flatMap(fieldNames))] };
}

function fieldOf(type: ValueType, name: string): readonly ValueType[] {
  if (type.kind === "any") return [ANY];
  if (type.kind === "optional") {
    const inner = accessField(type.value, name);
    return inner.ok ? [{ kind: "optional", value: inner.type }] : [];
  }
  if (type.kind !== "object") return [];
  const named = type.fields.get(name) ?? type.rest;
  return named === null ? [] : [named];
}

function fieldNames(type: ValueType): readonly string[] {
  if (type.kind === "optional") return alternatives(type.value).flatMap(fieldNames);
  return type.kind === "object" ? [...type.fields.keys()] : [];
}

/** What `value[key]` gives; null where no value of the type can be indexed so. */
export function accessIndex(object: ValueType, key: ValueType): ValueType | null {
  const found = alternatives(object).flatMap((type): readonly ValueType[] => {
    if (type.kind === "any") return [ANY];
    if (type.kind === "optional") return [ANY];
    if (type.kind === "list") return isAmong(key, ["int", "double"]) ? [type.items] : [];
    if (type.kind !== "object") return [];
    return isAmong(key, ["string"]) ? [valuesOf(type)] : [];
  });
  return found.length === 0 ? null : unionOf(found);
}

function isAmong(type: ValueType, kinds: readonly ValueType["kind"][]): boolean {
  return alternatives(type).some(({ kind }) => kind === "any" || kinds.includes(kind));
}

/** Of any field at all, as its name is known only in the run. */
function valuesOf(type: ValueType & { readonly kind: "object" }): ValueType {
  return unionOf([...type.fields.values(), ...(type.rest === null ? [] : [type.rest])]);
}

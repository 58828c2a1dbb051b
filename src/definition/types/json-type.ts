import { ANY, alternatives, NULL, NUMBER, type ObjectType, STRING, unionOf, type ValueType } from "./value-type";

const converted = new WeakMap<ValueType, ValueType>();

/** Types nested deeper come of templates in templates; what is that deep is not told. */
const MAX_DEPTH = 16;

/** What becomes of a value of this type once it is JSON, as outputs are: see `toJson`. */
export function asJsonType(type: ValueType, depth: number = MAX_DEPTH): ValueType {
  if (depth === 0) return ANY;
  const known = converted.get(type);
  if (known !== undefined) return known;
  const found = unionOf(alternatives(type).map((one) => convert(one, depth)));
  converted.set(type, found);
  return found;
}

function convert(type: ValueType, depth: number): ValueType {
  switch (type.kind) {
    case "int":
      return NUMBER;
    case "timestamp":
    case "duration":
      return STRING;
    case "list":
      return { kind: "list", items: asJsonType(type.items, depth - 1) };
    case "object":
      return objectType(type, depth);
    case "optional":
      return unionOf([asJsonType(type.value, depth - 1), NULL]);
    default:
      return type;
  }
}

function objectType({ fields, rest }: ObjectType, depth: number): ValueType {
  return {
    kind: "object",
    fields: new Map([...fields].map(([name, field]) => [name, asJsonType(field, depth - 1)])),
    rest: rest === null ? null : asJsonType(rest, depth - 1),
  };
}

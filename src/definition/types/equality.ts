import { meantHint, nearName } from "../near-name";
import { alternatives, typeName, type ValueType } from "./value-type";

/** Why two values are never equal, whatever they are. */
export interface NeverEqual {
  readonly message: string;
  readonly suggestion?: string;
}

/** Undefined where they may be equal. A comparison with null asks whether there is a value, so that is always sound. */
export function neverEqual(left: ValueType, right: ValueType): NeverEqual | undefined {
  if (left.kind === "null" || right.kind === "null") return undefined;
  const isPossible = alternatives(left).some((one) => alternatives(right).some((other) => mayEqual(one, other)));
  if (isPossible) return undefined;
  const [one, other] = [wordsOf(left), wordsOf(right)];
  if (one === undefined || other === undefined)
    return { message: `${typeName(left)} is never equal to ${typeName(right)}` };
  const [given = [], known = []] = one.length === 1 ? [one, other] : [other, one];
  const [word = ""] = given;
  const suggestion = given.length === 1 ? nearName(word, known) : undefined;
  const message = `'${given.join("' or '")}' is none of ${known.map((each) => `'${each}'`).join(", ")}${meantHint(suggestion)}`;
  return suggestion === undefined ? { message } : { message, suggestion };
}

/** The same of a value and what it is looked for in. */
export function neverIn(value: ValueType, among: ValueType): NeverEqual | undefined {
  const found = alternatives(among).map((one) => (one.kind === "list" ? neverEqual(value, one.items) : undefined));
  return found.includes(undefined) ? undefined : found[0];
}

/** Kinds of which too little is known. */
const OPEN: ReadonlySet<ValueType["kind"]> = new Set(["any", "other", "optional"]);

function mayEqual(left: ValueType, right: ValueType): boolean {
  if (OPEN.has(left.kind) || OPEN.has(right.kind)) return true;
  if (left.kind === "string" && right.kind === "string") {
    const { words } = right;
    return left.words === undefined || words === undefined || left.words.some((word) => words.includes(word));
  }
  const kindOf = ({ kind }: ValueType) => (kind === "int" ? "double" : kind);
  return kindOf(left) === kindOf(right);
}

function wordsOf(type: ValueType): readonly string[] | undefined {
  return type.kind === "string" ? type.words : undefined;
}

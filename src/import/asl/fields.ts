import { isJsonObject, type JsonObject, type JsonValue } from "../../core/json";
import { pointerTo } from "../../definition/json-pointer";
import { refuseUnknown } from "../unknown-fields";
import { constant, type Value } from "../value";
import { resolveIntrinsic } from "./intrinsics";
import { resolvePath } from "./json-path";
import { isJsonata, resolveJsonata } from "./jsonata";
import { isNotMapped, type Scope } from "./scope";

/** Stands where a problem was told, so that one import finds them all. */
export const UNKNOWN: Value = constant(null);

/** Runs what reads one field; what it cannot map becomes a problem of that field. */
export function attempt<T>(scope: Pick<Scope, "issues">, pointer: string, otherwise: T, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isNotMapped(error)) throw error;
    scope.issues.problem("NOT_MAPPED", pointer, error.message);
    return otherwise;
  }
}

/** A field that holds a path, such as `ItemsPath`. */
export function pathField(text: JsonValue, scope: Scope, pointer: string): Value {
  return attempt(scope, pointer, UNKNOWN, () => resolvePath(textOr(text, pointer, scope), scope));
}

function textOr(value: JsonValue, pointer: string, scope: Scope): string {
  if (typeof value === "string") return value;
  scope.issues.problem("FIELD_TYPE", pointer, "must be a text");
  return "$";
}

/** `Parameters`, `ResultSelector`, `ItemSelector` of JSONPath: names that end in `.$` hold paths. */
export function pathPayload(value: JsonValue, scope: Scope, pointer: string): Value {
  if (Array.isArray(value))
    return { kind: "list", items: value.map((item, index) => pathPayload(item, scope, pointerTo(pointer, [index]))) };
  if (!isJsonObject(value)) return constant(value);
  const members = Object.entries(value).map(([name, inner]): readonly [string, Value] => {
    const at = pointerTo(pointer, [name]);
    if (!name.endsWith(".$")) return [name, pathPayload(inner, scope, at)];
    return [name.slice(0, -2), attempt(scope, at, UNKNOWN, () => pathOrIntrinsic(textOr(inner, at, scope), scope))];
  });
  return { kind: "object", members };
}

function pathOrIntrinsic(text: string, scope: Scope): Value {
  return text.startsWith("States.") ? resolveIntrinsic(text, scope) : resolvePath(text, scope);
}

/** `Arguments`, `Output`, `Assign` and all other fields of JSONata: texts in `{% %}` are expressions. */
export function jsonataPayload(value: JsonValue, scope: Scope, pointer: string): Value {
  if (typeof value === "string" && isJsonata(value))
    return attempt(scope, pointer, UNKNOWN, () => resolveJsonata(value, scope));
  if (Array.isArray(value))
    return {
      kind: "list",
      items: value.map((item, index) => jsonataPayload(item, scope, pointerTo(pointer, [index]))),
    };
  if (!isJsonObject(value)) return constant(value);
  const members = Object.entries(value).map(
    ([name, inner]) => [name, jsonataPayload(inner, scope, pointerTo(pointer, [name]))] as const,
  );
  return { kind: "object", members };
}

/** Fields that everything in a machine may have; noteComments tells what is left out of them. */
const EVERYWHERE = ["Comment", "Type", "QueryLanguage"];

/** Tells every field of which nothing knows. */
export function refuseOthers(
  source: JsonObject,
  known: readonly string[],
  pointer: string,
  { issues }: Pick<Scope, "issues">,
): void {
  refuseUnknown(source, [...known, ...EVERYWHERE], pointer, issues);
}

import type { JsonValue } from "../core/json";
import { isDeeperThan } from "../core/json-depth";
import { err, ok, type Result } from "../core/result";
import { isLargerThan } from "../core/utf8-size";
import type { Problem } from "./graph-types";
import { MAX_DEFINITION_BYTES, MAX_NESTING } from "./limits";

/** What is left of any value once it has been JSON: no cycles, no getters, no prototypes. Never throws. */
export function plainJson(value: unknown): Result<JsonValue, readonly Problem[]> {
  const refuse = (code: string, message: string) => err([{ code, pointer: "", message }]);
  try {
    const text: string | undefined = JSON.stringify(value);
    if (text === undefined) return refuse("FIELD_TYPE", "must be an object");
    if (isLargerThan(text, MAX_DEFINITION_BYTES))
      return refuse("LIMIT_EXCEEDED", `must be at most ${MAX_DEFINITION_BYTES} bytes of JSON`);
    const plain: JsonValue = JSON.parse(text);
    if (isDeeperThan(plain, MAX_NESTING)) return refuse("LIMIT_EXCEEDED", `must not nest deeper than ${MAX_NESTING}`);
    return ok(plain);
  } catch {
    return refuse("FIELD_TYPE", "must be JSON: no cycles, and not nested too deeply");
  }
}

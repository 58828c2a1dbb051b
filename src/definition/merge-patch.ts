import { isJsonObject, type JsonObject, type JsonValue } from "../core/json";

/**
 * JSON Merge Patch (RFC 7396): objects merge member by member, `null` removes a member, anything else replaces. Neither
 * argument is changed. Members are defined, not assigned, so that one named `__proto__` is a member like any other.
 */
export function mergePatch(target: JsonValue, patch: JsonValue): JsonValue {
  if (!isJsonObject(patch)) return patch;
  const base: JsonObject = isJsonObject(target) ? target : {};
  const merged = new Map<string, JsonValue>(Object.entries(base));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, mergePatch(merged.get(name) ?? null, value));
  }
  return Object.fromEntries(merged);
}

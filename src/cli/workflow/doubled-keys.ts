import type { JsonValue } from "../../core/json";

/** A text, and the colon that makes it a key. */
const TEXT = /"(?:\\.|[^"\\])*"\s*(:)?/g;

/**
 * Where in valid JSON a key stands twice in one object, as the YAML parser says it; undefined where none does. `JSON.parse` takes the
 * last one and says nothing, so that what was written before it would be lost.
 */
export async function doubledKey(text: string, value: JsonValue): Promise<string | undefined> {
  let written = 0;
  for (const [, colon] of text.matchAll(TEXT)) if (colon !== undefined) written += 1;
  if (written === keysIn(value)) return undefined;
  // Loaded only here: it would cost every command a tenth of a second.
  const { parseDocument } = await import("yaml");
  const [error] = parseDocument(text, { stringKeys: true }).errors;
  return error?.code === "DUPLICATE_KEY" ? error.message.trimEnd() : "a key stands twice in one object";
}

/** Without recursion: how deep the value is is checked later. */
function keysIn(root: JsonValue): number {
  let count = 0;
  const open: JsonValue[] = [root];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== "object" || next === null) continue;
    const members: readonly JsonValue[] = Object.values(next);
    if (!Array.isArray(next)) count += members.length;
    for (const member of members) open.push(member);
  }
  return count;
}

import type { JsonValue } from "../../core/json";
import { pointerTo } from "../../definition/json-pointer";

/** With the flag `u`, a surrogate matches only where it is not half of a pair. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** What no store and no hash can keep, though `JSON.parse` takes it. */
export interface JsonDefect {
  /** JSON pointer (RFC 6901). */
  readonly pointer: string;
  readonly message: string;
}

/**
 * Finds the first NUL character, half of a surrogate pair, number beyond doubles, or value nested deeper than `maxDepth`.
 * PostgreSQL's jsonb refuses the first two, canonical JSON (RFC 8785) the second and third, and recursive code the last.
 * Walks without recursion for that reason.
 */
export function findJsonDefect(root: JsonValue, maxDepth: number): JsonDefect | undefined {
  const open: { value: JsonValue; pointer: string; depth: number }[] = [{ value: root, pointer: "", depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, pointer, depth } = next;
    if (typeof value === "string") {
      const message = textDefect(value);
      if (message !== undefined) return { pointer, message };
    } else if (typeof value === "number") {
      if (!Number.isFinite(value)) return { pointer, message: "is a number too large for a double" };
    } else if (typeof value === "object" && value !== null) {
      if (depth >= maxDepth) return { pointer: "", message: `must not be nested deeper than ${maxDepth} levels` };
      // Reversed: the stack then gives them back in the document's order.
      for (const [key, child] of Object.entries(value).reverse()) {
        const message = textDefect(key);
        if (message !== undefined) return { pointer, message: `has a key that ${message}` };
        open.push({ value: child, pointer: pointerTo(pointer, [key]), depth: depth + 1 });
      }
    }
  }
  return undefined;
}

function textDefect(text: string): string | undefined {
  if (text.includes("\0")) return "contains the NUL character";
  return LONE_SURROGATE.test(text) ? "contains half of a surrogate pair" : undefined;
}

import { RE2JS } from "re2js";

/** Longer patterns compile to programs that are slow to run and impossible to read. */
const MAX_PATTERN_LENGTH = 1_000;

/** A pattern that matches in time linear to the text; throws where it is not RE2 syntax. */
export interface LinearPattern {
  test(text: string): boolean;
}

/**
 * RE2 in place of JavaScript's own regular expressions, which take exponential time on patterns such as `(a+)+$` and
 * would hold a workflow task up for ever. It is also what CEL prescribes for `matches`.
 */
export function linearPattern(source: string): LinearPattern {
  if (source.length > MAX_PATTERN_LENGTH) throw new Error(`pattern is longer than ${MAX_PATTERN_LENGTH} characters`);
  const pattern = RE2JS.compile(source);
  return { test: (text) => pattern.matcher(text).find() };
}

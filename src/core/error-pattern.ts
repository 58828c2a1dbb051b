/** Whether a failure's code fits one of these patterns. */
export function matchesAny(patterns: readonly string[], code: string): boolean {
  return patterns.some((pattern) => matchesCode(pattern, code));
}

/** Whether a failure's code fits a pattern, in which `*` stands for any text. Takes time linear to pattern times code. */
export function matchesCode(pattern: string, code: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return pattern === code;
  const last = rest.pop() ?? "";
  if (!code.startsWith(first) || !code.endsWith(last) || code.length < first.length + last.length) return false;
  let position = first.length;
  for (const part of rest) {
    const found = code.indexOf(part, position);
    if (found === -1) return false;
    position = found + part.length;
  }
  return position <= code.length - last.length;
}

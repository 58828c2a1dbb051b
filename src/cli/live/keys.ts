/** What Node's `readline` tells of a key. */
export interface KeyPress {
  readonly sequence?: string | undefined;
  readonly name?: string | undefined;
  readonly ctrl?: boolean | undefined;
  readonly meta?: boolean | undefined;
}

const NAMED: ReadonlySet<string> = new Set([
  "up",
  "down",
  "left",
  "right",
  "pageup",
  "pagedown",
  "home",
  "end",
  "return",
  "escape",
  "backspace",
  "tab",
  "space",
]);

/** `up`, `return`, `ctrl-c`, or the character that was typed; null for a key that nothing here knows. */
export function keyName(text: string | undefined, { sequence, name, ctrl, meta }: KeyPress): string | null {
  if (ctrl === true && name !== undefined) return `ctrl-${name}`;
  if (name === "enter") return "return";
  if (name !== undefined && NAMED.has(name)) return name;
  if (meta === true) return null;
  const typed = text ?? sequence ?? "";
  return [...typed].length === 1 && typed >= " " && typed !== "\u007f" ? typed : null;
}

import { harmlessLine } from "../output/terminal-text";
import { type Line, line, type Span, span } from "./span";

/** Keys as they are written, and what they do. */
export type KeyText = readonly [keys: string, what: string];

/** All keys on a page of their own. */
export function keyHelpLines(keys: readonly KeyText[]): readonly Line[] {
  const width = Math.max(...keys.map(([key]) => key.length));
  return [
    line(span("Keys", "bold")),
    ...keys.map(([key, what]) => line(span(` ${key.padEnd(width)}  `, "bold"), what)),
    line(""),
    line(span("Esc closes this.", "dim")),
  ];
}

/** The first keys, as many as fit, beside each other. Whole words only: half a key helps nobody. */
export function keySpans(keys: readonly KeyText[], columns: number): readonly Span[] {
  let room = columns;
  const fitting = keys.filter(([key, what]) => {
    room -= key.length + what.length + 3;
    return room >= 0;
  });
  return fitting.flatMap(([key, what]) => [span(key, "bold"), span(` ${what}  `, "dim")]);
}

/** Something that is asked before it is done. */
export function questionLine(text: string): Line {
  return line(span(`${harmlessLine(text)} `, "failed"), span("y", "bold"), " yes  any other key no");
}

import { columnsOf, cut } from "../../core/text-columns";

/** What a piece of text is; the screen decides how that looks. */
export type Style =
  | "dim"
  | "bold"
  | "pending"
  | "running"
  | "waiting"
  | "completed"
  | "failed"
  | "skipped"
  | "cancelled";

export interface Span {
  readonly text: string;
  readonly style?: Style | undefined;
}

/** One row of the screen. */
export interface Line {
  readonly spans: readonly Span[];
  /** Shown inverted over the whole width. */
  readonly isSelected?: boolean;
}

/** Select Graphic Rendition (ECMA-48). */
const CODES: Readonly<Record<Style, string>> = {
  dim: "2",
  bold: "1",
  pending: "90",
  running: "34",
  waiting: "35",
  completed: "32",
  failed: "31",
  skipped: "90",
  cancelled: "33",
};
const INVERTED = "7";

/** `["text", style]` and plain texts, as a line. */
export function line(...parts: readonly (string | Span)[]): Line {
  return { spans: parts.map((part) => (typeof part === "string" ? { text: part } : part)) };
}

export function span(text: string, style?: Style): Span {
  return { text, style };
}

export function columnsOfLine({ spans }: Line): number {
  return spans.reduce((sum, { text }) => sum + columnsOf(text), 0);
}

export function textOfLine({ spans }: Line): string {
  return spans.map(({ text }) => text).join("");
}

/** At most `columns` wide; what is cut ends in an ellipsis, unless it `isRule`, and a selected line fills the width. */
export function fitted(given: Line, columns: number, isRule = false): Line {
  const spans: Span[] = [];
  let room = Math.max(0, columns);
  for (const { text, style } of given.spans) {
    const width = columnsOf(text);
    const kept = width <= room ? text : isRule ? [...text].slice(0, room).join("") : cut(text, room);
    if (kept !== "") spans.push({ text: kept, style });
    room -= columnsOf(kept);
    if (width > columnsOf(kept) || kept !== text) break;
  }
  if (given.isSelected === true && room > 0) spans.push({ text: " ".repeat(room) });
  return { ...given, spans };
}

/** Two lines beside each other: `right` stands at the right edge where there is room for both, and is left out elsewhere. */
export function justified(left: Line, right: Line, columns: number): Line {
  const gap = columns - columnsOfLine(left) - columnsOfLine(right);
  if (gap < 2) return fitted(left, columns);
  return { ...left, spans: [...left.spans, { text: " ".repeat(gap) }, ...right.spans] };
}

/** Empty lines follow, so that there are `height` at least. */
export function padded(lines: readonly Line[], height: number): readonly Line[] {
  return [...lines, ...Array.from({ length: Math.max(0, height - lines.length) }, () => line(""))];
}

/** Text on as many lines as it needs; words stay whole where they fit. A tab would move the cursor, and becomes blanks. */
export function wrapped(text: string, columns: number): readonly string[] {
  if (columns < 1) return [];
  return text
    .replaceAll("\t", "    ")
    .split("\n")
    .flatMap((paragraph) => wrapParagraph(paragraph, columns));
}

function wrapParagraph(paragraph: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let current = "";
  let width = 0;
  let lastSpace = -1;
  for (const character of paragraph) {
    const extra = columnsOf(character);
    if (width + extra > columns && current !== "") {
      const isAtWord = lastSpace > 0 && character !== " ";
      lines.push(isAtWord ? current.slice(0, lastSpace) : current);
      current = isAtWord ? current.slice(lastSpace + 1) : "";
      width = columnsOf(current);
      lastSpace = -1;
      if (character === " " && current === "") continue;
    }
    if (extra > columns) continue;
    if (character === " ") lastSpace = current.length;
    current += character;
    width += extra;
  }
  return [...lines, current];
}

/** The line as a terminal takes it. Without colours a selected line is still inverted: that is no colour. */
export function toAnsi({ spans, isSelected }: Line, hasColor: boolean): string {
  const text = spans
    .map(({ text: part, style }) => {
      if (style === undefined || !hasColor || isSelected === true) return part;
      return `\u001b[${CODES[style]}m${part}\u001b[0m`;
    })
    .join("");
  return isSelected === true ? `\u001b[${INVERTED}m${text}\u001b[0m` : text;
}

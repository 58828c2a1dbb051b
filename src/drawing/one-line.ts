import { columnsOf, cut } from "../core/text-columns";

/**
 * C0, DEL, C1, the marks that reorder text (CVE-2021-42574), line separators, and what XML 1.0 has no way to write: lone
 * surrogates, U+FFFE and U+FFFF.
 */
const NOT_SHOWN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]|\p{Surrogate}/gu;

/** Text of users as one line that every format can hold once its own special characters are escaped. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").replace(NOT_SHOWN, "").trim();
}

/** At most `lines` lines of at most `columns` columns, broken between words, or between the parts of a long one; what is cut ends in an ellipsis. */
export function wrap(text: string, columns: number, lines: number): readonly string[] {
  const wrapped: string[] = [];
  let rest = text;
  while (rest !== "") {
    if (wrapped.length === lines - 1 || columnsOf(rest) <= columns) {
      wrapped.push(cut(rest, columns));
      break;
    }
    const piece = cut(rest, columns + 1).slice(0, -1);
    const end = rest[piece.length] === " " ? piece.length : breakIn(piece);
    wrapped.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return wrapped;
}

/** Where to break. One that leaves most of the line empty is worse than one inside a word. */
function breakIn(piece: string): number {
  const isFar = (end: number) => end > piece.length / 3;
  const space = piece.lastIndexOf(" ");
  if (isFar(space)) return space;
  const part = Math.max(...[".", ",", "_", "/", "-", ")"].map((mark) => piece.lastIndexOf(mark) + 1));
  return isFar(part) ? part : piece.length;
}

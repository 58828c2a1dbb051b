import { assertNever } from "../../core/assert-never";
import type { DrawnKind } from "../drawing";
import { type NodeStatus, stateMark } from "../node-state";

/** Which ways a line leaves a cell; bits, so that lines that meet are added up. */
export const UP = 1;
export const RIGHT = 2;
export const DOWN = 4;
export const LEFT = 8;

/** By the sum of ways. */
const UNICODE_LINES = [" ", "╵", "╶", "└", "╷", "│", "┌", "├", "╴", "┘", "─", "┴", "┐", "┤", "┬", "┼"];
const ASCII_LINES = [" ", "|", "-", "+", "|", "|", "+", "+", "-", "+", "-", "+", "+", "+", "+", "+"];

const ASCII_MARKS: Readonly<Record<NodeStatus, string>> = {
  pending: ".",
  running: "*",
  completed: "+",
  failed: "x",
  skipped: ">",
  cancelled: "-",
};

/** By the character of the side; lines that start at one place twice make it no other. */
const UNICODE_PORTS: Readonly<Record<string, { readonly above: string; readonly below: string }>> = {
  "─": { above: "┴", below: "┬" },
  "═": { above: "╧", below: "╤" },
  "━": { above: "┷", below: "┯" },
  "╌": { above: "┴", below: "┬" },
};

/** The corners and sides of a box: upper left, upper right, lower left, lower right, horizontal, vertical. */
export type Frame = readonly [string, string, string, string, string, string];

/** What lines and boxes are made of; in a locale that is not UTF-8, of ASCII alone. */
export interface Glyphs {
  line(ways: number): string;
  readonly arrowDown: string;
  readonly arrowUp: string;
  mark(status: NodeStatus): string;
  frame(kind: DrawnKind | "section"): Frame;
  /** What becomes of a side of a box where a line starts at it. */
  port(side: string, leads: "above" | "below"): string;
  /** Text of users, which may hold anything; takes as many columns as before. */
  text(text: string): string;
}

export const UNICODE: Glyphs = {
  line: (ways) => UNICODE_LINES[ways] ?? " ",
  arrowDown: "▼",
  arrowUp: "▲",
  mark: stateMark,
  frame: unicodeFrame,
  port: (side, leads) => UNICODE_PORTS[side]?.[leads] ?? side,
  text: (text) => text,
};

export const ASCII: Glyphs = {
  line: (ways) => ASCII_LINES[ways] ?? " ",
  arrowDown: "v",
  arrowUp: "^",
  mark: (status) => ASCII_MARKS[status],
  frame: (kind) => (kind === "section" ? [".", ".", "'", "'", ".", ":"] : ["+", "+", "+", "+", "-", "|"]),
  port: (side) => (side === "-" ? "+" : side),
  text: (text) => text.replace(/…/g, "~").replace(/[^\u0020-\u007e]/gu, "?"),
};

function unicodeFrame(kind: DrawnKind | "section"): Frame {
  switch (kind) {
    case "task":
    case "transform":
    case "map":
    case "loop":
      return ["┌", "┐", "└", "┘", "─", "│"];
    case "switch":
      return ["╱", "╲", "╲", "╱", "─", "│"];
    case "wait":
    case "signal":
    case "approval":
      return ["╭", "╮", "╰", "╯", "─", "│"];
    case "workflow":
      return ["╔", "╗", "╚", "╝", "═", "║"];
    case "fail":
    case "end":
      return ["┏", "┓", "┗", "┛", "━", "┃"];
    case "other":
    case "section":
      return ["┌", "┐", "└", "┘", "╌", "╎"];
    default:
      return assertNever(kind, "kind of node");
  }
}

import { columnsOf } from "../../core/text-columns";
import type { Size } from "../layout";
import { DOWN, type Glyphs, LEFT, RIGHT, UP } from "./glyphs";

/** Names of SGR attributes (ECMA-48); empty for none. */
export const STYLES = {
  none: "",
  bold: "1",
  dim: "2",
  red: "31",
  green: "32",
  yellow: "33",
  blue: "34",
  magenta: "35",
  cyan: "36",
} as const;
export type Style = keyof typeof STYLES;

/** A line between two boxes of neighbouring rows. Lines that share an end may join, others only cross. */
export interface Wire {
  readonly from: number;
  readonly to: number;
  readonly style: Style;
}

interface Cell {
  /** Empty: the second column of the wide character before. */
  character: string;
  style: Style;
  lines?: Lines;
}

/** All lines through a cell, summed up: a thousand may share one. */
interface Lines {
  readonly first: Wire;
  /** They are drawn one after another. */
  last: Wire;
  lastWays: number;
  ways: number;
  /** All share an end with the first. */
  isJoined: boolean;
  isOneStyle: boolean;
  /** The first that goes straight up and down. */
  upright?: Wire;
}

/** Characters on a grid. What is drawn last is on top; lines that meet become corners and crossings. */
export class Canvas {
  readonly #rows: (Cell | undefined)[][];
  readonly #glyphs: Glyphs;

  constructor({ height }: Size, glyphs: Glyphs) {
    this.#glyphs = glyphs;
    this.#rows = Array.from({ length: height }, () => []);
  }

  text(x: number, y: number, text: string, style: Style = "none"): void {
    let column = x;
    for (const character of text) {
      const columns = columnsOf(character);
      const before = this.#rows[y]?.[column - 1];
      if (columns === 0 && before !== undefined) before.character += character;
      if (columns === 0) continue;
      const shown = this.#glyphs.text(character);
      this.#put(column, y, { character: shown, style });
      if (columns === 2) this.#put(column + 1, y, { character: shown === character ? "" : shown, style });
      column += columns;
    }
  }

  /** One of our own signs, which is not text of users. */
  sign(x: number, y: number, character: string, style: Style = "none"): void {
    this.#put(x, y, { character, style });
  }

  /** Where a line starts at the side of a box. */
  port(x: number, y: number, side: "above" | "below"): void {
    const cell = this.#rows[y]?.[x];
    if (cell !== undefined) cell.character = this.#glyphs.port(cell.character, side);
  }

  /** A line through these corners, each straight above, below or beside the one before. */
  wire(corners: readonly (readonly [x: number, y: number])[], wire: Wire): void {
    for (const [index, [toX, toY]] of corners.entries()) {
      const [fromX, fromY] = corners[index - 1] ?? [toX, toY];
      const [stepX, stepY] = [Math.sign(toX - fromX), Math.sign(toY - fromY)];
      for (let [x, y] = [fromX, fromY]; x !== toX || y !== toY; x += stepX, y += stepY) {
        this.#join(x, y, wayOf(stepX, stepY), wire);
        this.#join(x + stepX, y + stepY, wayOf(-stepX, -stepY), wire);
      }
    }
  }

  lines(hasColor: boolean): readonly string[] {
    return this.#rows.map((row) => this.#line(row, hasColor));
  }

  #join(x: number, y: number, ways: number, wire: Wire): void {
    const cell = this.#rows[y]?.[x];
    if (cell === undefined) this.#put(x, y, { character: " ", style: "none", lines: linesOf(wire, ways) });
    else if (cell.lines !== undefined) addLine(cell.lines, wire, ways);
  }

  #put(x: number, y: number, cell: Cell): void {
    const row = this.#rows[y];
    if (row !== undefined) row[x] = cell;
  }

  #line(row: readonly (Cell | undefined)[], hasColor: boolean): string {
    let line = "";
    let current: Style = "none";
    // By index: a row has holes, which iterators of cells would have to be told from cells.
    for (let x = 0; x < row.length; x += 1) {
      const { character, style } = this.#shown(row[x]);
      if (hasColor && style !== current && character !== " ") {
        line +=
          current === "none" ? `\u001b[${STYLES[style]}m` : `\u001b[0${style === "none" ? "" : `;${STYLES[style]}`}m`;
        current = style;
      }
      line += character;
    }
    return current === "none" ? line.trimEnd() : `${line.trimEnd()}\u001b[0m`;
  }

  #shown(cell: Cell | undefined): { readonly character: string; readonly style: Style } {
    if (cell?.lines === undefined) return cell ?? { character: " ", style: "none" };
    const { first, ways, isJoined, isOneStyle, upright } = cell.lines;
    // Where lines only cross, the upright one is whole and the other one goes on behind it.
    const character = this.#glyphs.line(isJoined || upright === undefined ? ways : UP | DOWN);
    if (!isJoined) return { character, style: (upright ?? first).style };
    return { character, style: isOneStyle ? first.style : "none" };
  }
}

function linesOf(wire: Wire, ways: number): Lines {
  return { first: wire, last: wire, lastWays: ways, ways, isJoined: true, isOneStyle: true };
}

function addLine(lines: Lines, wire: Wire, ways: number): void {
  const { first, last } = lines;
  lines.lastWays = wire === last ? lines.lastWays | ways : ways;
  lines.last = wire;
  lines.ways |= ways;
  lines.isJoined &&= wire.from === first.from || wire.to === first.to;
  lines.isOneStyle &&= wire.style === first.style;
  if ((lines.lastWays & (UP | DOWN)) === (UP | DOWN)) lines.upright ??= wire;
}

function wayOf(stepX: number, stepY: number): number {
  if (stepX !== 0) return stepX > 0 ? RIGHT : LEFT;
  return stepY > 0 ? DOWN : UP;
}

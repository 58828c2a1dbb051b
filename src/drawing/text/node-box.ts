import { columnsOf } from "../../core/text-columns";
import type { DrawnEdge, DrawnNode } from "../drawing";
import type { Size } from "../layout";
import { type NodeStatus, stateText } from "../node-state";
import { wrap } from "../one-line";
import type { Canvas, Style } from "./canvas";
import type { Frame, Glyphs } from "./glyphs";
import type { TextGraph } from "./placed-item";

/** How much is said of each node; less makes a narrower drawing. */
export interface Detail {
  readonly titleColumns: number;
  readonly details: number;
  readonly labelColumns: number;
}

export interface NodeBox extends Size {
  readonly node: DrawnNode;
  readonly lines: readonly { readonly text: string; readonly style: Style }[];
  /** Which of the lines starts with the mark of the state. */
  readonly stateLine: number;
  readonly body?: TextGraph;
}

/** Room for a line down in the middle, and for one that leads back at its right. */
const MIN_WIDTH = 9;

/** `loops` are its edges to itself, which are told of in words. */
export function nodeBox(
  node: DrawnNode,
  loops: readonly DrawnEdge[],
  detail: Detail,
  body: TextGraph | undefined,
): NodeBox {
  const state = stateLines(node, detail);
  // Where the state makes the box wide, the other words may use the room too.
  const titleColumns = Math.max(detail.titleColumns, ...state.map(({ text }) => columnsOf(text)));
  const words = [...titleLines(node, titleColumns), ...detailLines(node, loops, { ...detail, titleColumns })];
  const lines = [...words, ...state];
  const columns = Math.max(...lines.map(({ text }) => columnsOf(text))) + 4;
  // Odd, so that the middle is a column.
  const width = Math.max(MIN_WIDTH, columns, (body?.width ?? 0) + 4) | 1;
  return {
    node,
    lines,
    stateLine: words.length,
    width,
    height: lines.length + 2 + (body?.height ?? 0),
    ...(body === undefined ? {} : { body }),
  };
}

function titleLines({ title }: DrawnNode, titleColumns: number): NodeBox["lines"] {
  return wrap(title, titleColumns, 1).map((text) => ({ text, style: "bold" }));
}

function detailLines({ details }: DrawnNode, loops: readonly DrawnEdge[], detail: Detail): NodeBox["lines"] {
  return [...details.slice(0, detail.details), ...loops.map(({ label }) => label)].flatMap((text) =>
    wrap(text, detail.titleColumns, 1).map((line) => ({ text: line, style: "dim" as const })),
  );
}

function stateLines({ state }: DrawnNode, { titleColumns }: Detail): NodeBox["lines"] {
  if (state === undefined) return [];
  const style = styleOf(state.status);
  // The mark takes its place when the line is drawn: which one it is depends on the glyphs.
  return wrap(`  ${stateText(state)}`, Math.max(titleColumns, 20) + 4, 2).map((text) => ({ text, style }));
}

export function styleOf(status: NodeStatus): Style {
  const styles = {
    pending: "dim",
    running: "cyan",
    completed: "green",
    failed: "red",
    skipped: "dim",
    cancelled: "yellow",
  } as const;
  return styles[status];
}

export function drawNode(canvas: Canvas, box: NodeBox, x: number, y: number, glyphs: Glyphs): void {
  const { node, lines, stateLine, width, height, body } = box;
  const style = node.state === undefined ? "none" : styleOf(node.state.status);
  drawFrame(canvas, { x, y, width, height }, glyphs.frame(node.kind), style);
  for (const [index, line] of lines.entries()) canvas.text(x + 2, y + 1 + index, line.text, line.style);
  if (node.state !== undefined) canvas.sign(x + 2, y + 1 + stateLine, glyphs.mark(node.state.status), style);
  body?.draw(canvas, x + Math.floor((width - body.width) / 2), y + 1 + lines.length);
}

export function drawFrame(
  canvas: Canvas,
  { x, y, width, height }: Size & { readonly x: number; readonly y: number },
  [upperLeft, upperRight, lowerLeft, lowerRight, across, upright]: Frame,
  style: Style,
): void {
  for (let column = 1; column < width - 1; column += 1) {
    canvas.sign(x + column, y, across, style);
    canvas.sign(x + column, y + height - 1, across, style);
  }
  for (let row = 1; row < height - 1; row += 1) {
    canvas.sign(x, y + row, upright, style);
    canvas.sign(x + width - 1, y + row, upright, style);
  }
  canvas.sign(x, y, upperLeft, style);
  canvas.sign(x + width - 1, y, upperRight, style);
  canvas.sign(x, y + height - 1, lowerLeft, style);
  canvas.sign(x + width - 1, y + height - 1, lowerRight, style);
}

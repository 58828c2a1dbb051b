import { columnsOf } from "../../core/text-columns";
import type { DrawnEdge, DrawnGraph } from "../drawing";
import type { LayOut, Size } from "../layout";
import { wrap } from "../one-line";
import type { Canvas } from "./canvas";
import { drawChannel, planChannel } from "./channel";
import type { Glyphs } from "./glyphs";
import { type Detail, drawNode, type NodeBox, nodeBox } from "./node-box";
import { type PlacedItem, styleOfEdge, type TextGraph } from "./placed-item";
import { type Item, type Piece, rowsOf } from "./rows";

export interface TextTools {
  readonly layOut: LayOut;
  readonly glyphs: Glyphs;
  readonly detail: Detail;
}

/** Between two boxes of a row. */
const GAP = 3;
/** Graphviz gives whole numbers of its own small unit; a column is some of them. */
const UNITS_PER_COLUMN = 12;

/** Null where the graph is too large to be drawn in characters. */
export function textGraph(graph: DrawnGraph, tools: TextTools): TextGraph | null {
  const boxes: NodeBox[] = [];
  const loops = graph.edges.filter(({ source, target }) => source === target);
  for (const node of graph.nodes) {
    const body = node.body === undefined ? undefined : textGraph(node.body, tools);
    if (body === null) return null;
    const own = loops.filter(({ source }) => source === node.id);
    boxes.push(nodeBox(node, own, tools.detail, body));
  }
  const rows = rowsOf(graph);
  if (rows === null) return null;
  const placed = placeItems(rows.items, rows.pieces, boxes, tools);
  const width = Math.max(0, ...placed.map(({ left, width: own }) => left + own));
  const rowCount = Math.max(-1, ...rows.items.map(({ row }) => row)) + 1;
  const heights = Array.from({ length: rowCount }, () => 0);
  for (const { item, height } of placed) heights[item.row] = Math.max(heights[item.row] ?? 0, height);
  const channels = heights.slice(1).map((_, row) => planChannel(row, rows.pieces, placed));
  const tops: number[] = [];
  let height = 0;
  for (const [row, own] of heights.entries()) {
    tops.push(height);
    height += own + (channels[row]?.height ?? 0);
  }
  const draw = (canvas: Canvas, x: number, y: number) => {
    for (const { item, left } of placed) {
      const top = y + (tops[item.row] ?? 0);
      const box = item.type === "node" ? boxes[item.index] : undefined;
      if (box !== undefined) drawNode(canvas, box, x + left, top, tools.glyphs);
      if (item.type === "label") drawLabel(canvas, item.edge, { x: x + left, y: top }, tools.detail);
    }
    for (const [row, channel] of channels.entries())
      drawChannel(
        canvas,
        channel,
        placed,
        { x, top: y + (tops[row] ?? 0), rowHeight: heights[row] ?? 0 },
        tools.glyphs,
      );
  };
  return { width, height, draw };
}

function drawLabel(
  canvas: Canvas,
  edge: DrawnEdge,
  { x, y }: { readonly x: number; readonly y: number },
  detail: Detail,
): void {
  const lines = labelLines(edge, detail);
  const width = Math.max(...lines.map(columnsOf)) | 1;
  for (const [index, line] of lines.entries())
    canvas.text(x + 1 + Math.floor((width - columnsOf(line)) / 2), y + index, line, styleOfEdge(edge));
}

function labelLines({ label }: DrawnEdge, { labelColumns }: Detail): readonly string[] {
  return wrap(label, labelColumns, 2);
}

function sizeOf(item: Item, boxes: readonly NodeBox[], detail: Detail): Size {
  if (item.type === "node") return boxes[item.index] ?? { width: 1, height: 1 };
  if (item.type === "passage") return { width: 1, height: 1 };
  const lines = labelLines(item.edge, detail);
  return { width: (Math.max(...lines.map(columnsOf)) | 1) + 2, height: lines.length };
}

/** Columns by Graphviz, then moved apart where rounding has brought two boxes too near to each other. */
function placeItems(
  items: readonly Item[],
  pieces: readonly Piece[],
  boxes: readonly NodeBox[],
  { layOut, detail }: TextTools,
): readonly PlacedItem[] {
  const sizes = items.map((item) => sizeOf(item, boxes, detail));
  const { nodes: centres } = layOut({
    nodes: sizes.map(({ width }) => ({ width: width * UNITS_PER_COLUMN, height: UNITS_PER_COLUMN })),
    edges: pieces.map(({ above, below }) => {
      const bends = [above, below].filter((index) => items[index]?.type !== "node").length;
      // Long lines should be the straightest, as Graphviz has it for its own.
      return { source: above, target: below, isBack: false, weight: [1, 2, 8][bends] ?? 1 };
    }),
    gap: { width: GAP * UNITS_PER_COLUMN, height: 2 * UNITS_PER_COLUMN },
  });
  const order = items
    .map((item, index) => ({ item, index, x: (centres[index]?.x ?? 0) / UNITS_PER_COLUMN }))
    .sort((one, other) => one.x - other.x);
  const ends = new Map<number, number>();
  const placed: PlacedItem[] = [];
  for (const { item, index, x } of order) {
    const { width, height } = sizes[index] ?? { width: 1, height: 1 };
    const half = Math.floor(width / 2);
    const left = Math.max(Math.round(x - 0.5) - half, ends.get(item.row) ?? 0);
    ends.set(item.row, left + width + (item.type === "node" ? 2 : 1));
    placed[index] = { item, left, centre: left + half, width, height };
  }
  return placed;
}

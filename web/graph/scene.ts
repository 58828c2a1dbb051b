import type { Point, Size } from "../../src/drawing/layout";
import { edgeLabel, edgeLine } from "../../src/drawing/svg/draw-edge";
import type { PlacedGraph, PlacedNode } from "../../src/drawing/svg/place-graph";
import type { PlacedPart } from "./layout-worker";

/** A rectangle of the scene. */
export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

/** Something to draw, with the rectangle outside of which it cannot be seen. */
export type Item =
  | { readonly kind: "node"; readonly key: string; readonly box: Box; readonly placed: PlacedNode }
  /** These two look the same however the run stands: they are drawn once. */
  | { readonly kind: "edge"; readonly key: string; readonly box: Box; readonly at: Point; readonly svg: string }
  | { readonly kind: "label"; readonly key: string; readonly box: Box; readonly at: Point; readonly svg: string }
  | { readonly kind: "title"; readonly key: string; readonly box: Box; readonly text: string };

/** All of a graph in one system of coordinates, from the backmost item to the foremost. */
export interface Scene extends Size {
  readonly items: readonly Item[];
  /** By node id. */
  readonly nodes: ReadonlyMap<string, Box>;
  /** Node ids as one reads: from top to bottom, from left to right. */
  readonly order: readonly string[];
}

const MARGIN = 24;
const BETWEEN_PARTS = 28;
const TITLE_HEIGHT = 32;

/** The parts below each other, each in the middle. */
export function sceneOf(parts: readonly PlacedPart[]): Scene {
  const drawn = parts.filter(({ graph }) => graph.nodes.length > 0);
  const width = Math.max(0, ...drawn.map(({ graph }) => graph.width)) + 2 * MARGIN;
  const items: Item[] = [];
  let y = MARGIN;
  for (const [index, { title, graph }] of drawn.entries()) {
    const x = (width - graph.width) / 2;
    if (title !== "") {
      items.push({
        kind: "title",
        key: `title ${index}`,
        text: title,
        box: { x, y, width: graph.width, height: TITLE_HEIGHT },
      });
      y += TITLE_HEIGHT;
    }
    addGraph(graph, { x, y }, `${index}`, items);
    y += graph.height + BETWEEN_PARTS;
  }
  const nodes = new Map(
    items.flatMap((item) => (item.kind === "node" ? [[item.placed.node.id, item.box] as const] : [])),
  );
  const order = [...nodes].sort(([, a], [, b]) => a.y - b.y || a.x - b.x).map(([id]) => id);
  return { width, height: y - BETWEEN_PARTS + MARGIN, items, nodes, order };
}

function addGraph(graph: PlacedGraph, at: Point, key: string, items: Item[]): void {
  for (const [index, edge] of graph.edges.entries())
    items.push({
      kind: "edge",
      key: `${key} edge ${index}`,
      svg: edgeLine(edge),
      at,
      box: boxAround(edge.points, at),
    });
  for (const placed of graph.nodes) {
    const { width, height, body, bodyAt } = placed;
    const place = { x: at.x + placed.at.x, y: at.y + placed.at.y };
    items.push({ kind: "node", key: placed.node.id, placed, box: { ...place, width, height } });
    if (body !== undefined)
      addGraph(body, { x: place.x + bodyAt.x, y: place.y + bodyAt.y }, `${key} ${placed.node.id}`, items);
  }
  for (const [index, edge] of graph.edges.entries()) {
    if (edge.lines.length === 0) continue;
    const { labelAt, labelSize } = edge;
    const corner = { x: at.x + labelAt.x - labelSize.width / 2, y: at.y + labelAt.y - labelSize.height / 2 };
    const box = { ...corner, ...labelSize };
    items.push({ kind: "label", key: `${key} label ${index}`, svg: edgeLabel(edge), at, box });
  }
}

function boxAround(points: readonly Point[], at: Point): Box {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return { x: at.x + left, y: at.y + top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
}

/** Whether two rectangles have anything in common. */
export function overlaps(a: Box, b: Box): boolean {
  return a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height;
}

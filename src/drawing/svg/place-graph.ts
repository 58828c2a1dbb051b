import type { DrawnEdge, DrawnGraph, DrawnNode } from "../drawing";
import type { LayOut, Point, Route, Size } from "../layout";
import { wrap } from "../one-line";
import { textWidth } from "./markup";
import { FONT, LINE_HEIGHT, type NodeBlock, nodeBlock } from "./node-block";

/** A graph with a place for everything; bodies have their place inside their node. */
export interface PlacedGraph extends Size {
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

export interface PlacedNode extends Size {
  readonly node: DrawnNode;
  readonly block: NodeBlock;
  /** Upper left corner in its graph. */
  readonly at: Point;
  /** Its upper left corner, in that of the node, is `bodyAt`. */
  readonly body?: PlacedGraph;
  readonly bodyAt: Point;
}

export interface PlacedEdge {
  readonly edge: DrawnEdge;
  readonly points: readonly Point[];
  readonly lines: readonly string[];
  /** Centre of the label. */
  readonly labelAt: Point;
  readonly labelSize: Size;
}

const GAP: Size = { width: 34, height: 46 };
/** Around a body, inside its frame. */
export const BODY_PADDING = 18;
const LABEL = { columns: 30, lines: 2 } as const;

/**
 * Every graph is laid out by itself and then takes its place as one box in the graph around it: no edge crosses a body's
 * frame, so nothing is lost by it, and each layout is small.
 */
export function placeGraph(graph: DrawnGraph, layOut: LayOut): PlacedGraph {
  const boxes = graph.nodes.map((node) => boxOf(node, layOut));
  const positions = new Map(graph.nodes.map(({ id }, index) => [id, index]));
  const labels = graph.edges.map(({ label }) => labelOf(label));
  const layout = layOut({
    nodes: boxes,
    gap: GAP,
    edges: graph.edges.map(({ source, target, isBack }, index) => {
      const { size } = labels[index] ?? labelOf("");
      const ends = { source: positions.get(source) ?? 0, target: positions.get(target) ?? 0, isBack };
      return size.width === 0 ? ends : { ...ends, label: size };
    }),
  });
  const nodes = boxes.map((box, index): PlacedNode => {
    const centre = layout.nodes[index] ?? { x: 0, y: 0 };
    return { ...box, at: { x: centre.x - box.width / 2, y: centre.y - box.height / 2 } };
  });
  const edges = graph.edges.map((edge, index): PlacedEdge => {
    const route: Route = layout.edges[index] ?? { points: [] };
    const { lines, size } = labels[index] ?? labelOf("");
    return { edge, points: route.points, lines, labelSize: size, labelAt: route.label ?? middleOf(route.points) };
  });
  return { width: layout.width, height: layout.height, nodes, edges };
}

function boxOf(node: DrawnNode, layOut: LayOut): Omit<PlacedNode, "at"> {
  const block = nodeBlock(node);
  const bodyAt = { x: BODY_PADDING, y: block.height };
  if (node.body === undefined) return { node, block, bodyAt, width: block.width, height: block.height };
  const body = placeGraph(node.body, layOut);
  const width = Math.max(block.width, body.width + 2 * BODY_PADDING);
  return {
    node,
    block,
    body,
    bodyAt: { x: (width - body.width) / 2, y: block.height },
    width,
    height: block.height + body.height + BODY_PADDING,
  };
}

function labelOf(label: string): { readonly lines: readonly string[]; readonly size: Size } {
  const lines = wrap(label, LABEL.columns, LABEL.lines);
  if (lines.length === 0) return { lines, size: { width: 0, height: 0 } };
  const width = Math.max(...lines.map((line) => textWidth(line, FONT.small))) + 10;
  return { lines, size: { width, height: lines.length * LINE_HEIGHT.small + 4 } };
}

function middleOf(points: readonly Point[]): Point {
  return points[Math.floor(points.length / 2)] ?? { x: 0, y: 0 };
}

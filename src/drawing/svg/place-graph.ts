import type { DrawnEdge, DrawnGraph, DrawnNode } from "../drawing";
import { layOutLabelled } from "../labelled-layout";
import type { LayOut, Point, Size } from "../layout";
import { wrap } from "../one-line";
import { textWidth } from "./markup";
import { FONT, LINE_HEIGHT, type NodeBlock, nodeBlock } from "./node-block";
import { type Obstacle, smoothRoute } from "./smooth-route";

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

const GAP: Size = { width: 34, height: 52 };
/** Around a body, inside its frame. */
export const BODY_PADDING = 18;
const NOTHING: Size = { width: 0, height: 0 };
const LABEL = { columns: 30, lines: 2 } as const;

/**
 * Every graph is laid out by itself and then takes its place as one box in the graph around it: no edge crosses a body's
 * frame, so nothing is lost by it, and each layout is small.
 */
export function placeGraph(graph: DrawnGraph, layOut: LayOut): PlacedGraph {
  const boxes = graph.nodes.map((node) => boxOf(node, layOut));
  const positions = new Map(graph.nodes.map(({ id }, index) => [id, index]));
  const labels = graph.edges.map(({ label }) => labelOf(label));
  const request = {
    nodes: boxes,
    gap: GAP,
    edges: graph.edges.map(({ source, target, isBack }, index) => ({
      source: positions.get(source) ?? 0,
      target: positions.get(target) ?? 0,
      isBack,
      label: labels[index]?.size ?? NOTHING,
    })),
  };
  const layout = layOutLabelled(request, layOut);
  const nodes = boxes.map((box, index): PlacedNode => {
    const centre = layout.nodes[index] ?? { x: 0, y: 0 };
    return { ...box, at: { x: centre.x - box.width / 2, y: centre.y - box.height / 2 } };
  });
  const edges = graph.edges.map((edge, index): PlacedEdge => {
    const { points, label: labelAt } = layout.edges[index] ?? { points: [], label: { x: 0, y: 0 } };
    return { edge, points, lines: labels[index]?.lines ?? [], labelSize: labels[index]?.size ?? NOTHING, labelAt };
  });
  return { width: layout.width, height: layout.height, nodes, edges: calmer(nodes, edges) };
}

/** Looking at each line beside each box is for graphs that a person takes in at a glance. */
const CALM_LIMIT = 300;

/** The edges, calm where nothing is in their way; a label then stands on its line. */
function calmer(nodes: readonly PlacedNode[], edges: readonly PlacedEdge[]): readonly PlacedEdge[] {
  if (edges.length > CALM_LIMIT) return edges;
  const boxes = new Map(nodes.map((placed) => [placed.node.id, obstacleOf(placed)]));
  return edges.map((placed, index) => {
    const { edge, lines, labelAt } = placed;
    const source = boxes.get(edge.source);
    const target = boxes.get(edge.target);
    if (edge.isBack || source === undefined || target === undefined) return placed;
    const stops = [
      { x: source.at.x, y: source.at.y + source.height / 2 },
      ...(lines.length === 0 ? [] : [labelAt]),
      { x: target.at.x, y: target.at.y - target.height / 2 },
    ];
    const inTheWay = [...boxes.values()].filter((box) => box !== source && box !== target);
    const otherLabels = edges.flatMap(({ labelAt: at, labelSize }, other) =>
      other === index || labelSize.width === 0 ? [] : [{ at, ...labelSize }],
    );
    const points = smoothRoute(stops, [...inTheWay, ...otherLabels]);
    return points === null ? placed : { ...placed, points };
  });
}

function obstacleOf({ at, width, height }: PlacedNode): Obstacle {
  return { at: { x: at.x + width / 2, y: at.y + height / 2 }, width, height };
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
  if (lines.length === 0) return { lines, size: NOTHING };
  const width = Math.max(...lines.map((line) => textWidth(line, FONT.small))) + 10;
  return { lines, size: { width, height: lines.length * LINE_HEIGHT.small + 4 } };
}

import type { LayOut, Layout, LayoutEdge, LayoutRequest, Point, Route, Size } from "./layout";

export interface LabelledRequest {
  readonly nodes: readonly Size[];
  readonly edges: readonly LabelledEdge[];
  /** Between two boxes side by side, and between two rows of nodes; there is room for labels between these rows. */
  readonly gap: Size;
}

/** As in `LayoutEdge`; a label of no width is none. */
export interface LabelledEdge extends Pick<LayoutEdge, "source" | "target" | "isBack"> {
  readonly label: Size;
}

export interface LabelledLayout extends Omit<Layout, "edges"> {
  readonly edges: readonly (Route & { readonly label: Point })[];
}

/** Labels are boxes of the layout, so that nothing lies on them; above so many they lie on the middle of their line instead. */
const LABEL_LIMIT = 1_000;

/** Lays out a graph whose lines lead through the middle of their labels. */
export function layOutLabelled({ nodes, edges, gap }: LabelledRequest, layOut: LayOut): LabelledLayout {
  const labelled = edges.flatMap(({ label }, index) => (label.width > 0 ? [index] : []));
  if (labelled.length === 0 || labelled.length > LABEL_LIMIT) return withoutLabels({ nodes, edges, gap }, layOut);
  const labelNodes = new Map(labelled.map((edge, index) => [edge, nodes.length + index]));
  const parts = edges.map((edge, index) => partsOf(edge, labelNodes.get(index)));
  const request: LayoutRequest = {
    nodes: [...nodes, ...labelled.map((index) => edges[index]?.label ?? { width: 0, height: 0 })],
    edges: parts.flat(),
    gap: { width: gap.width, height: gap.height / 2 },
  };
  const layout = layOut(request);
  let at = 0;
  const routes = edges.map((_, index) => {
    const count = parts[index]?.length ?? 0;
    const own = layout.edges.slice(at, at + count).map(({ points }) => points);
    at += count;
    const label = layout.nodes[labelNodes.get(index) ?? -1];
    return { points: joined(own), label: label ?? middleOf(own[0] ?? []) };
  });
  return { ...layout, nodes: layout.nodes.slice(0, nodes.length), edges: routes };
}

function withoutLabels({ nodes, edges, gap }: LabelledRequest, layOut: LayOut): LabelledLayout {
  const layout = layOut({ nodes, gap, edges: edges.map(({ source, target, isBack }) => ({ source, target, isBack })) });
  return { ...layout, edges: layout.edges.map(({ points }) => ({ points, label: middleOf(points) })) };
}

/** From the source to the label, and from there to the target. */
function partsOf({ source, target, isBack }: LabelledEdge, label: number | undefined): readonly LayoutEdge[] {
  if (label === undefined) return [{ source, target, isBack, rows: 2 }];
  // The longer part of a long line should be the straighter one.
  return [
    { source, target: label, isBack, hasArrow: false, weight: 2 },
    { source: label, target, isBack, weight: 2 },
  ];
}

/** One line; through the label it is straight. */
function joined([first = [], second]: readonly (readonly Point[])[]): readonly Point[] {
  const from = first.at(-1);
  const to = second?.[0];
  return second === undefined || from === undefined || to === undefined ? first : [...first, from, to, ...second];
}

function middleOf(points: readonly Point[]): Point {
  return points[Math.floor(points.length / 2)] ?? { x: 0, y: 0 };
}

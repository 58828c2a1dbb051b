import { instance } from "@viz-js/viz";

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A flat graph of boxes; lengths in any unit, as long as it is one. */
export interface LayoutRequest {
  readonly nodes: readonly Size[];
  readonly edges: readonly LayoutEdge[];
  /** Between two boxes side by side, and between two rows. */
  readonly gap: Size;
}

export interface LayoutEdge {
  /** Positions in `nodes`. */
  readonly source: number;
  readonly target: number;
  /** Turned round for the layout, so that rows follow the flow; still given from source to target. */
  readonly isBack: boolean;
  /** Rows that it spans at least; 1 where absent. */
  readonly rows?: number;
  /** Whether it ends in an arrow; true where absent. */
  readonly hasArrow?: boolean;
  /** How much it wants to be straight; 1 where absent. */
  readonly weight?: number;
}

export interface Layout extends Size {
  /** Centres; the top left corner is the origin. */
  readonly nodes: readonly Point[];
  readonly edges: readonly Route[];
}

export interface Route {
  /** A start, then three points for each piece: two controls and an end, as in an SVG path's `C`. Ends at the tip of the arrow. */
  readonly points: readonly Point[];
}

export type LayOut = (request: LayoutRequest) => Layout;

/**
 * Above so many boxes and lines Graphviz's search for short and straight lines is cut short. Measured on 2 cores:
 * 2,000 nodes at random take 16 s with the full search and half a second without; 600 take 0.6 s.
 */
const FULL_SEARCH_LIMIT = 600;
/** Loads Graphviz (its layout `dot`, as WebAssembly: no browser, no program to install). */
export async function openLayout(): Promise<LayOut> {
  const graphviz = await instance();
  return (request) => {
    if (request.nodes.length === 0) return { width: 0, height: 0, nodes: [], edges: [] };
    const { output, errors } = graphviz.render(graphOf(request), { engine: "dot", format: "json0", yInvert: true });
    if (output === undefined) throw new Error(`Graphviz: ${errors.map(({ message }) => message).join("; ")}`);
    return readLayout(JSON.parse(output) as GraphvizJson, request);
  };
}

/** Of Graphviz, whose sizes are in inches of 72 units. */
const UNITS_PER_INCH = 72;

function graphOf({ nodes, edges, gap }: LayoutRequest) {
  const isLarge = nodes.length + edges.length > FULL_SEARCH_LIMIT;
  return {
    directed: true,
    strict: false,
    graphAttributes: {
      nodesep: gap.width / UNITS_PER_INCH,
      ranksep: gap.height / UNITS_PER_INCH,
      ...(isLarge ? { nslimit: 0.1, nslimit1: 0.1, mclimit: 0.05 } : {}),
    },
    nodeAttributes: { shape: "box", fixedsize: true, label: "" },
    edgeAttributes: { arrowsize: 1 },
    nodes: nodes.map(({ width, height }, index) => ({
      name: String(index),
      attributes: { width: width / UNITS_PER_INCH, height: height / UNITS_PER_INCH },
    })),
    edges: edges.map(({ source, target, isBack, rows = 1, hasArrow = true, weight = 1 }, index) => ({
      tail: String(isBack ? target : source),
      head: String(isBack ? source : target),
      attributes: {
        id: String(index),
        weight,
        minlen: rows,
        // From the middle of a box's lower side to that of the next one's upper side; what leads back finds its own way.
        ...(isBack ? {} : { tailport: "s", headport: "n" }),
        dir: hasArrow ? (isBack ? "back" : "forward") : "none",
      },
    })),
  };
}

interface GraphvizJson {
  /** `x0,y0,x1,y1` */
  readonly bb: string;
  readonly objects: readonly { readonly name: string; readonly pos: string }[];
  readonly edges?: readonly { readonly id: string; readonly pos?: string }[];
}

function readLayout({ bb, objects, edges = [] }: GraphvizJson, request: LayoutRequest): Layout {
  const [, , width = 0, height = 0] = bb.split(",").map(Number).map(Math.abs);
  const [, y0 = 0, , y1 = 0] = bb.split(",").map(Number);
  const places = new Map(objects.map(({ name, pos }) => [name, readPoint(pos)]));
  const routes = new Map(edges.map((edge) => [edge.id, edge]));
  return {
    width,
    height: Math.max(height, Math.abs(y1 - y0)),
    nodes: request.nodes.map((_, index) => places.get(String(index)) ?? { x: 0, y: 0 }),
    edges: request.edges.map(({ isBack }, index) => readRoute(routes.get(String(index))?.pos ?? "", isBack)),
  };
}

function readPoint(text: string): Point {
  const [x = 0, y = 0] = text.split(",").map(Number);
  return { x, y };
}

/** Graphviz's splineType: `e,X,Y` is the tip at the end, `s,X,Y` the one at the start. Given from source to target. */
function readRoute(text: string, isBack: boolean): Route {
  const words = (text.split(";")[0] ?? "").split(" ").filter((word) => word !== "");
  const tip = words.filter((word) => /^[se],/.test(word)).map((word) => readPoint(word.slice(2)))[0];
  const points = words.filter((word) => !/^[se],/.test(word)).map(readPoint);
  const ordered = isBack ? points.toReversed() : points;
  const last = ordered.at(-1);
  return { points: tip === undefined || last === undefined ? ordered : [...ordered, last, tip, tip] };
}

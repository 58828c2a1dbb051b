import { type CyclesFound, findCycles } from "./cycles";
import { buildIndex, type GraphIndex, topologicalOrder } from "./graph-index";
import type { Edge } from "./graph-types";
import type { ReadEdge, ReadGraph, ReadNode } from "./read-graph";

/** One graph, ready for what its edges say of it. Nodes and edges are named by their positions in these lists. */
export interface GraphShape {
  readonly graph: ReadGraph;
  readonly nodes: readonly ReadNode[];
  /** All edges. */
  readonly edges: readonly ReadEdge[];
  readonly index: GraphIndex;
  /** Edges that lead forward: all but those that say `loop`. */
  readonly forward: readonly ReadEdge[];
  /** Of `forward`, without edges from a node to itself, which have a problem of their own. */
  readonly forwardIndex: GraphIndex;
  readonly cycles: CyclesFound;
}

const shapes = new WeakMap<ReadGraph, GraphShape>();

/** Found once a graph: what checks its edges and what its expressions see both ask for it. */
export function shapeOf(graph: ReadGraph): GraphShape {
  const known = shapes.get(graph);
  if (known !== undefined) return known;
  const { nodes, edges } = graph;
  const ids = nodes.map(({ id }) => id);
  const forward = edges.filter(({ edge }) => edge.loop !== true && edge.source !== edge.target);
  const forwardIndex = indexOf(ids, forward);
  const index = indexOf(ids, edges);
  const shape = { graph, nodes, edges, index, forward, forwardIndex, cycles: findCycles(forwardIndex) };
  shapes.set(graph, shape);
  return shape;
}

/** Whether edges that say nothing of it lead round in a circle, so that nothing there is before anything. */
export function hasCycle({ cycles }: GraphShape): boolean {
  return cycles.cycles.length > 0 || cycles.unreachable.length > 0;
}

function indexOf(ids: readonly string[], edges: readonly ReadEdge[]): GraphIndex {
  return buildIndex(
    ids,
    edges.map(({ edge }) => edge),
  );
}

/** Which ends of its source an edge follows. */
export function endsOf(edge: Edge): readonly ("success" | "error")[] {
  if (edge.error !== undefined) return ["error"];
  return edge.on === "always" ? ["success", "error"] : [edge.on ?? "success"];
}

/** Why an edge can never be taken, by the kind of its source; null where it can. */
export function neverTaken(edge: Edge, source: ReadNode | undefined): string | null {
  const node = source?.sound?.node;
  // A node that is skipped goes on as after a success, and a caught failure is one.
  if (node === undefined || node.when !== undefined || !endsOf(edge).every((end) => end === "success")) return null;
  if (node.type === "end") return `'${node.id}' ends its graph`;
  return node.type === "fail" && node.catch === undefined ? `'${node.id}' always fails` : null;
}

const WORD = 32;

/**
 * Whether a node may have ended before another one starts, for all pairs at once: a path of edges leads there, back edges
 * included. One bit for each pair, so half a megabyte for the largest graph.
 */
export function reachTable({ index, forwardIndex }: GraphShape): (node: number, upstream: number) => boolean {
  const words = Math.ceil(index.incoming.length / WORD);
  const table = index.incoming.map(() => new Uint32Array(words));
  const order = topologicalOrder(forwardIndex);
  // Forward edges are done in one go; each further one is for what back edges bring, until they bring nothing new.
  for (let hasChanged = true; hasChanged; ) {
    hasChanged = false;
    for (const node of order) {
      for (const edge of index.incoming[node] ?? [])
        if (addRow(table, node, index.sources[edge] ?? 0)) hasChanged = true;
    }
  }
  return (node, upstream) => (((table[node]?.[upstream >>> 5] ?? 0) >>> (upstream & (WORD - 1))) & 1) === 1;
}

/** What leads to `source`, and it itself, leads to `node`. */
function addRow(table: readonly Uint32Array[], node: number, source: number): boolean {
  const [row, above] = [table[node], table[source]];
  if (row === undefined || above === undefined) return false;
  let hasChanged = false;
  for (const [word, bits] of above.entries()) {
    const own = row[word] ?? 0;
    const mixed = (own | bits | (word === source >>> 5 ? 1 << (source & (WORD - 1)) : 0)) >>> 0;
    if (mixed === own) continue;
    row[word] = mixed;
    hasChanged = true;
  }
  return hasChanged;
}

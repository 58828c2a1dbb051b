import { type GraphIndex, topologicalOrder } from "./graph-index";

/** Edges that form a circle, in the order in which one walks it. */
export type Cycle = readonly number[];

export interface CyclesFound {
  readonly cycles: readonly Cycle[];
  /** Nodes that no path from a start leads to, and that are on none of `cycles`. */
  readonly unreachable: readonly number[];
}

/** One circle for every knot of the graph. Mending one may show another inside the same knot. */
export function findCycles(index: GraphIndex): CyclesFound {
  const isOrdered = new Set(topologicalOrder(index));
  const knotted = [...index.incoming.keys()].filter((node) => !isOrdered.has(node));
  const settled = new Set<number>(isOrdered);
  const cycles: Cycle[] = [];
  const unreachable: number[] = [];
  for (const node of knotted) {
    if (settled.has(node)) continue;
    const cycle = cycleThrough(index, node, settled);
    if (cycle === null) {
      if (!isBehindStart(index, node, isOrdered)) unreachable.push(node);
      settled.add(node);
      continue;
    }
    cycles.push(cycle);
    for (const member of knotOf(index, node, settled)) settled.add(member);
  }
  return { cycles, unreachable };
}

/** Whether a path from a node that can run leads straight here; then mending the cycle is all that is needed. */
function isBehindStart(index: GraphIndex, node: number, isOrdered: ReadonlySet<number>): boolean {
  return (index.incoming[node] ?? []).some((edge) => isOrdered.has(index.sources[edge] ?? -1));
}

/** The shortest circle through `node`, by breadth-first search over nodes that are not settled yet. */
function cycleThrough(index: GraphIndex, node: number, settled: ReadonlySet<number>): Cycle | null {
  const arrivedBy = new Map<number, number>();
  const queue = [node];
  for (const from of queue) {
    for (const edge of index.outgoing[from] ?? []) {
      const to = index.targets[edge] ?? -1;
      if (settled.has(to) || arrivedBy.has(to)) continue;
      arrivedBy.set(to, edge);
      if (to === node) return walkBack(index, node, arrivedBy);
      queue.push(to);
    }
  }
  return null;
}

function walkBack(index: GraphIndex, node: number, arrivedBy: ReadonlyMap<number, number>): Cycle {
  const edges: number[] = [];
  let at = node;
  do {
    const edge = arrivedBy.get(at) ?? -1;
    edges.unshift(edge);
    at = index.sources[edge] ?? node;
  } while (at !== node);
  return edges;
}

/** Every node that is on some circle with `node`: what it leads to and what leads to it. */
function knotOf(index: GraphIndex, node: number, settled: ReadonlySet<number>): readonly number[] {
  const forward = spread(node, settled, (at) => (index.outgoing[at] ?? []).map((edge) => index.targets[edge] ?? -1));
  const backward = spread(node, settled, (at) => (index.incoming[at] ?? []).map((edge) => index.sources[edge] ?? -1));
  return [...forward].filter((member) => backward.has(member));
}

function spread(node: number, settled: ReadonlySet<number>, next: (at: number) => readonly number[]): Set<number> {
  const found = new Set([node]);
  for (const at of found) for (const to of next(at)) if (!settled.has(to)) found.add(to);
  return found;
}

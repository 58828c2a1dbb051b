import type { Edge } from "./graph-types";

/** A graph by position: nodes and edges are named by their index in the definition. */
export interface GraphIndex {
  readonly positions: ReadonlyMap<string, number>;
  /** Edges into each node, in the definition's order. */
  readonly incoming: readonly (readonly number[])[];
  /** Edges out of each node, in the definition's order. */
  readonly outgoing: readonly (readonly number[])[];
  /** Where each edge starts and ends. */
  readonly sources: readonly number[];
  readonly targets: readonly number[];
}

/** Edges that name no node are left out of `incoming` and `outgoing`, and have -1 for the end that is unknown. */
export function buildIndex(ids: readonly string[], edges: readonly Pick<Edge, "source" | "target">[]): GraphIndex {
  const positions = new Map<string, number>();
  for (const [position, id] of ids.entries()) if (!positions.has(id)) positions.set(id, position);
  const incoming = ids.map((): number[] => []);
  const outgoing = ids.map((): number[] => []);
  const sources = edges.map(({ source }) => positions.get(source) ?? -1);
  const targets = edges.map(({ target }) => positions.get(target) ?? -1);
  for (const edge of edges.keys()) {
    const [source, target] = [sources[edge] ?? -1, targets[edge] ?? -1];
    if (source === -1 || target === -1) continue;
    outgoing[source]?.push(edge);
    incoming[target]?.push(edge);
  }
  return { positions, incoming, outgoing, sources, targets };
}

/** Every node from which a path leads to `node`; without the node itself, unless it is on a cycle. */
export function upstreamOf(index: GraphIndex, node: number): ReadonlySet<number> {
  const found = new Set<number>();
  const pending = [node];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const edge of index.incoming[next] ?? []) {
      const source = index.sources[edge] ?? -1;
      if (found.has(source)) continue;
      found.add(source);
      pending.push(source);
    }
  }
  return found;
}

/** Nodes in an order in which every edge points forward. Those on a cycle, and all that come after one, are missing. */
export function topologicalOrder(index: GraphIndex): readonly number[] {
  const undecided = index.incoming.map((edges) => edges.length);
  const order = [...undecided.keys()].filter((node) => undecided[node] === 0);
  // Grows while it is gone through.
  for (const node of order) {
    for (const edge of index.outgoing[node] ?? []) {
      const target = index.targets[edge] ?? -1;
      const left = (undecided[target] ?? 0) - 1;
      undecided[target] = left;
      if (left === 0) order.push(target);
    }
  }
  return order;
}

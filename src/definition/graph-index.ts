import type { Definition, Edge } from "./graph-types";

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

const indices = new WeakMap<object, GraphIndex>();

/** The index of a checked definition; made once for each object. */
export function graphIndex(definition: Definition): GraphIndex {
  const known = indices.get(definition);
  if (known !== undefined) return known;
  const index = buildIndex(
    definition.nodes.map(({ id }) => id),
    definition.edges,
  );
  indices.set(definition, index);
  return index;
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

/** Bits in each word of the table below. */
const WORD = 32;

/**
 * Answers for all nodes at once what `upstreamOf` answers for one: whether a path leads from one node to another. One bit
 * for each pair, so half a megabyte for the largest graph, where a set for each node would be two million entries.
 */
export function upstreamTable(index: GraphIndex): (node: number, upstream: number) => boolean {
  const words = Math.ceil(index.incoming.length / WORD);
  const table = index.incoming.map(() => new Uint32Array(words));
  for (const node of topologicalOrder(index)) {
    const row = table[node] ?? new Uint32Array(words);
    for (const edge of index.incoming[node] ?? []) {
      const source = index.sources[edge] ?? 0;
      const above = table[source] ?? new Uint32Array(words);
      for (let word = 0; word < words; word += 1) row[word] = (row[word] ?? 0) | (above[word] ?? 0);
      row[source >>> 5] = (row[source >>> 5] ?? 0) | (1 << (source & (WORD - 1)));
    }
  }
  return (node, upstream) => (((table[node]?.[upstream >>> 5] ?? 0) >>> (upstream & (WORD - 1))) & 1) === 1;
}

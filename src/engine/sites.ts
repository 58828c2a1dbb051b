import { type GraphAt, graphsOf, isTaskMap } from "../definition/bodies";
import { buildIndex, type GraphIndex } from "../definition/graph-index";
import type { Definition, Edge, Graph, GraphNode } from "../definition/graph-types";
import type { EdgeState, NodeState } from "./engine-state";

/** One graph of a definition with all that can be told of it before a run. */
export interface Site {
  /** Position in `graphsOf` the definition. */
  readonly number: number;
  readonly graph: Graph;
  /** JSON pointer from the definition's root. */
  readonly pointer: string;
  /** True where the graph is the one task of a map, whose output is the item's. */
  readonly isTaskOfMap: boolean;
  /** Of the edges that lead forward; those back are in no node's `incoming` or `outgoing`. */
  readonly index: GraphIndex;
  /** Edges that lead back, by the position of their source. */
  readonly backEdges: ReadonlyMap<number, readonly number[]>;
  /** Nodes that some back edge starts anew. */
  readonly restartable: ReadonlySet<number>;
}

/** The site of the body of each map and loop, by the node. */
const bodySites = new WeakMap<GraphNode, number>();

const sitesOf = new WeakMap<Definition, readonly Site[]>();

/** The graphs of a definition, in the order of `graphsOf`; made once for each object. */
export function sites(definition: Definition): readonly Site[] {
  const known = sitesOf.get(definition);
  if (known !== undefined) return known;
  const made = graphsOf(definition).map(makeSite);
  sitesOf.set(definition, made);
  return made;
}

function makeSite({ graph, pointer, owner }: GraphAt, number: number): Site {
  const ids = graph.nodes.map(({ id }) => id);
  const index = buildIndex(
    ids,
    graph.edges.map((edge) => (edge.loop === true ? NOWHERE : edge)),
  );
  const backEdges = new Map<number, number[]>();
  for (const [edge, { source, loop }] of graph.edges.entries()) {
    const position = index.positions.get(source);
    if (loop === true && position !== undefined) backEdges.set(position, [...(backEdges.get(position) ?? []), edge]);
  }
  if (owner !== undefined) bodySites.set(owner.node, number);
  const isTaskOfMap = owner !== undefined && isTaskMap(owner.node);
  const restartable = new Set<number>();
  const site = { number, graph, pointer, isTaskOfMap, index, backEdges, restartable };
  for (const edge of [...backEdges.values()].flat())
    for (const position of regionBehind(site, edge)) restartable.add(position);
  return site;
}

/** No node has an empty id, so the index leaves an edge between two of them out. */
const NOWHERE: Pick<Edge, "source" | "target"> = { source: "", target: "" };

/** The body of a map or loop. */
export function bodySite(all: readonly Site[], node: GraphNode): Site {
  return present(all[present(bodySites.get(node))]);
}

const starts = new WeakMap<Site, readonly NodeState[]>();

/** The nodes of a graph that has not begun. One list for all that begin, as none is changed in place. */
export function initialNodes(site: Site): readonly NodeState[] {
  const known = starts.get(site);
  if (known !== undefined) return known;
  const nodes = site.index.incoming.map(
    (edges): NodeState => ({ status: "pending", undecided: edges.length, taken: 0 }),
  );
  starts.set(site, nodes);
  return nodes;
}

export function initialEdges({ graph }: Site): readonly EdgeState[] {
  return graph.edges.map(() => "open");
}

/** Positions come from the same definition, so a missing entry is a defect. */
export function nodeAt(site: Site, position: number): GraphNode {
  return present(site.graph.nodes[position]);
}

export function edgeAt(site: Site, position: number): Edge {
  return present(site.graph.edges[position]);
}

export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the state does not belong to its definition");
  return value;
}

/** JSON pointer of a node. That of a map's one task is the map's, in whose `config.task` its own config stands. */
export function nodePointer(site: Site, position: number): string {
  return site.isTaskOfMap ? site.pointer.replace(/\/config\/body$/, "") : `${site.pointer}/nodes/${position}`;
}

/** A part's place in a node, as the definition has it. */
export function partPointer(site: Site, position: number, part: string): string {
  const inMap = site.isTaskOfMap ? part.replace(/^\/config/, "/config/task") : part;
  return nodePointer(site, position) + inMap;
}

const regions = new WeakMap<Edge, ReadonlySet<number>>();

/** What a back edge starts anew: its target and everything that forward edges lead to from there. */
export function regionBehind(site: Pick<Site, "graph" | "index">, backEdge: number): ReadonlySet<number> {
  const edge = present(site.graph.edges[backEdge]);
  const known = regions.get(edge);
  if (known !== undefined) return known;
  const target = site.index.positions.get(edge.target);
  const region = new Set<number>(target === undefined ? [] : [target]);
  // Grows while it is gone through.
  for (const position of region)
    for (const outgoing of site.index.outgoing[position] ?? []) region.add(present(site.index.targets[outgoing]));
  regions.set(edge, region);
  return region;
}

const captives = new WeakMap<GraphNode, ReadonlySet<number>>();

/** The nodes whose every way leads to this join and nowhere else. */
export function nodesOnlyFor(site: Site, join: number): ReadonlySet<number> {
  const node = nodeAt(site, join);
  const known = captives.get(node);
  if (known !== undefined) return known;
  const found = upstream(site, join);
  const leavers = [...found].filter((position) => leaves(site, position, join, found));
  // Grows while it is gone through: whatever leads to one that leaves, leaves as well.
  for (const leaver of leavers) {
    found.delete(leaver);
    for (const source of sourcesOf(site, leaver))
      if (found.has(source) && leaves(site, source, join, found)) leavers.push(source);
  }
  captives.set(node, found);
  return found;
}

function upstream(site: Site, join: number): Set<number> {
  const found = new Set<number>();
  const pending = [join];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const edge of site.index.incoming[next] ?? []) {
      const source = present(site.index.sources[edge]);
      if (found.has(source)) continue;
      found.add(source);
      pending.push(source);
    }
  }
  found.delete(join);
  return found;
}

function leaves(site: Site, position: number, join: number, inside: ReadonlySet<number>): boolean {
  const isInside = (target: number | undefined) => target === join || (target !== undefined && inside.has(target));
  const forward = (site.index.outgoing[position] ?? []).map((edge) => site.index.targets[edge]);
  const back = (site.backEdges.get(position) ?? []).map((edge) => site.index.positions.get(edgeAt(site, edge).target));
  return ![...forward, ...back].every(isInside);
}

function sourcesOf(site: Site, position: number): readonly number[] {
  const forward = (site.index.incoming[position] ?? []).map((edge) => present(site.index.sources[edge]));
  const back = [...site.backEdges.entries()].flatMap(([source, edges]) =>
    edges.some((edge) => site.index.positions.get(edgeAt(site, edge).target) === position) ? [source] : [],
  );
  return [...forward, ...back];
}

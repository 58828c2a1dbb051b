import { type CyclesFound, findCycles } from "./cycles";
import { buildIndex, type GraphIndex } from "./graph-index";
import type { Edge, Problem } from "./graph-types";
import { nearName } from "./near-name";

/** From `shared/design.md`, 'Exact shapes'. */
const NODE_ID = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;

/** The parts of a graph that could be read, with the place of each in the definition. */
export interface ReadableGraph {
  readonly nodes: readonly { readonly id: string; readonly position: number }[];
  readonly edges: readonly { readonly edge: Edge; readonly position: number }[];
}

export interface GraphChecked {
  readonly problems: readonly Problem[];
  /** Of the readable nodes and edges. */
  readonly index: GraphIndex;
  readonly hasCycle: boolean;
}

/** Ids, ends of edges, edges that stand twice, cycles, and nodes that nothing leads to. */
export function checkGraph(graph: ReadableGraph): GraphChecked {
  const ids = graph.nodes.map(({ id }) => id);
  const edges = graph.edges.map(({ edge }) => edge);
  const index = buildIndex(ids, edges);
  const found = findCycles(withoutSelfEdges(index));
  const problems = [...idProblems(graph), ...edgeProblems(graph, index), ...cycleProblems(graph, index, found)];
  return { problems, index, hasCycle: found.cycles.length > 0 || found.unreachable.length > 0 };
}

function idProblems({ nodes }: ReadableGraph): readonly Problem[] {
  const firstAt = new Map<string, number>();
  return nodes.flatMap(({ id, position }): readonly Problem[] => {
    const pointer = `/nodes/${position}/id`;
    if (!NODE_ID.test(id) || id === "__proto__") {
      const message = "must start with a letter or '_' and go on with at most 63 letters, digits, '_' or '-'";
      return [{ code: "NODE_ID_INVALID", pointer, message }];
    }
    const first = firstAt.get(id);
    if (first === undefined) {
      firstAt.set(id, position);
      return [];
    }
    return [{ code: "NODE_DUPLICATE", pointer, message: `'${id}' is the id of /nodes/${first} already` }];
  });
}

function edgeProblems({ nodes, edges }: ReadableGraph, index: GraphIndex): readonly Problem[] {
  const ids = nodes.map(({ id }) => id);
  const firstAt = new Map<string, number>();
  return edges.flatMap(({ edge, position }): readonly Problem[] => {
    const unknown = (["source", "target"] as const)
      .filter((end) => !index.positions.has(edge[end]))
      .map((end) => unknownNode(edge[end], ids, `/edges/${position}/${end}`));
    if (unknown.length > 0) return unknown;
    const pointer = `/edges/${position}`;
    if (edge.source === edge.target)
      return [{ code: "EDGE_SELF", pointer, message: `leads from '${edge.source}' to itself` }];
    const key = JSON.stringify([edge.source, edge.target, edge.on ?? "success", edge.condition ?? null]);
    const first = firstAt.get(key);
    if (first === undefined) {
      firstAt.set(key, position);
      return [];
    }
    return [{ code: "EDGE_DUPLICATE", pointer, message: `is the same as /edges/${first}` }];
  });
}

/** A name that no node has, with the one that was probably meant. */
export function unknownNode(name: string, ids: Iterable<string>, pointer: string, place = ""): Problem {
  const suggestion = nearName(name, ids);
  const hint = suggestion === undefined ? "" : `; did you mean '${suggestion}'?`;
  const message = `there is no node '${name.slice(0, 64)}'${place}${hint}`;
  return { code: "NODE_UNKNOWN", pointer, message, ...(suggestion === undefined ? {} : { suggestion }) };
}

/** Self edges have a problem of their own. */
function withoutSelfEdges(index: GraphIndex): GraphIndex {
  const isSelf = (edge: number) => index.sources[edge] === index.targets[edge];
  if (!index.sources.some((source, edge) => source !== -1 && isSelf(edge))) return index;
  const strip = (lists: GraphIndex["incoming"]) => lists.map((edges) => edges.filter((edge) => !isSelf(edge)));
  return { ...index, incoming: strip(index.incoming), outgoing: strip(index.outgoing) };
}

/** A path is cut after so many nodes: whoever mends it sees where to begin. */
const MAX_PATH_NODES = 20;

function cycleProblems({ nodes, edges }: ReadableGraph, index: GraphIndex, found: CyclesFound): readonly Problem[] {
  const idAt = (node: number | undefined) => nodes[node ?? -1]?.id ?? "";
  const cycles = found.cycles.map((cycle): Problem => {
    const path = [...cycle.map((edge) => idAt(index.sources[edge])), idAt(index.sources[cycle[0] ?? -1])];
    const shown = path.length > MAX_PATH_NODES ? [...path.slice(0, MAX_PATH_NODES), "..."] : path;
    const pointer = `/edges/${edges[cycle.at(-1) ?? -1]?.position ?? 0}`;
    return { code: "CYCLE", pointer, message: `closes a cycle: ${shown.join(" -> ")}` };
  });
  const unreachable = found.unreachable.map((node): Problem => {
    const pointer = `/nodes/${nodes[node]?.position ?? 0}`;
    return { code: "NODE_UNREACHABLE", pointer, message: `'${idAt(node)}' comes after a cycle only, so it never runs` };
  });
  return [...cycles, ...unreachable];
}

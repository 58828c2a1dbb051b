import { type GraphShape, neverTaken } from "../graph-shape";
import type { Edge, Problem } from "../graph-types";
import { unknownNode } from "./check-ids";

/**
 * Ends of edges, edges that stand twice, cycles, nodes that nothing leads to, and undoing where nothing is undone. `elsewhere` tells in which other graph
 * of the definition a node is.
 */
export function checkGraph(shape: GraphShape, elsewhere: (id: string) => string | undefined): readonly Problem[] {
  const problems = [...edgeProblems(shape, elsewhere), ...cycleProblems(shape), ...unreachableProblems(shape)];
  return [...problems, ...compensationProblems(shape)];
}

function edgeProblems(shape: GraphShape, elsewhere: (id: string) => string | undefined): readonly Problem[] {
  const ids = shape.nodes.map(({ id }) => id);
  const firstAt = new Map<string, string>();
  return shape.edges.flatMap(({ edge, pointer }): readonly Problem[] => {
    const unknown = (["source", "target"] as const)
      .filter((end) => !shape.index.positions.has(edge[end]))
      .map((end) => unknownEnd(edge[end], ids, `${pointer}/${end}`, elsewhere(edge[end])));
    if (unknown.length > 0) return unknown;
    if (edge.source === edge.target && edge.loop !== true)
      return [{ code: "EDGE_SELF", pointer, message: `leads from '${edge.source}' to itself` }];
    const key = keyOf(edge);
    const first = firstAt.get(key);
    if (first === undefined) {
      firstAt.set(key, pointer);
      return [];
    }
    return [{ code: "EDGE_DUPLICATE", pointer, message: `is the same as ${first}` }];
  });
}

function unknownEnd(id: string, ids: readonly string[], pointer: string, graph: string | undefined): Problem {
  if (graph === undefined) return unknownNode(id, ids, pointer);
  const place = graph === "" ? "the outermost graph" : graph;
  return { code: "NODE_UNKNOWN", pointer, message: `node '${id}' is in ${place}: edges stay within one graph` };
}

/** What the handlers of a run's end do is not undone: nothing would ever run it. */
function compensationProblems({ graph, nodes }: GraphShape): readonly Problem[] {
  const handler = /^\/(on_failure|finally)(?=\/|$)/.exec(graph.pointer)?.[1];
  if (handler === undefined) return [];
  return nodes.flatMap(({ sound, pointer }): readonly Problem[] => {
    if (sound?.node.type !== "task" || sound.node.compensate === undefined) return [];
    const message = `never runs: what \`${handler}\` does is not undone`;
    return [{ code: "FIELD_CONFLICT", pointer: `${pointer}/compensate`, message }];
  });
}

/** Two edges with the same key are taken at the same times and lead to the same place. */
function keyOf({ source, target, on, condition, error, case: name, else: isElse, loop }: Edge): string {
  const end = error === undefined ? (on ?? "success") : "error";
  return JSON.stringify([source, target, end, condition, error, name, isElse, loop]);
}

/** A path is cut after so many nodes: whoever mends it sees where to begin. */
const MAX_PATH_NODES = 20;

function cycleProblems({ nodes, forward, forwardIndex, cycles }: GraphShape): readonly Problem[] {
  const idAt = (node: number | undefined) => nodes[node ?? -1]?.id ?? "";
  const found = cycles.cycles.map((cycle): Problem => {
    const path = [...cycle, cycle[0]].map((edge) => idAt(forwardIndex.sources[edge ?? -1]));
    const shown = path.length > MAX_PATH_NODES ? [...path.slice(0, MAX_PATH_NODES), "..."] : path;
    const pointer = forward[cycle.at(-1) ?? -1]?.pointer ?? "";
    return { code: "CYCLE", pointer, message: `closes a cycle: ${shown.join(" -> ")}` };
  });
  const behind = cycles.unreachable.map((node): Problem => {
    const message = `'${idAt(node)}' comes after a cycle only, so it never runs`;
    return { code: "NODE_UNREACHABLE", pointer: nodes[node]?.pointer ?? "", message };
  });
  return [...found, ...behind];
}

/** Nodes that no path of edges that can be taken leads to, and such edges elsewhere. */
function unreachableProblems({ nodes, forward, forwardIndex, cycles }: GraphShape): readonly Problem[] {
  if (cycles.cycles.length > 0) return [];
  const reasons = forward.map(({ edge }) => neverTaken(edge, nodes[forwardIndex.positions.get(edge.source) ?? -1]));
  const isDead = (node: number) => {
    const incoming = forwardIndex.incoming[node] ?? [];
    return incoming.length > 0 && incoming.every((edge) => reasons[edge] !== null);
  };
  const dead = new Set([...nodes.keys()].filter(isDead));
  const unreachable = [...dead].map((node): Problem => {
    const [first] = forwardIndex.incoming[node] ?? [];
    const message = `'${nodes[node]?.id}' never runs: ${reasons[first ?? -1]}, so nothing follows it`;
    return { code: "NODE_UNREACHABLE", pointer: nodes[node]?.pointer ?? "", message };
  });
  const idle = reasons.flatMap((reason, edge): readonly Problem[] => {
    if (reason === null || dead.has(forwardIndex.targets[edge] ?? -1)) return [];
    const message = `is never taken: ${reason}, so nothing follows it`;
    return [{ code: "EDGE_NEVER_TAKEN", pointer: forward[edge]?.pointer ?? "", message }];
  });
  return [...unreachable, ...idle];
}

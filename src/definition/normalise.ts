import { isJsonObject, type JsonObject, type JsonValue } from "../core/json";
import type { Problem } from "./graph-types";
import { MAX_EDGES, MAX_GRAPH_DEPTH, MAX_NODES } from "./limits";
import { BODY_POINTER, bodyIn, listIn, ownValue } from "./read-graph";

/** Graphs beside the main one. */
export const PHASES = ["on_failure", "finally"] as const;

/**
 * The definition with everything in it that may be left out and that engine and views rely on: `version`, and in every
 * graph `edges`, none of which says `condition: null`, as older clients do. Nothing else is changed.
 */
export function normaliseDefinition(source: JsonObject): JsonObject {
  const phases = PHASES.flatMap((name) => {
    const graph = ownValue(source, name);
    return isJsonObject(graph) ? [[name, normaliseGraph(graph)] as const] : [];
  });
  return { version: 1, ...normaliseGraph(source), ...Object.fromEntries(phases) };
}

function normaliseGraph(graph: JsonObject): JsonObject {
  const { nodes, edges = [] } = graph;
  return {
    ...graph,
    ...(Array.isArray(nodes) ? { nodes: nodes.map(normaliseNode) } : {}),
    edges: Array.isArray(edges) ? edges.map(normaliseEdge) : edges,
  };
}

function normaliseNode(node: JsonValue): JsonValue {
  const body = isJsonObject(node) ? bodyIn(node) : undefined;
  if (body === undefined || !isJsonObject(node)) return node;
  return { ...node, config: { ...(node["config"] as JsonObject), body: normaliseGraph(body) } };
}

function normaliseEdge(edge: JsonValue): JsonValue {
  if (!isJsonObject(edge) || edge["condition"] !== null) return edge;
  const { condition: _, ...rest } = edge;
  return rest;
}

/** Limits that hold for the definition as a whole, with all graphs inside it. */
export function sizeProblems(source: JsonObject): readonly Problem[] {
  const counts = { nodes: 0, edges: 0 };
  const tooDeep: Problem[] = [];
  const pending = [{ graph: source, pointer: "", depth: 0 }];
  for (const name of PHASES) {
    const graph = ownValue(source, name);
    if (isJsonObject(graph)) pending.push({ graph, pointer: `/${name}`, depth: 1 });
  }
  // Grows while it is gone through.
  for (const { graph, pointer, depth } of pending) {
    if (depth > MAX_GRAPH_DEPTH) {
      const message = `is a graph in ${depth} others; at most ${MAX_GRAPH_DEPTH}`;
      tooDeep.push({ code: "LIMIT_EXCEEDED", pointer, message });
      continue;
    }
    const nodes = listIn(graph, "nodes");
    counts.nodes += nodes.length;
    counts.edges += listIn(graph, "edges").length;
    for (const [index, node] of nodes.entries()) {
      const body = isJsonObject(node) ? bodyIn(node) : undefined;
      if (body !== undefined)
        pending.push({ graph: body, pointer: `${pointer}/nodes/${index}${BODY_POINTER}`, depth: depth + 1 });
    }
  }
  const limits = { nodes: MAX_NODES, edges: MAX_EDGES } as const;
  const tooMany = (["nodes", "edges"] as const)
    .filter((name) => counts[name] > limits[name])
    .map((name) => ({
      code: "LIMIT_EXCEEDED",
      pointer: `/${name}`,
      message: `has ${counts[name]} ${name}, with those of the graphs inside; at most ${limits[name]}`,
    }));
  return [...tooMany, ...tooDeep];
}

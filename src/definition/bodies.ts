import type { Definition, Graph, GraphNode, LoopNode, MapNode, TaskNode, TimeoutConfig } from "./graph-types";

/** A node of a definition, in whatever graph of it. */
export interface NodeAt {
  readonly node: GraphNode;
  /** JSON pointer from the definition's root. */
  readonly pointer: string;
}

/** One of the graphs of a definition. */
export interface GraphAt {
  readonly graph: Graph;
  /** JSON pointer from the definition's root; empty for the definition itself. */
  readonly pointer: string;
  /** The map or loop whose body it is; absent for the definition's own graph, `on_failure` and `finally`. */
  readonly owner?: NodeAt & { readonly node: MapNode | LoopNode };
  /** The graph that the owner is in. */
  readonly outer?: GraphAt;
}

const bodies = new WeakMap<MapNode | LoopNode, Graph>();

/** The graph that a map runs for each item, a loop for each iteration. A map's `task` is a graph of one node with the map's id. */
export function bodyOf(node: MapNode | LoopNode): Graph {
  const known = bodies.get(node);
  if (known !== undefined) return known;
  const body = node.config.body ?? taskBody(node);
  bodies.set(node, body);
  return body;
}

/** True for a map that was given a task in place of a body; an item's output is then the task's. */
export function isTaskMap(node: MapNode | LoopNode): boolean {
  return node.type === "map" && node.config.body === undefined && node.config.task !== undefined;
}

function taskBody(node: MapNode | LoopNode): Graph {
  if (node.type !== "map" || node.config.task === undefined) return { nodes: [], edges: [] };
  const { id, name, retry, timeout } = node;
  const attempt = ofOneItem(timeout);
  const task: TaskNode = {
    id,
    type: "task",
    config: node.config.task,
    ...(name === undefined ? {} : { name }),
    ...(retry === undefined ? {} : { retry }),
    ...(attempt === undefined ? {} : { timeout: attempt }),
  };
  return { nodes: [task], edges: [] };
}

/** A map's `total`, and a bare duration, are of the whole map. */
function ofOneItem(timeout: TimeoutConfig | string | undefined): TimeoutConfig | undefined {
  if (timeout === undefined || typeof timeout === "string") return undefined;
  const { total: _ofTheMap, ...rest } = timeout;
  return rest;
}

const graphs = new WeakMap<Definition, readonly GraphAt[]>();

/** Every graph of a definition: its own first, each followed by the bodies in it, then `on_failure` and `finally`. */
export function graphsOf(definition: Definition): readonly GraphAt[] {
  const known = graphs.get(definition);
  if (known !== undefined) return known;
  const found: GraphAt[] = [{ graph: definition, pointer: "" }];
  for (const name of ["on_failure", "finally"] as const) {
    const graph = definition[name];
    if (graph !== undefined) found.push({ graph, pointer: `/${name}` });
  }
  const all = found.flatMap((graphAt) => [graphAt, ...bodiesIn(graphAt)]);
  graphs.set(definition, all);
  return all;
}

function bodiesIn(outer: GraphAt): readonly GraphAt[] {
  return outer.graph.nodes.flatMap((node, position): readonly GraphAt[] => {
    if (node.type !== "map" && node.type !== "loop") return [];
    const owner = { node, pointer: `${outer.pointer}/nodes/${position}` };
    const body: GraphAt = { graph: bodyOf(node), pointer: `${owner.pointer}/config/body`, owner, outer };
    return [body, ...bodiesIn(body)];
  });
}

/** Every node that the definition writes down, nested graphs included. The one task of a `task` map is not a node of its own. */
export function allNodes(definition: Definition): readonly NodeAt[] {
  return graphsOf(definition).flatMap(({ graph, pointer, owner }) => {
    if (owner !== undefined && isTaskMap(owner.node)) return [];
    return graph.nodes.map((node, position) => ({ node, pointer: `${pointer}/nodes/${position}` }));
  });
}

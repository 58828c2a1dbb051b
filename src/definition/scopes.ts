import { hasCycle, reachTable, shapeOf } from "./graph-shape";
import type { ExtraVariables, GraphAt } from "./nodes/node-kind";
import type { ReadGraph, ReadNode } from "./read-graph";

/** A graph, and what expressions in it see of what is around it. */
export interface Scope {
  readonly graph: ReadGraph;
  /** Null for the outermost graph. */
  readonly outer: { readonly scope: Scope; readonly viewer: Viewer } | null;
  /** What the graph has beside the variables around it. */
  readonly extra: ExtraVariables | undefined;
  /** True where it is not sure that `extra` has all variables: something is wrong with the node around it. */
  readonly isVague: boolean;
  /** Whether the first node may have ended before the second one starts; both of this graph. */
  mayPrecede(id: string, other: string): boolean;
}

/** Where in a graph something stands. */
export interface Viewer {
  /** Id of the node that it is a part of; null where all nodes of the graph may have ended. */
  readonly id: string | null;
  /** Whether that node has ended itself by then, or has a last iteration to show. */
  readonly seesItself: boolean;
}

/** Sees all nodes of its graph: an output, and what runs after it. */
export const AT_THE_END: Viewer = { id: null, seesItself: true };

export function rootScope(graph: ReadGraph): Scope {
  return scopeOf(graph, null, undefined);
}

/** Of a graph that runs once the outermost one has ended. */
export function phaseScope(graph: ReadGraph, root: Scope, extra: ExtraVariables): Scope {
  return scopeOf(graph, { scope: root, viewer: AT_THE_END }, extra);
}

/** Of a graph inside a node: it sees what had ended when that node was entered. */
export function innerScope(graph: ReadGraph, around: Scope, node: ReadNode, at: GraphAt): Scope {
  const viewer = { id: node.id, seesItself: at.seesItself ?? false };
  const isVague = around.isVague || node.mended?.isConfigWhole === false;
  return scopeOf(graph, { scope: around, viewer }, at.extra, isVague);
}

function scopeOf(graph: ReadGraph, outer: Scope["outer"], extra: ExtraVariables | undefined, isVague = false): Scope {
  let mayPrecede: Scope["mayPrecede"] | undefined;
  return {
    graph,
    outer,
    extra,
    isVague,
    mayPrecede: (id, other) => {
      mayPrecede ??= precedence(graph);
      return mayPrecede(id, other);
    },
  };
}

function precedence(graph: ReadGraph): Scope["mayPrecede"] {
  const shape = shapeOf(graph);
  // Nothing is before anything in a circle; that is told already.
  if (hasCycle(shape)) return () => true;
  const { positions } = shape.index;
  const isUpstream = reachTable(shape);
  return (id, other) => isUpstream(positions.get(other) ?? -1, positions.get(id) ?? -1);
}

/** Whether the node may have ended where the viewer stands. False too for nodes that are in no graph around it. */
export function mayHaveEnded(id: string, scope: Scope, viewer: Viewer): boolean {
  if (!isIn(id, scope.graph)) return scope.outer !== null && mayHaveEnded(id, scope.outer.scope, scope.outer.viewer);
  if (viewer.id === null || (viewer.id === id && viewer.seesItself)) return true;
  return scope.mayPrecede(id, viewer.id);
}

/** Whether the node is in this graph or in one around it. */
export function isAround(id: string, scope: Scope): boolean {
  return isIn(id, scope.graph) || (scope.outer !== null && isAround(id, scope.outer.scope));
}

function isIn(id: string, graph: ReadGraph): boolean {
  return shapeOf(graph).index.positions.has(id);
}

/** All graphs of which something is known of what they see; those inside nodes of which too much is wrong are left out. */
export function scopesWithin(scope: Scope): readonly Scope[] {
  const inner = scope.graph.nodes.flatMap((node) =>
    node.graphs.flatMap(({ graph, at }) => (at === null ? [] : scopesWithin(innerScope(graph, scope, node, at)))),
  );
  return [scope, ...inner];
}

import { allNodes, graphsOf, isTaskMap } from "../definition/bodies";
import type { Definition } from "../definition/graph-types";
import { baseId } from "./instance";
import type { PathStep, SimulationReport } from "./report";

/** The name under which an edge that was taken is remembered: its graph's position among all graphs, and its own. */
export function edgeName(graph: number, edge: number): string {
  return `${graph}/${edge}`;
}

/** The nodes that were never run, and the edges that were never taken. */
export function untakenOf(
  definition: Definition,
  path: readonly PathStep[],
  followed: ReadonlySet<string>,
): SimulationReport["untaken"] {
  const ran = new Set(path.filter(({ status }) => status !== "skipped").map(({ id }) => baseId(id)));
  const nodes = allNodes(definition).flatMap(({ node }) => (ran.has(node.id) ? [] : [node.id]));
  const edges = graphsOf(definition).flatMap(({ graph, pointer, owner }, position) => {
    if (owner !== undefined && isTaskMap(owner.node)) return [];
    return graph.edges.flatMap(({ source, target }, edge) =>
      followed.has(edgeName(position, edge)) ? [] : [{ source, target, pointer: `${pointer}/edges/${edge}` }],
    );
  });
  return { nodes, edges };
}

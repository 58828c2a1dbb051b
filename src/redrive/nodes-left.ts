import { graphsOf } from "../definition/bodies";
import type { Definition, GraphNode } from "../definition/graph-types";
import type { EngineState } from "../engine/engine";
import type { NodeRun } from "../engine/engine-state";
import { nodeBehaviour } from "../engine/nodes/registry";
import { tableEntries } from "../engine/table";
import { bodiesOf } from "./trial-run";

/** Nodes of which an instance runs where a trial stopped, or may yet be entered. */
export function nodesLeft(definition: Definition, { frames }: EngineState): ReadonlySet<string> {
  const graphs = graphsOf(definition);
  const bodies = bodiesOf(definition);
  const left = new Set<string>();
  for (const [, { graph, nodes, hasEnded }] of tableEntries(frames)) {
    if (hasEnded === true) continue;
    for (const [position, { status, run }] of nodes.entries()) {
      const node = graphs[graph]?.graph.nodes[position];
      if (node === undefined || (status !== "pending" && status !== "running")) continue;
      left.add(node.id);
      // Bodies that are open are frames of their own.
      if (run === undefined || mayOpenMore(node, run)) for (const id of bodies.get(node.id) ?? []) left.add(id);
    }
  }
  return left;
}

/** A loop may go round once more; of a map it is known how many items there are. */
function mayOpenMore(node: GraphNode, { progress, bodies = 0 }: NodeRun): boolean {
  if (node.type === "loop") return true;
  const items = progress === undefined ? undefined : nodeBehaviour(node.type)?.items?.(progress);
  return items !== undefined && items.total > items.ended + bodies;
}

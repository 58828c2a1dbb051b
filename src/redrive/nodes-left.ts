import type { Definition, GraphNode } from "../definition/graph-types";
import type { EngineState } from "../engine/engine";
import type { FrameState, NodeRun } from "../engine/engine-state";
import { nodeBehaviour } from "../engine/nodes/registry";
import { edgeAt, nodeAt, regionBehind, type Site, sites } from "../engine/sites";
import { tableEntries } from "../engine/table";
import { bodiesOf } from "./trial-run";

/** Nodes of which an instance runs where a trial stopped, or may yet be entered. */
export function nodesLeft(definition: Definition, { frames }: EngineState): ReadonlySet<string> {
  const all = sites(definition);
  const bodies = bodiesOf(definition);
  const left = new Set<string>();
  for (const [, frame] of tableEntries(frames)) {
    const site = all[frame.graph];
    if (site === undefined || frame.hasEnded === true) continue;
    for (const [position, isFromStart] of positionsLeft(site, frame)) {
      const node = nodeAt(site, position);
      const run = isFromStart ? undefined : frame.nodes[position]?.run;
      left.add(node.id);
      // Bodies that are open are frames of their own.
      if (run === undefined || mayOpenMore(node, run)) for (const id of bodies.get(node.id) ?? []) left.add(id);
    }
  }
  return left;
}

/** Nodes of one graph that run or are to come; true for those that a back edge from one of them may start anew. */
function positionsLeft(site: Site, { nodes, taken = {} }: FrameState): ReadonlyMap<number, boolean> {
  const found = new Map<number, boolean>();
  for (const [position, { status }] of nodes.entries())
    if (status === "pending" || status === "running") found.set(position, false);
  // Grows while it is gone through: what is started anew has back edges too.
  for (const [position] of found)
    for (const edge of site.backEdges.get(position) ?? [])
      if ((taken[edge] ?? 0) < (edgeAt(site, edge).max ?? 0))
        for (const behind of regionBehind(site, edge)) found.set(behind, true);
  return found;
}

/** A loop may go round once more; of a map it is known how many items there are. */
function mayOpenMore(node: GraphNode, { progress, bodies = 0 }: NodeRun): boolean {
  if (node.type === "loop") return true;
  const items = progress === undefined ? undefined : nodeBehaviour(node.type)?.items?.(progress);
  return items !== undefined && items.total > items.ended + bodies;
}

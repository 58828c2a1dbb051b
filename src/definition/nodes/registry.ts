import type { GraphNode } from "../graph-types";
import { approvalNodeKind } from "./approval";
import { endNodeKind } from "./end";
import { failNodeKind } from "./fail";
import { loopNodeKind } from "./loop";
import { mapNodeKind } from "./map";
import type { NodeKind } from "./node-kind";
import { signalNodeKind } from "./signal";
import { switchNodeKind } from "./switch";
import { taskNodeKind } from "./task";
import { transformNodeKind } from "./transform";
import { waitNodeKind } from "./wait";
import { workflowNodeKind } from "./workflow";

/** Every kind of node there is. A new one is a file beside this one, a line here, and its behaviour in the engine. */
const KINDS: Readonly<Record<GraphNode["type"], NodeKind>> = {
  task: taskNodeKind,
  transform: transformNodeKind,
  switch: switchNodeKind,
  map: mapNodeKind,
  loop: loopNodeKind,
  workflow: workflowNodeKind,
  wait: waitNodeKind,
  signal: signalNodeKind,
  approval: approvalNodeKind,
  fail: failNodeKind,
  end: endNodeKind,
};

export const NODE_KINDS: ReadonlyMap<string, NodeKind> = new Map(Object.entries(KINDS));

export const NODE_TYPES: readonly string[] = [...NODE_KINDS.keys()];

export function nodeKind(type: string): NodeKind | undefined {
  return NODE_KINDS.get(type);
}

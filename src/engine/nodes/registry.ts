import { approvalBehaviour } from "./approval";
import { loopBehaviour } from "./loop";
import { mapBehaviour } from "./map";
import type { NodeBehaviour } from "./node-behaviour";
import { signalBehaviour } from "./signal";
import { taskBehaviour } from "./task";
import { waitBehaviour } from "./wait";
import { workflowBehaviour } from "./workflow";

const ALL: readonly NodeBehaviour[] = [
  taskBehaviour,
  mapBehaviour,
  loopBehaviour,
  workflowBehaviour,
  waitBehaviour,
  signalBehaviour,
  approvalBehaviour,
];

/** What each kind of node does. A new kind is a file beside this one and a line here. */
const BEHAVIOURS: ReadonlyMap<string, NodeBehaviour> = new Map(ALL.map((behaviour) => [behaviour.type, behaviour]));

/** Undefined for a kind that this version does not know: an old worker may be given a run of a newer one. */
export function nodeBehaviour(type: string): NodeBehaviour | undefined {
  return BEHAVIOURS.get(type);
}

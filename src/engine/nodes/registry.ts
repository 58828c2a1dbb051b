import { approvalBehaviour } from "./approval";
import { endBehaviour } from "./end";
import { failBehaviour } from "./fail";
import { loopBehaviour } from "./loop";
import { mapBehaviour } from "./map";
import type { NodeBehaviour } from "./node-behaviour";
import { signalBehaviour } from "./signal";
import { switchBehaviour } from "./switch";
import { taskBehaviour } from "./task";
import { transformBehaviour } from "./transform";
import { waitBehaviour } from "./wait";
import { workflowBehaviour } from "./workflow";

const ALL: readonly NodeBehaviour[] = [
  taskBehaviour,
  transformBehaviour,
  switchBehaviour,
  mapBehaviour,
  loopBehaviour,
  workflowBehaviour,
  waitBehaviour,
  signalBehaviour,
  approvalBehaviour,
  failBehaviour,
  endBehaviour,
];

/** What each kind of node does. A new kind is a file beside this one and a line here. */
const BEHAVIOURS: ReadonlyMap<string, NodeBehaviour> = new Map(ALL.map((behaviour) => [behaviour.type, behaviour]));

/** Undefined for a kind that this version does not know: an old worker may be given a run of a newer one. */
export function nodeBehaviour(type: string): NodeBehaviour | undefined {
  return BEHAVIOURS.get(type);
}

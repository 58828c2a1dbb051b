import type { NodeBehaviour } from "./node-behaviour";
import { taskBehaviour } from "./task";

/** What each kind of node does. A new kind is a file beside this one and a line here. */
const BEHAVIOURS: ReadonlyMap<string, NodeBehaviour> = new Map(
  [taskBehaviour].map((behaviour) => [behaviour.type, behaviour]),
);

/** Undefined for a kind that this version does not know: an old worker may be given a run of a newer one. */
export function nodeBehaviour(type: string): NodeBehaviour | undefined {
  return BEHAVIOURS.get(type);
}

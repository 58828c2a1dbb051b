import type { Draft } from "./draft";
import type { NodeState } from "./engine-state";
import type { FrameDraft } from "./frame-draft";
import { regionBehind } from "./sites";

/** Decides an edge once its source has ended, and lets its target start where that was all it waited for. */
export function decideEdge(draft: Draft, frame: FrameDraft, edge: number, isTaken: boolean): void {
  frame.setEdge(edge, isTaken ? "taken" : "dead");
  if (isTaken) draft.followed.push({ graph: frame.site.number, edge });
  const target = frame.site.index.targets[edge] ?? -1;
  const before = frame.state(target);
  const state = { ...before, undecided: before.undecided - 1, taken: before.taken + (isTaken ? 1 : 0) };
  frame.setState(target, state);
  if (hasArrived(frame, target, state)) makeDue(draft, frame, target);
}

/** No path leads on from a node that was never entered, or that was cancelled. */
export function closeEdges(draft: Draft, frame: FrameDraft, position: number): void {
  for (const edge of frame.outgoing(position))
    if (frame.edgeState(edge) === "open") decideEdge(draft, frame, edge, false);
}

/** Puts a node on the agenda, to be entered or skipped when its turn comes. */
export function makeDue(draft: Draft, frame: FrameDraft, position: number): void {
  const state = frame.state(position);
  if (state.status !== "pending" || state.isDue || frame.ending !== undefined || isHeld(frame, position)) return;
  frame.setState(position, { ...state, isDue: true });
  frame.changeOpen(1);
  draft.agenda.push({ type: "enter", place: { frame: frame.id, node: position } });
}

/** Takes a node off again; what stands on the agenda is passed over. */
export function makeUndue(frame: FrameDraft, position: number): void {
  const { isDue, ...state } = frame.state(position);
  if (!isDue) return;
  frame.setState(position, state);
  frame.changeOpen(-1);
}

/** Whether a node that is due is to be skipped: too few of its paths were taken. */
export function isSkipped(frame: FrameDraft, position: number): boolean {
  const { taken, isRestarted } = frame.state(position);
  if (isRestarted || frame.incoming(position).length === 0) return false;
  return taken < pathsNeeded(frame, position);
}

/** Whether a node need not wait any longer for its paths, be it to start or to be skipped. */
export function hasArrived(frame: FrameDraft, position: number, { undecided, taken }: NodeState): boolean {
  if (undecided === 0) return true;
  return joinOf(frame, position) !== "all" && taken >= pathsNeeded(frame, position);
}

function pathsNeeded(frame: FrameDraft, position: number): number {
  const join = joinOf(frame, position);
  return typeof join === "number" ? join : 1;
}

function joinOf(frame: FrameDraft, position: number): "all" | "any" | number {
  return frame.node(position).join ?? "all";
}

/** What a back edge starts anew waits until all that ran there before has ended. */
function isHeld(frame: FrameDraft, position: number): boolean {
  return frame.restarts.some((edge) => regionBehind(frame.site, edge).has(position));
}

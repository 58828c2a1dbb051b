import type { Draft } from "./draft";
import { endNode, lookForEnd, noteEnd, unenterNode } from "./end-node";
import type { NodeEnd, NodeRun } from "./engine-state";
import type { RunOutcome } from "./engine-types";
import type { FrameDraft } from "./frame-draft";
import { MAIN_FRAME, timerId } from "./frame-ids";
import { forgetTimer } from "./pause";
import { closeEdges, makeUndue } from "./ready";

/** Nothing new starts in a graph from here on; what runs is cancelled, and the graph ends when the last of it has ended. */
export function stopFrame(draft: Draft, frame: FrameDraft, outcome: RunOutcome): void {
  if (frame.ending !== undefined) return;
  frame.endWith(outcome);
  for (const position of frame.site.graph.nodes.keys()) {
    makeUndue(frame, position);
    cancelNode(draft, frame, position);
  }
  lookForEnd(draft, frame);
}

/** Stops the main graph. A cancel, or a timeout, of what is ending anyway changes nothing: false. */
export function stopMain(draft: Draft, outcome: RunOutcome): boolean {
  const frame = draft.frame(MAIN_FRAME);
  if (frame === undefined || draft.phase !== "graph" || frame.ending !== undefined) return false;
  stopFrame(draft, frame, outcome);
  return true;
}

/** Cancels a running node; it ends once all that it has going has ended. Does nothing to any other. */
export function cancelNode(draft: Draft, frame: FrameDraft, position: number): void {
  if (frame.state(position).run?.ending !== undefined) return;
  stopNode(draft, frame, position, { status: "cancelled" });
  settleIfDone(draft, frame, position);
}

/** Decides how a running node ends, and cancels what it has going. True where nothing is left to wait for. */
export function stopNode(draft: Draft, frame: FrameDraft, position: number, ending: NodeEnd): boolean {
  const { run } = frame.state(position);
  if (run === undefined) return false;
  const { timers, unopened: _unopened, ...left } = run;
  const instance = frame.instance(position);
  frame.setRun(position, { ...left, ending });
  for (const name of Object.keys(timers ?? {})) {
    forgetTimer(draft, timerId(instance, name));
    draft.commands.cancelTimer(timerId(instance, name));
  }
  for (const body of bodiesOf(draft, frame, position, run)) stopFrame(draft, body, CANCELLED);
  if (run.child !== undefined && draft.commands.cancelChild(instance)) withoutChild(frame, position);
  if (run.hasTask && draft.commands.cancelTask(instance)) takeBackTask(draft, frame, position);
  return isDone(frame, position);
}

/** Whether a node that is being stopped has nothing left that has to end first. */
export function isDone(frame: FrameDraft, position: number): boolean {
  const { run } = frame.state(position);
  return run?.ending !== undefined && !run.hasTask && run.child === undefined && (run.bodies ?? 0) === 0;
}

/** Ends a cancelled node for which nothing is left to wait. */
export function settleIfDone(draft: Draft, frame: FrameDraft, position: number): void {
  if (isDone(frame, position)) settleCancelled(draft, frame, position);
}

/** Ends a node as cancelled, whether it ran or not, and closes the paths that lead on from it. `isTold`: history says so already. */
export function settleCancelled(draft: Draft, frame: FrameDraft, position: number, isTold = false): void {
  if (!isTold) noteEnd(draft, frame, position, { status: "cancelled" });
  endNode(draft, frame, position, { status: "cancelled" });
  closeEdges(draft, frame, position);
}

const CANCELLED: RunOutcome = { status: "cancelled", reason: "cancelled" };

function bodiesOf(draft: Draft, frame: FrameDraft, position: number, run: NodeRun): readonly FrameDraft[] {
  return run.bodies === undefined ? [] : draft.bodiesOf({ frame: frame.id, node: position });
}

function withoutChild(frame: FrameDraft, position: number): void {
  const { child: _child, ...run } = frame.state(position).run ?? {};
  frame.setRun(position, run);
}

/** A task that this very step wanted to start need not be started only to be cancelled. */
function takeBackTask(draft: Draft, frame: FrameDraft, position: number): void {
  if (frame.ending !== undefined) unenterNode(draft, frame, position);
  else {
    draft.tasks -= 1;
    const { hasTask: _task, ...run } = frame.state(position).run ?? {};
    frame.setRun(position, run);
  }
}

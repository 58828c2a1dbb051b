import type { Draft } from "./draft";
import { lookForEnd } from "./end-node";
import type { NodeState } from "./engine-state";
import type { FrameDraft } from "./frame-draft";
import { hasArrived, makeDue, makeUndue } from "./ready";
import { edgeAt, present, regionBehind } from "./sites";
import { cancelNode } from "./stop";

/**
 * Takes a back edge: what runs behind it is cancelled, and once that has ended all of it starts anew. Until then nothing
 * there is entered, whatever comes from outside.
 */
export function takeBackEdge(draft: Draft, frame: FrameDraft, edge: number): void {
  frame.countTaken(edge);
  frame.setRestarts([...frame.restarts, edge]);
  for (const position of regionBehind(frame.site, edge)) {
    makeUndue(frame, position);
    cancelNode(draft, frame, position);
  }
  lookForEnd(draft, frame);
}

/** Starts anew what a back edge leads to. Passed over where something there runs again, or has been started anew already. */
export function restart(draft: Draft, frameId: string, edge: number): void {
  const frame = draft.frame(frameId);
  if (frame === undefined) return;
  const region = regionBehind(frame.site, edge);
  const isWaiting = frame.restarts.includes(edge) && frame.ending === undefined;
  if (!isWaiting || [...region].some((position) => frame.state(position).run !== undefined)) return;
  frame.setRestarts(frame.restarts.filter((other) => other !== edge));
  for (const position of region) for (const outgoing of frame.outgoing(position)) frame.setEdge(outgoing, "open");
  for (const position of region) frame.setState(position, startedAnew(frame, position));
  const target = present(frame.site.index.positions.get(edgeAt(frame.site, edge).target));
  frame.setState(target, { ...frame.state(target), isRestarted: true });
  makeDue(draft, frame, target);
  for (const position of region)
    if (hasArrived(frame, position, frame.state(position))) makeDue(draft, frame, position);
}

function startedAnew(frame: FrameDraft, position: number): NodeState {
  const { iteration = 1, output } = frame.state(position);
  const incoming = frame.incoming(position).map((edge) => frame.edgeState(edge));
  return {
    status: "pending",
    undecided: incoming.filter((state) => state === "open").length,
    taken: incoming.filter((state) => state === "taken").length,
    iteration: iteration + 1,
    // Seen by expressions until the node ends again.
    ...(output === undefined ? {} : { output }),
  };
}

import type { Draft } from "./draft";
import type { NodeState } from "./engine-state";
import type { JournalEntry } from "./engine-types";
import type { FrameDraft } from "./frame-draft";
import { regionBehind } from "./sites";

/** What is kept of a node once it has ended. */
export interface EndedNode extends Pick<NodeState, "output" | "outputSize" | "failure" | "isReused"> {
  readonly status: "completed" | "failed" | "skipped" | "cancelled";
}

/** How an end came about that no work of this run led to. */
export type EndMarks = Pick<JournalEntry, "isSteered" | "reusedFrom" | "isInjected">;

/** Writes a node's end into the state, and sees what that was the last of. Edges are none of its business. */
export function endNode(draft: Draft, frame: FrameDraft, position: number, ended: EndedNode): void {
  const { undecided, taken, iteration, enteredAt, run, isDue } = frame.state(position);
  if (run !== undefined) draft.running.delete(frame.instance(position));
  if (run?.hasTask) draft.tasks -= 1;
  frame.setState(position, {
    undecided,
    taken,
    ...(iteration === undefined ? {} : { iteration }),
    ...(enteredAt === undefined ? {} : { enteredAt }),
    endedAt: draft.tick(),
    ...ended,
  });
  if (run !== undefined || isDue) closeOne(draft, frame);
}

/** Takes back that a node was entered, of which nobody has been told yet. */
export function unenterNode(draft: Draft, frame: FrameDraft, position: number): void {
  const { run, enteredAt: _entered, ...state } = frame.state(position);
  draft.running.delete(frame.instance(position));
  if (run?.hasTask) draft.tasks -= 1;
  frame.setState(position, { ...state, status: "pending" });
  closeOne(draft, frame);
}

/** Notes the end of a node whose activity, if it had one, tells another story. */
export function noteEnd(
  draft: Draft,
  frame: FrameDraft,
  position: number,
  { status, output, failure, ...marks }: Pick<JournalEntry, "status" | "output" | "failure" | keyof EndMarks>,
): void {
  draft.note({
    kind: "completed",
    nodeId: frame.instance(position),
    nodeType: frame.node(position).type,
    ...(status === undefined ? {} : { status }),
    ...(output === undefined ? {} : { output }),
    ...(failure === undefined ? {} : { failure }),
    ...marks,
  });
}

function closeOne(draft: Draft, frame: FrameDraft): void {
  frame.changeOpen(-1);
  lookForEnd(draft, frame);
}

/** A frame ends when nothing is left in it, unless a back edge only waited for that. */
export function lookForEnd(draft: Draft, frame: FrameDraft): void {
  if (frame.restarts.length > 0 && frame.ending === undefined)
    for (const edge of frame.restarts.filter((restart) => isQuiet(frame, restart)))
      draft.agenda.push({ type: "restart", frame: frame.id, edge });
  else if (frame.open === 0) draft.agenda.push({ type: "end_frame", frame: frame.id });
}

function isQuiet(frame: FrameDraft, edge: number): boolean {
  return [...regionBehind(frame.site, edge)].every((position) => frame.state(position).run === undefined);
}

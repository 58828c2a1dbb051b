import { resumeNode } from "./act";
import type { Draft } from "./draft";
import type { Place } from "./engine-state";
import type { RunOutcome } from "./engine-types";
import type { FrameDraft } from "./frame-draft";
import { MAIN_FRAME } from "./frame-ids";
import type { BodyOutcome } from "./nodes/node-behaviour";
import { openWaitingBodies } from "./open-frame";
import { completedOutcome } from "./output";
import { endGraphPhase, endHandlerPhase } from "./phases";
import { settleStopped } from "./settle";
import { present } from "./sites";

/** Ends a graph in which nothing is left; one that has gone on meanwhile, or has ended already, is passed over. */
export function endFrame(draft: Draft, frameId: string): void {
  const frame = draft.frame(frameId);
  if (frame === undefined) return;
  const isRestarting = frame.restarts.length > 0 && frame.ending === undefined;
  if (frame.open > 0 || isRestarting) return;
  const { parent } = frame;
  if (parent !== undefined) {
    endBody(draft, frame, parent);
    return;
  }
  if (frame.hasEnded) return;
  const outcome = frame.ending ?? completedOutcome(draft, frame);
  frame.endWith(outcome);
  frame.markEnded();
  if (frame.id === MAIN_FRAME) endGraphPhase(draft, outcome);
  else endHandlerPhase(draft, outcome);
}

function endBody(draft: Draft, frame: FrameDraft, parent: Place & { readonly suffix: string }): void {
  const outcome = bodyOutcome(frame.ending ?? completedOutcome(draft, frame));
  const { suffix, ...owner } = parent;
  draft.dropFrame(frame.id);
  draft.bodies -= 1;
  const outer = draft.frameOf(owner);
  const run = present(outer.state(owner.node).run);
  outer.setRun(owner.node, { ...run, bodies: (run.bodies ?? 1) - 1 });
  openWaitingBodies(draft, owner);
  if (run.ending === undefined) resumeNode(draft, owner, { type: "body_ended", suffix, outcome });
  else settleStopped({ draft, frame: outer, position: owner.node });
}

function bodyOutcome(outcome: RunOutcome): BodyOutcome {
  switch (outcome.status) {
    case "completed":
      return { status: "completed", output: outcome.output };
    case "failed":
      return { status: "failed", failure: outcome.failure };
    case "cancelled":
      return { status: "cancelled" };
  }
}

import type { Draft } from "./draft";
import type { Place, Work } from "./engine-state";
import type { FrameDraft } from "./frame-draft";
import { isSkipped } from "./ready";
import type { Pause, PlannedEnd, Steering } from "./steering";

/** Changes what is known of how the run is steered. */
export function changeSteering(draft: Draft, changes: Partial<Steering>): void {
  draft.steering = { ...draft.steering, ...changes };
}

/** Nothing new starts from here on. */
export function pauseRun(draft: Draft, pause: Pause): void {
  changeSteering(draft, { pause });
}

/**
 * Keeps a node that would be entered now until the run is resumed: where the run is paused, or is to be paused before this
 * node. `passes`: not by a breakpoint. False where the node may be entered.
 */
export function holdBack(draft: Draft, frame: FrameDraft, place: Place, passes: boolean): boolean {
  const { pause, isStepping = false, breakpoints = [], held = [] } = draft.steering ?? {};
  if (pause === undefined) {
    const nodeId = frame.instance(place.node);
    const isStop = isStepping || breakpoints.some((at) => at === nodeId || at === frame.node(place.node).id);
    if (passes || !isStop) return false;
    pauseRun(draft, { sinceMs: draft.nowMs, nodeId });
    draft.noteControl({ action: "break", node_id: nodeId });
  }
  changeSteering(draft, { held: [...held, place] });
  return true;
}

/** Keeps a timer that has fired until the run is resumed. False where it is to be heard now. */
export function holdTimer(draft: Draft, timerId: string): boolean {
  const { pause, heldTimers = [] } = draft.steering ?? {};
  if (pause === undefined) return false;
  if (!heldTimers.includes(timerId)) changeSteering(draft, { heldTimers: [...heldTimers, timerId] });
  return true;
}

/** A timer that has fired and was not heard yet is cancelled, or started anew. */
export function forgetTimer(draft: Draft, timerId: string): void {
  const { heldTimers = [] } = draft.steering ?? {};
  if (heldTimers.includes(timerId)) changeSteering(draft, { heldTimers: heldTimers.filter((id) => id !== timerId) });
}

/** True where the task that undoes another one has to wait until the run is resumed. */
export function holdCompensation(draft: Draft): boolean {
  if (draft.steering?.pause === undefined) return false;
  changeSteering(draft, { holdsCompensation: true });
  return true;
}

/** What was kept while the run was paused, for whoever goes on with it. */
export interface Released {
  readonly timers: readonly string[];
  readonly compensates: boolean;
}

/** Ends the pause: what was held is on the agenda again. `step`: the run is paused again before the node after the next. */
export function releaseHeld(draft: Draft, step: boolean): Released {
  const { pause: _pause, held = [], heldTimers = [], holdsCompensation, ...rest } = draft.steering ?? {};
  const { isStepping: _stepping, ...withoutStep } = rest;
  draft.steering = step ? { ...rest, isStepping: true } : withoutStep;
  const first = held.find((place) => mayEnter(draft, place));
  for (const place of held) {
    const passes = !step || place === first;
    const work: Work = { type: "enter", place, ...(passes ? { passes } : {}) };
    draft.agenda.push(work);
  }
  return { timers: heldTimers, compensates: holdsCompensation === true };
}

function mayEnter(draft: Draft, { frame: id, node }: Place): boolean {
  const frame = draft.frame(id);
  return frame?.state(node).isDue === true && !isSkipped(frame, node);
}

/** What somebody has decided that the node ends with; it is taken once. */
export function takePlan(draft: Draft, instance: string): PlannedEnd | undefined {
  const { planned = [] } = draft.steering ?? {};
  const found = planned.find(({ nodeId }) => nodeId === instance);
  if (found !== undefined) changeSteering(draft, { planned: planned.filter((plan) => plan !== found) });
  return found;
}

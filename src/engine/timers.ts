import type { Failure } from "../core/errors";
import { resumeNode } from "./act";
import type { Draft } from "./draft";
import type { Place } from "./engine-state";
import { RUN_TIMER, TOTAL_TIMER } from "./frame-ids";
import { holdTimer } from "./pause";
import { finishNode } from "./settle";
import { stopMain } from "./stop";

const NODE_TIMED_OUT: Failure = { code: "TIMEOUT", message: "the node took longer than its timeout" };

/** A timer has fired. False for one that nobody waits for; while the run is paused it is kept to be heard later. */
export function timerFired(draft: Draft, timerId: string): boolean {
  return (
    (timerId === RUN_TIMER ? draft.timeoutAtMs !== undefined : nodeTimer(draft, timerId) !== undefined) &&
    (holdTimer(draft, timerId) || hearTimer(draft, timerId))
  );
}

/** Does what a timer is for; false where nobody waits for it any more. */
export function hearTimer(draft: Draft, timerId: string): boolean {
  if (timerId === RUN_TIMER) return draft.timeoutAtMs !== undefined && runTimedOut(draft);
  const found = nodeTimer(draft, timerId);
  if (found === undefined) return false;
  const { place, name } = found;
  const frame = draft.frameOf(place);
  const { timers = {}, ...run } = frame.state(place.node).run ?? {};
  const { [name]: _fired, ...left } = timers;
  frame.setRun(place.node, { ...run, timers: left });
  if (name !== TOTAL_TIMER) resumeNode(draft, place, { type: "timer_fired", name });
  else finishNode({ draft, frame, position: place.node }, { status: "failed", failure: NODE_TIMED_OUT });
  return true;
}

function nodeTimer(draft: Draft, timerId: string): { readonly place: Place; readonly name: string } | undefined {
  const slash = timerId.lastIndexOf("/");
  const [instance, name] = [timerId.slice(0, slash), timerId.slice(slash + 1)];
  const place = slash === -1 ? undefined : draft.runningAt(instance);
  if (place === undefined) return undefined;
  const { timers = {} } = draft.frameOf(place).state(place.node).run ?? {};
  return Object.hasOwn(timers, name) ? { place, name } : undefined;
}

function runTimedOut(draft: Draft): boolean {
  const { definition } = draft.before.snapshot;
  const isMoved = draft.steering?.hasOwnDeadline === true;
  draft.timeoutAtMs = undefined;
  const message = isMoved
    ? "the run took longer than it was given"
    : `the run took longer than its timeout, ${definition.timeout}`;
  return stopMain(draft, { status: "failed", failure: { code: "RUN_TIMEOUT", message } });
}

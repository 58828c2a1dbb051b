import { assertNever } from "../core/assert-never";
import type { Draft } from "./draft";
import type { NodeEnd } from "./engine-state";
import type { SteerInput } from "./engine-types";
import { RUN_TIMER } from "./frame-ids";
import { changeSteering, forgetTimer, pauseRun, releaseHeld } from "./pause";
import { resumeCompensation } from "./phases";
import { finishNode } from "./settle";
import { steerRefusal } from "./steer-refusal";
import type { Control, MapConcurrency } from "./steering";
import { tableEntries } from "./table";
import { hearTimer } from "./timers";

/** Does what a person asks of the run. False where it makes no sense; see `steerRefusal`. */
export function steer(draft: Draft, input: SteerInput): boolean {
  if (steerRefusal(draft, input) !== null) return false;
  draft.noteControl(controlOf(input));
  switch (input.action) {
    case "pause":
      pauseRun(draft, { sinceMs: draft.nowMs, ...(input.by === undefined ? {} : { by: input.by }) });
      return true;
    case "resume":
      resumeRun(draft, input.step === true);
      return true;
    case "skip":
      endNow(draft, input.nodeId, { status: "skipped" });
      return true;
    case "set_output":
      endNow(draft, input.nodeId, { status: "completed", output: input.output });
      return true;
    case "cancel_node":
      endNow(draft, input.nodeId, cancelledBy(input.by));
      return true;
    case "retry":
      return true;
    case "update":
      if (input.timeoutAtMs !== undefined) moveDeadline(draft, input.timeoutAtMs);
      for (const [nodeId, items] of Object.entries(input.concurrency ?? {})) setConcurrency(draft, { nodeId, items });
      return true;
    default:
      return assertNever(input, "action");
  }
}

/** Goes on with what was held. `step`: no further than the next node. */
export function resumeRun(draft: Draft, step: boolean): void {
  const { timers, compensates } = releaseHeld(draft, step);
  for (const timer of timers) hearTimer(draft, timer);
  if (compensates) resumeCompensation(draft);
}

/** A run that is cancelled does not wait for anybody: it is not paused any more, and stops nowhere. True where that is a change. */
export function stopSteering(draft: Draft): boolean {
  const { pause, isStepping, breakpoints } = draft.steering ?? {};
  if (pause === undefined && isStepping === undefined && breakpoints === undefined) return false;
  if (pause !== undefined) {
    draft.noteControl({ action: "resume" });
    resumeRun(draft, false);
  }
  const { isStepping: _stepping, breakpoints: _breakpoints, ...rest } = draft.steering ?? {};
  draft.steering = rest;
  return true;
}

/** Ends a node that runs, or decides what it ends with when it is reached. */
function endNow(draft: Draft, nodeId: string, end: NodeEnd): void {
  const place = draft.runningAt(nodeId);
  if (place !== undefined) {
    finishNode({ draft, frame: draft.frameOf(place), position: place.node }, end);
    return;
  }
  const planned = (draft.steering?.planned ?? []).filter((plan) => plan.nodeId !== nodeId);
  const plan = end.status === "completed" ? { nodeId, output: end.output } : { nodeId };
  changeSteering(draft, { planned: [...planned, plan] });
}

function cancelledBy(by: string | undefined): NodeEnd {
  const message = by === undefined ? "the node was cancelled" : `the node was cancelled by ${by}`;
  return { status: "failed", failure: { code: "CANCELLED", message }, isCancelled: true };
}

function moveDeadline(draft: Draft, dueAtMs: number): void {
  if (draft.timeoutAtMs !== undefined) draft.commands.cancelTimer(RUN_TIMER);
  forgetTimer(draft, RUN_TIMER);
  draft.timeoutAtMs = dueAtMs;
  changeSteering(draft, { hasOwnDeadline: true });
  draft.commands.add({ type: "start_timer", timerId: RUN_TIMER, dueAtMs, summary: "run timeout" });
}

/** Maps of that id that run start more items at once, or none until enough have ended. */
function setConcurrency(draft: Draft, changed: MapConcurrency): void {
  const others = (draft.steering?.concurrency ?? []).filter(({ nodeId }) => nodeId !== changed.nodeId);
  changeSteering(draft, { concurrency: [...others, changed] });
  for (const [, place] of tableEntries(draft.running.result())) {
    const node = draft.frameOf(place).node(place.node);
    if (node.id === changed.nodeId && node.type === "map")
      draft.agenda.push({ type: "resume", place, event: { type: "concurrency" } });
  }
}

function controlOf(input: SteerInput): Control {
  const { action, by, requestId } = input;
  return {
    action,
    ...("nodeId" in input ? { node_id: input.nodeId } : {}),
    ...(by === undefined ? {} : { by }),
    ...(requestId === undefined ? {} : { request_id: requestId }),
    ...(input.action === "resume" && input.step ? { step: true } : {}),
    ...(input.action === "update" ? updated(input) : {}),
  };
}

function updated({ timeoutAtMs, concurrency }: Extract<SteerInput, { readonly action: "update" }>) {
  return {
    ...(timeoutAtMs === undefined ? {} : { deadline: new Date(timeoutAtMs).toISOString() }),
    ...(concurrency === undefined ? {} : { concurrency }),
  };
}

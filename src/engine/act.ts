import { assertNever } from "../core/assert-never";
import type { Draft } from "./draft";
import type { NodeRun, Place } from "./engine-state";
import { brokenNodeFailure } from "./failures";
import type { FrameDraft } from "./frame-draft";
import { TOTAL_TIMER, timerId } from "./frame-ids";
import { contextOf } from "./node-context";
import type { NodeAction, NodeEffect, NodeEvent } from "./nodes/node-behaviour";
import { nodeBehaviour } from "./nodes/registry";
import { startBody } from "./open-frame";
import { keptOutcome } from "./output";
import { forgetTimer } from "./pause";
import { finishNode } from "./settle";
import { nodePointer, present } from "./sites";
import { stopFrame } from "./stop";

/** Tells a running node's behaviour what happened, and does what it says. Nodes that have ended, or are being stopped, hear nothing. */
export function resumeNode(draft: Draft, place: Place, event: NodeEvent): void {
  const frame = draft.frame(place.frame);
  const run = frame?.state(place.node).run;
  if (frame === undefined || run === undefined || run.ending !== undefined) return;
  const node = frame.node(place.node);
  const context = contextOf(draft, frame, place.node);
  const behaviour = nodeBehaviour(node.type);
  if (behaviour?.resume === undefined) return;
  const { resume } = behaviour;
  const action = soundAction(frame, place.node, () => resume(node, context, run.progress ?? null, event));
  act(draft, frame, place.node, action);
}

/** What a behaviour says; that the node fails where its definition is none that the behaviour can work with. */
export function soundAction(frame: FrameDraft, position: number, decide: () => NodeAction): NodeAction {
  try {
    return decide();
  } catch (error) {
    return { type: "fail", failure: brokenNodeFailure(nodePointer(frame.site, position), error) };
  }
}

/** Does what a node's behaviour says. */
export function act(draft: Draft, frame: FrameDraft, position: number, action: NodeAction): void {
  switch (action.type) {
    case "run":
      runTask(draft, frame, position, action.command);
      return;
    case "complete": {
      const { output, cases } = action;
      const end = { status: "completed", output, ...(cases === undefined ? {} : { cases }) } as const;
      finishNode({ draft, frame, position }, end);
      return;
    }
    case "fail":
      finishNode({ draft, frame, position }, { status: "failed", failure: action.failure });
      return;
    case "end_graph": {
      const outcome = keptOutcome(draft, frame, action.output);
      finishNode({ draft, frame, position }, { status: "completed", output: action.output });
      stopFrame(draft, frame, outcome);
      return;
    }
    case "wait":
      frame.setRun(position, { ...runOf(frame, position), progress: action.progress });
      for (const effect of action.effects ?? []) carryOut(draft, frame, position, effect);
  }
}

function runTask(
  draft: Draft,
  frame: FrameDraft,
  position: number,
  command: Extract<NodeAction, { readonly type: "run" }>["command"],
): void {
  const { id, name } = frame.node(position);
  frame.setRun(position, { hasTask: true });
  draft.tasks += 1;
  const activityId = frame.instance(position);
  draft.commands.add({ type: "run_task", activityId, nodeId: id, summary: name ?? id, ...command });
}

function carryOut(draft: Draft, frame: FrameDraft, position: number, effect: NodeEffect): void {
  const place = { frame: frame.id, node: position };
  switch (effect.type) {
    case "start_timer":
      startTimer(draft, frame, position, effect.name, effect.dueAtMs);
      return;
    case "cancel_timer":
      cancelTimer(draft, frame, position, effect.name);
      return;
    case "start_body":
      startBody(draft, place, { suffix: effect.suffix, variables: effect.variables });
      return;
    case "cancel_bodies":
      cancelBodies(draft, frame, position);
      return;
    case "start_child": {
      const { workflowId, input } = effect;
      const { id, name } = frame.node(position);
      const childId = frame.instance(position);
      const seeds = draft.seeds?.takeChild(childId, input);
      const child = { workflowId, input, ...(seeds === undefined ? {} : { seeds }) };
      frame.setRun(position, { ...runOf(frame, position), child });
      draft.commands.add({ type: "start_child", childId, nodeId: id, summary: name ?? id, ...child });
      return;
    }
    default:
      assertNever(effect, "effect");
  }
}

/** Starts a timer of a node; one of the same name that runs is replaced. */
export function startTimer(draft: Draft, frame: FrameDraft, position: number, name: string, dueAtMs: number): void {
  cancelTimer(draft, frame, position, name);
  const run = runOf(frame, position);
  frame.setRun(position, { ...run, timers: { ...run.timers, [name]: dueAtMs } });
  const { id, name: title } = frame.node(position);
  const summary = name === TOTAL_TIMER ? `${title ?? id}: timeout` : (title ?? id);
  draft.commands.add({ type: "start_timer", timerId: timerId(frame.instance(position), name), dueAtMs, summary });
}

function cancelTimer(draft: Draft, frame: FrameDraft, position: number, name: string): void {
  const { timers = {}, ...run } = runOf(frame, position);
  if (!Object.hasOwn(timers, name)) return;
  const { [name]: _cancelled, ...left } = timers;
  frame.setRun(position, { ...run, timers: left });
  forgetTimer(draft, timerId(frame.instance(position), name));
  draft.commands.cancelTimer(timerId(frame.instance(position), name));
}

function cancelBodies(draft: Draft, frame: FrameDraft, position: number): void {
  const place = { frame: frame.id, node: position };
  const { unopened = [], ...run } = runOf(frame, position);
  frame.setRun(position, run);
  for (const body of draft.bodiesOf(place)) stopFrame(draft, body, { status: "cancelled", reason: "cancelled" });
  for (const { suffix } of unopened)
    draft.agenda.push({
      type: "resume",
      place,
      event: { type: "body_ended", suffix, outcome: { status: "cancelled" } },
    });
}

function runOf(frame: FrameDraft, position: number): NodeRun {
  return present(frame.state(position).run);
}

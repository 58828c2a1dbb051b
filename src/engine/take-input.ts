import { assertNever } from "../core/assert-never";
import type { Failure } from "../core/errors";
import { resumeNode } from "./act";
import { keepCompensation } from "./compensation";
import type { Draft } from "./draft";
import { endNode } from "./end-node";
import type { NodeEnd, Place } from "./engine-state";
import type { AnswerInput, EngineInput } from "./engine-types";
import { compensationId } from "./frame-ids";
import { receiveMessage } from "./inbox";
import type { BodyOutcome } from "./nodes/node-behaviour";
import { outputSize } from "./output";
import { endCompensation } from "./phases";
import { inputRefusal } from "./refusal";
import { settleNode, settleStopped } from "./settle";
import { steer, stopSteering } from "./steer";
import { settleCancelled, stopMain } from "./stop";
import { timerFired } from "./timers";

/** Puts into the draft what happened outside. False where that changes nothing: it came late, twice or for nobody. */
export function takeInput(draft: Draft, input: EngineInput): boolean {
  switch (input.type) {
    case "task_completed":
      // A runner that returns nothing leaves no output in the history.
      return taskEnded(draft, input.activityId, { status: "completed", output: input.output ?? null });
    case "task_failed":
      return taskEnded(draft, input.activityId, { status: "failed", failure: input.failure });
    case "task_cancelled":
      return taskEnded(draft, input.activityId, { status: "cancelled" });
    case "timer_fired":
      return timerFired(draft, input.timerId);
    case "child_completed":
      return childEnded(draft, input.childId, { status: "completed", output: input.output ?? null });
    case "child_failed":
      return childEnded(draft, input.childId, { status: "failed", failure: input.failure });
    case "child_cancelled":
      return childEnded(draft, input.childId, { status: "cancelled" });
    case "message":
      if (inputRefusal(draft.before, input) !== null) return false;
      receiveMessage(draft, input);
      return true;
    case "answer":
      return answered(draft, input);
    case "steer":
      return inputRefusal(draft.before, input) === null && steer(draft, input);
    case "cancel": {
      const isStopped = stopMain(draft, { status: "cancelled", reason: input.reason });
      return stopSteering(draft) || isStopped;
    }
    case "fail":
      return stopMain(draft, { status: "failed", failure: input.failure });
    case "go_on":
      return wentOn(draft);
    default:
      return assertNever(input, "input");
  }
}

function taskEnded(draft: Draft, activityId: string, end: NodeEnd): boolean {
  const undoing = draft.phase === "compensating" ? draft.compensations.at(-1) : undefined;
  if (undoing !== undefined && compensationId(undoing.instance) === activityId) {
    endCompensation(draft);
    return true;
  }
  const place = draft.runningAt(activityId);
  if (place === undefined) return false;
  const { node: position } = place;
  const frame = draft.frameOf(place);
  const { run } = frame.state(position);
  if (!run?.hasTask) return false;
  const ending = { draft, frame, position, told: end.status };
  if (run.ending !== undefined && frame.ending === undefined) overtaken(draft, place, end);
  else if (end.status !== "cancelled") settleNode(ending, end);
  else if (frame.ending !== undefined) endNode(draft, frame, position, { status: "cancelled" });
  else settleNode({ ...ending, told: "failed" }, { status: "failed", failure: CANCELLED_BY_ITSELF });
  return true;
}

const CANCELLED_BY_ITSELF: Failure = { code: "CANCELLED", message: "the task was cancelled by itself" };

/** What was decided of the node while its task ran is its end; else the graph goes on without this task, but where it completed before its cancel arrived it may have to be undone. */
function overtaken(draft: Draft, place: Place, end: NodeEnd): void {
  const frame = draft.frameOf(place);
  const decided = frame.state(place.node).run?.ending;
  if (decided !== undefined && decided.status !== "cancelled") {
    const isUndoable = end.status === "completed";
    settleNode({ draft, frame, position: place.node, isUndoable, isSteered: true }, decided);
    return;
  }
  if (end.status === "completed" && outputSize(end.output, draft.fuel).ok) {
    endNode(draft, frame, place.node, { status: "completed", output: end.output });
    keepCompensation(draft, frame, place.node);
  }
  settleCancelled(draft, frame, place.node, end.status === "cancelled");
}

function childEnded(draft: Draft, childId: string, outcome: BodyOutcome): boolean {
  const place = draft.runningAt(childId);
  if (place === undefined) return false;
  const frame = draft.frameOf(place);
  const { child, ...run } = frame.state(place.node).run ?? {};
  if (child === undefined) return false;
  frame.setRun(place.node, run);
  if (run.ending === undefined) resumeNode(draft, place, { type: "child_ended", outcome });
  else settleStopped({ draft, frame, position: place.node });
  return true;
}

function answered(draft: Draft, answer: AnswerInput): boolean {
  const place = draft.runningAt(answer.nodeId);
  if (place === undefined || inputRefusal(draft.before, answer) !== null) return false;
  resumeNode(draft, place, { type: "answer", answer });
  return true;
}

function wentOn(draft: Draft): boolean {
  const { hasYielded } = draft;
  draft.hasYielded = false;
  return hasYielded;
}

import { parseDuration } from "../core/duration";
import type { GraphNode } from "../definition/graph-types";
import { act, soundAction, startTimer } from "./act";
import type { Draft } from "./draft";
import type { Place } from "./engine-state";
import { conditionFailure } from "./failures";
import type { FrameDraft } from "./frame-draft";
import { TOTAL_TIMER } from "./frame-ids";
import { MAX_RUNNING_TASKS } from "./limits";
import { contextOf } from "./node-context";
import type { NodeAction } from "./nodes/node-behaviour";
import { nodeBehaviour } from "./nodes/registry";
import { holdBack, takePlan } from "./pause";
import { isSkipped, makeUndue } from "./ready";
import { evaluateCondition } from "./scope";
import { isHeldByPlan, type SeededEnd } from "./seeds";
import { finishNode, settleNode, skipByWhen, skipNode } from "./settle";
import { nodesOnlyFor, partPointer } from "./sites";
import type { PlannedEnd } from "./steering";
import { cancelNode, settleCancelled } from "./stop";

/** Enters or skips a node that is due; one that has been overtaken meanwhile is passed over. */
export function enterNode(draft: Draft, place: Place, passes = false): void {
  const frame = draft.frame(place.frame);
  const position = place.node;
  if (frame === undefined || !frame.state(position).isDue) return;
  const node = frame.node(position);
  if (isSkipped(frame, position)) {
    skipNode({ draft, frame, position });
    return;
  }
  if (node.type === "task" && draft.tasks >= MAX_RUNNING_TASKS && !isTakenOver(draft, frame, position)) {
    draft.waitingTasks = [...draft.waitingTasks, place];
    return;
  }
  if (holdBack(draft, frame, place, passes)) return;
  markRunning(draft, frame, place);
  if (node.join_rest === "cancel") cancelRest(draft, frame, position);
  const plan = takePlan(draft, frame.instance(position));
  if (plan !== undefined) {
    endAsPlanned(draft, frame, position, plan);
    return;
  }
  if (isHeldByPlan(draft, frame, position)) return;
  const seed = draft.seeds?.take(frame.instance(position));
  if (seed !== undefined) {
    endAsSeeded(draft, frame, position, seed);
    return;
  }
  const isWanted = holdsWhen(draft, frame, position, node);
  if (isWanted === false) {
    skipByWhen({ draft, frame, position });
    return;
  }
  const action = isWanted === true ? firstAction(draft, frame, position, node) : isWanted;
  if (action.type !== "run") noteEntered(draft, frame, position, action);
  if (action.type === "wait") startTotal(draft, frame, position, node);
  act(draft, frame, position, action);
}

/** Somebody has decided how the node ends before it was entered. */
function endAsPlanned(draft: Draft, frame: FrameDraft, position: number, { output }: PlannedEnd): void {
  if (output === undefined) {
    skipByWhen({ draft, frame, position });
    return;
  }
  const nodeId = frame.instance(position);
  draft.note({ kind: "entered", nodeId, nodeType: frame.node(position).type });
  finishNode({ draft, frame, position }, { status: "completed", output });
}

/** It runs no task then, and need not wait until fewer run. */
function isTakenOver({ seeds }: Draft, frame: FrameDraft, position: number): boolean {
  return seeds !== undefined && (seeds.isPlan || seeds.has(frame.instance(position)));
}

/** The node ended in another run, which this one goes on from. */
function endAsSeeded(draft: Draft, frame: FrameDraft, position: number, seed: SeededEnd): void {
  const { from = "" } = draft.seeds ?? {};
  const isInjected = seed.status === "completed" && seed.isInjected === true;
  const isUndoable = seed.status === "completed" && seed.isUndoable === true;
  const reused = isInjected ? { isInjected } : { reusedFrom: from };
  settleNode({ draft, frame, position, isUndoable, reused }, seed);
}

function markRunning(draft: Draft, frame: FrameDraft, place: Place): void {
  const { isDue: _due, isRestarted: _restarted, ...state } = frame.state(place.node);
  frame.setState(place.node, { ...state, status: "running", enteredAt: draft.tick(), run: {} });
  draft.running.set(frame.instance(place.node), place);
}

/** True, false, or the failure of a node whose `when` does not evaluate. */
function holdsWhen(draft: Draft, frame: FrameDraft, position: number, node: GraphNode): boolean | NodeAction {
  if (node.when === undefined) return true;
  const result = evaluateCondition({ draft, frame, viewer: position }, node.when);
  if (result.ok) return result.value;
  const pointer = partPointer(frame.site, position, "/when");
  return { type: "fail", failure: conditionFailure(result.error, pointer, node.when) };
}

function firstAction(draft: Draft, frame: FrameDraft, position: number, node: GraphNode): NodeAction {
  const behaviour = nodeBehaviour(node.type);
  if (behaviour !== undefined)
    return soundAction(frame, position, () => behaviour.enter(node, contextOf(draft, frame, position)));
  return { type: "fail", failure: { code: "NODE_TYPE_UNKNOWN", message: `unknown node type '${node.type}'` } };
}

function noteEntered(draft: Draft, frame: FrameDraft, position: number, action: NodeAction): void {
  const input = action.type === "wait" ? action.input : undefined;
  const nodeType = frame.node(position).type;
  const nodeId = frame.instance(position);
  draft.note({ kind: "entered", nodeId, nodeType, ...(input === undefined ? {} : { input }) });
}

/** The whole time of a node that is no task; Temporal keeps the time of those. */
function startTotal(draft: Draft, frame: FrameDraft, position: number, node: GraphNode): void {
  if (node.type === "task" || !("timeout" in node) || node.timeout === undefined) return;
  const total = typeof node.timeout === "string" ? node.timeout : node.timeout.total;
  const durationMs = total === undefined ? undefined : parseDuration(total);
  if (durationMs?.ok) startTimer(draft, frame, position, TOTAL_TIMER, draft.nowMs + durationMs.value);
}

/** The paths that a join with `join_rest: cancel` no longer waits for. */
function cancelRest(draft: Draft, frame: FrameDraft, join: number): void {
  for (const position of nodesOnlyFor(frame.site, join)) {
    makeUndue(frame, position);
    if (frame.state(position).status === "pending") settleCancelled(draft, frame, position);
    else cancelNode(draft, frame, position);
  }
}

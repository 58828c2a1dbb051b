import type { Failure } from "../core/errors";
import { isJsonObject, type JsonValue } from "../core/json";
import { type Draft, inlineOrSize } from "./event-draft";
import type { HistoryFact, HistoryItem } from "./history-item";
import type { Step } from "./project";
import { retract } from "./project-runner-batch";
import { type OpenActivity, type ProjectionState, withEntry, withoutKey } from "./projection-state";

/** NODE_ENTERED of a node that runs as an activity; the one activity of a task's execution is the execution itself. */
export function scheduleActivity(
  state: ProjectionState,
  item: HistoryItem & Extract<HistoryFact, { type: "activity_scheduled" }>,
): Step {
  const { activityId, input } = item;
  const runnerInput = isJsonObject(input) ? input : {};
  const nodeId = typeof runnerInput["nodeId"] === "string" ? runnerInput["nodeId"] : undefined;
  const activity: OpenActivity = {
    activityId,
    ...(nodeId === undefined ? {} : { nodeId }),
    scheduledAtMs: item.timeMs,
    attempt: 0,
  };
  const opened = { ...state, open: withEntry(state.open, item.eventId, activity) };
  if (state.kind === "task" || nodeId === undefined) return { state: opened, drafts: [] };
  const data = { node_type: nodeTypeOf(state, nodeId), ...inlineOrSize("input", runnerInput["config"]) };
  return { state: opened, drafts: [{ type: "NODE_ENTERED", nodeId, data: { node_id: nodeId, ...data } }] };
}

type ActivityEnd =
  | { readonly status: "completed"; readonly output: JsonValue }
  | { readonly status: "failed"; readonly failure: Failure }
  | { readonly status: "cancelled" };

/** NODE_COMPLETED of a node that ran as an activity. An attempt that spoke and was not the last is retracted first. */
export function closeActivity(
  state: ProjectionState,
  item: HistoryItem & { readonly scheduledEventId: number },
  end: ActivityEnd,
): Step {
  const activity = state.open.get(item.scheduledEventId);
  if (activity === undefined) return { state, drafts: [] };
  const { activityId, nodeId, attempt } = activity;
  const retracted = retract(state, { activityId, nodeId, attempt });
  const closed: ProjectionState = {
    ...state,
    open: withoutKey(state.open, item.scheduledEventId),
    // Of a node that ends once nothing more is said; on a later iteration it speaks under an id of its own.
    spoken: state.spoken.has(activityId) ? withoutKey(state.spoken, activityId) : state.spoken,
  };
  if (state.kind === "task" || nodeId === undefined) return { state: closed, drafts: retracted };
  return {
    state: { ...closed, endedNodes: [...state.endedNodes, activityId] },
    drafts: [...retracted, nodeCompleted(state, activity, item.timeMs, end)],
  };
}

/** NODE_COMPLETED of a node that still ran when its run was ended from outside; nothing for a task's execution. */
export function cancelledNode(state: ProjectionState, activity: OpenActivity, timeMs: number): readonly Draft[] {
  if (state.kind === "task" || activity.nodeId === undefined) return [];
  return [nodeCompleted(state, activity, timeMs, { status: "cancelled" })];
}

function nodeCompleted(state: ProjectionState, activity: OpenActivity, timeMs: number, end: ActivityEnd): Draft {
  const { nodeId = activity.activityId, attempt, scheduledAtMs } = activity;
  const data = {
    node_id: nodeId,
    node_type: nodeTypeOf(state, nodeId),
    status: end.status,
    ...(attempt === 0 ? {} : { attempt }),
    duration_ms: Math.max(0, timeMs - scheduledAtMs),
  };
  switch (end.status) {
    case "completed":
      return { type: "NODE_COMPLETED", nodeId, data: { ...data, ...inlineOrSize("output", end.output) } };
    case "failed": {
      const { code, message, details } = end.failure;
      const failed = { ...data, code, ...inlineOrSize("details", details) };
      return { type: "NODE_COMPLETED", nodeId, data: failed, error: message };
    }
    case "cancelled":
      return { type: "NODE_COMPLETED", nodeId, data };
  }
}

/** Runs of a definition that is not in history (it never happens to ours) count as tasks. */
function nodeTypeOf(state: ProjectionState, nodeId: string): string {
  return state.nodeTypes.get(nodeId) ?? "task";
}

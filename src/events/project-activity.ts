import type { Failure } from "../core/errors";
import { isJsonObject, type JsonValue } from "../core/json";
import { type Draft, inlineOrSize } from "./event-draft";
import type { HistoryFact, HistoryItem } from "./history-item";
import type { Step } from "./project";
import { retract } from "./project-runner-batch";
import { type OpenNode, type ProjectionState, withClosed, withOpened } from "./projection-state";

/** Only tasks run as activities; compensations are tasks too. */
const NODE_TYPE = "task";

/**
 * NODE_ENTERED of a node that runs as an activity; the activity's id is the node's instance id. The one activity of a task's
 * execution is the execution itself, and an activity that names no node is the driver's own business.
 */
export function scheduleActivity(
  state: ProjectionState,
  item: HistoryItem & Extract<HistoryFact, { type: "activity_scheduled" }>,
): Step {
  const { activityId, input, eventId, timeMs } = item;
  const runnerInput = isJsonObject(input) ? input : {};
  if (state.kind === "workflow" && typeof runnerInput["nodeId"] !== "string") return { state, drafts: [] };
  const isNews = state.kind === "workflow" && !state.open.has(activityId);
  const opened = {
    ...withOpened(state, activityId, NODE_TYPE, timeMs),
    scheduled: state.scheduled.with(eventId, activityId),
  };
  if (!isNews) return { state: opened, drafts: [] };
  const data = { node_id: activityId, node_type: NODE_TYPE, ...inlineOrSize("input", runnerInput["config"]) };
  return { state: opened, drafts: [{ type: "NODE_ENTERED", nodeId: activityId, data }] };
}

type ActivityEnd =
  | { readonly status: "completed"; readonly output: JsonValue }
  | { readonly status: "failed"; readonly failure: Failure }
  | { readonly status: "cancelled" };

/** Notes the attempt that closes an activity. */
export function startActivity(state: ProjectionState, scheduledEventId: number, attempt: number): ProjectionState {
  const id = state.scheduled.get(scheduledEventId);
  const node = id === undefined ? undefined : state.open.get(id);
  return node === undefined ? state : { ...state, open: state.open.with(node.id, { ...node, attempt }) };
}

/** NODE_COMPLETED of a node that ran as an activity. An attempt that spoke and was not the last is retracted first. */
export function closeActivity(
  state: ProjectionState,
  item: HistoryItem & { readonly scheduledEventId: number },
  end: ActivityEnd,
): Step {
  const { scheduledEventId, timeMs } = item;
  const id = state.scheduled.get(scheduledEventId);
  if (id === undefined) return { state, drafts: [] };
  const unscheduled = { ...state, scheduled: state.scheduled.without(scheduledEventId) };
  const node = state.open.get(id);
  // The journal has told its end already.
  if (node === undefined) return { state: unscheduled, drafts: [] };
  const retracted = retract(state, id, node.attempt);
  const closed = { ...unscheduled, open: state.open.without(id) };
  if (state.kind === "task") return { state: closed, drafts: retracted };
  const { enteredAtMs, attempt } = node;
  const code = end.status === "failed" ? { code: end.failure.code } : {};
  const remembered = withClosed(closed, id, { enteredAtMs, attempt, status: end.status, ...code });
  return {
    state: { ...remembered, endedNodes: [...state.endedNodes, id] },
    drafts: [...retracted, nodeCompleted(node, timeMs, end)],
  };
}

/** NODE_COMPLETED of nodes that still ran when their run was ended from outside; none for a task's execution. */
export function cancelledNodes(state: ProjectionState, timeMs: number): readonly Draft[] {
  if (state.kind === "task") return [];
  return Array.from(state.open, ([, node]) => node)
    .sort((a, b) => a.position - b.position)
    .map((node) => nodeCompleted(node, timeMs, { status: "cancelled" }));
}

function nodeCompleted({ id, type, attempt, enteredAtMs }: OpenNode, timeMs: number, end: ActivityEnd): Draft {
  const data = {
    node_id: id,
    node_type: type,
    status: end.status,
    ...(attempt === 0 ? {} : { attempt }),
    duration_ms: Math.max(0, timeMs - enteredAtMs),
  };
  switch (end.status) {
    case "completed":
      return { type: "NODE_COMPLETED", nodeId: id, data: { ...data, ...inlineOrSize("output", end.output) } };
    case "failed": {
      const { code, message, details } = end.failure;
      const failed = { ...data, code, ...inlineOrSize("details", details) };
      return { type: "NODE_COMPLETED", nodeId: id, data: failed, error: message };
    }
    case "cancelled":
      return { type: "NODE_COMPLETED", nodeId: id, data };
  }
}

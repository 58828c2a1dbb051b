import type { JsonValue } from "../core/json";
import type { Draft } from "./event-draft";
import type { Step } from "./project";
import type { ProjectionState } from "./projection-state";
import { parseRunnerBatch } from "./runner-batch";

/** RFC 3339, UTC, milliseconds: what every event's time looks like. */
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/**
 * What a runner said. When a later attempt speaks, the earlier one is retracted first; what an earlier attempt still says
 * after that (its worker was thought lost and was not) is left out, and so is what is said of a node that has ended.
 */
export function projectRunnerBatch(state: ProjectionState, argument: JsonValue): Step {
  const batch = parseRunnerBatch(argument);
  if (batch === null) return { state, drafts: [] };
  const { activityId, attempt, events } = batch;
  const node = state.open.get(activityId);
  if (node === undefined || attempt < node.spoken) return { state, drafts: [] };
  const said = events.map(
    ({ type, timestamp, sequence, data }): Draft => ({
      type,
      ...(TIMESTAMP.test(timestamp) ? { timestamp } : {}),
      ...speakerOf(state, activityId),
      data: { ...data, ...speakerData(state, activityId, attempt), sequence },
    }),
  );
  const drafts = [...retract(state, activityId, attempt), ...said];
  if (attempt === node.spoken) return { state, drafts };
  return { state: { ...state, open: state.open.with(activityId, { ...node, spoken: attempt }) }, drafts };
}

/** PROGRESS that takes back what the attempt before this one said; nothing where none spoke. */
export function retract(state: ProjectionState, activityId: string, attempt: number): readonly Draft[] {
  const last = state.open.get(activityId)?.spoken ?? 0;
  if (last === 0 || last >= attempt) return [];
  const data = { ...speakerData(state, activityId, attempt), retracted_attempt: last };
  return [{ type: "PROGRESS", ...speakerOf(state, activityId), data }];
}

/** The one activity of a task's execution is the execution itself; any other has its node's instance id. */
function speakerOf({ kind }: ProjectionState, activityId: string) {
  return kind === "task" ? {} : { nodeId: activityId };
}

function speakerData({ kind }: ProjectionState, activityId: string, attempt: number) {
  return { ...(kind === "task" ? {} : { node_id: activityId }), attempt };
}

import type { JsonValue } from "../core/json";
import type { Draft } from "./event-draft";
import type { Step } from "./project";
import { type ProjectionState, withEntry } from "./projection-state";
import { parseRunnerBatch } from "./runner-batch";

/** RFC 3339, UTC, milliseconds: what every event's time looks like. */
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

interface Speaker {
  readonly activityId: string;
  readonly nodeId: string | undefined;
  readonly attempt: number;
}

/**
 * What a runner said. When a later attempt speaks, the earlier one is retracted first; what an earlier attempt still says
 * after that (its worker was thought lost and was not) is left out.
 */
export function projectRunnerBatch(state: ProjectionState, argument: JsonValue): Step {
  const batch = parseRunnerBatch(argument);
  if (batch === null) return { state, drafts: [] };
  const { activityId, nodeId, attempt, events } = batch;
  const last = state.spoken.get(activityId) ?? 0;
  // An activity that has closed has nothing more to say.
  const isOpen = [...state.open.values()].some((activity) => activity.activityId === activityId);
  if (attempt < last || !isOpen) return { state, drafts: [] };
  const said = events.map(
    ({ type, timestamp, sequence, data }): Draft => ({
      type,
      ...(TIMESTAMP.test(timestamp) ? { timestamp } : {}),
      ...(nodeId === undefined ? {} : { nodeId }),
      data: { ...data, ...speakerData(nodeId, attempt), sequence },
    }),
  );
  return {
    state: attempt === last ? state : { ...state, spoken: withEntry(state.spoken, activityId, attempt) },
    drafts: [...retract(state, { activityId, nodeId, attempt }), ...said],
  };
}

/** PROGRESS that takes back what the attempt before this one said; nothing where none spoke. */
export function retract(state: ProjectionState, { activityId, nodeId, attempt }: Speaker): readonly Draft[] {
  const last = state.spoken.get(activityId);
  if (last === undefined || last >= attempt) return [];
  const data = { ...speakerData(nodeId, attempt), retracted_attempt: last };
  return [{ type: "PROGRESS", ...(nodeId === undefined ? {} : { nodeId }), data }];
}

function speakerData(nodeId: string | undefined, attempt: number) {
  return { ...(nodeId === undefined ? {} : { node_id: nodeId }), attempt };
}

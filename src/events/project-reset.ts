import type { HistoryItem, RunReset } from "./history-item";
import { encodeOffset } from "./offset";
import type { Step } from "./project";
import type { ProjectionState } from "./projection-state";

/**
 * PROGRESS of an execution that was reset in Temporal: what the stream said from `retracted_from` on no longer counts. The run
 * that goes on has a copy of the other's history up to here, event ids and all, so its events have the offsets that they had.
 * From here on they are other events under the same ids: they get the time of the reset as the number of their run, which is
 * beyond all that were said before, and a later reset is beyond this one.
 */
export function projectReset(state: ProjectionState, item: HistoryItem & RunReset): Step {
  const { eventId, timeMs, newRunId, reason } = item;
  const data = {
    message: `reset in Temporal to event ${eventId}${reason === "" ? "" : `: ${reason}`}`,
    run_id: newRunId,
    event_id: eventId,
    retracted_from: encodeOffset(state.firstRunId, { run: state.run, eventId, index: 0 }),
  };
  const next = { ...state, run: timeMs, runId: newRunId, isQueued: false, cancelReason: "" };
  return { state: next, drafts: [{ type: "PROGRESS", data }] };
}

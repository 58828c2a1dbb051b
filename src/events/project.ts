import type { Draft } from "./event-draft";
import type { ExecutionEvent } from "./event-types";
import type { HistoryItem } from "./history-item";
import { encodeOffset } from "./offset";
import { PersistentMap } from "./persistent-map";
import { closeActivity, scheduleActivity, startActivity } from "./project-activity";
import { projectJournal } from "./project-journal";
import { projectReset } from "./project-reset";
import { projectEnd, projectStart } from "./project-run";
import { projectRunnerBatch } from "./project-runner-batch";
import { projectSlot } from "./project-slot";
import type { ProjectionState } from "./projection-state";

export interface Projected {
  readonly state: ProjectionState;
  readonly events: readonly ExecutionEvent[];
}

/** What one step of the fold makes; `project` numbers and dates it. */
export interface Step {
  readonly state: ProjectionState;
  readonly drafts: readonly Draft[];
}

/**
 * Turns one item of history into the stream's events ("The event stream is a projection of history"). Pure: the same
 * history gives the same events, however it is read, so that a reader may leave and come back at any offset.
 */
export function project(state: ProjectionState, item: HistoryItem): Projected {
  const step = foldItem(state, item);
  const timestamp = new Date(item.timeMs).toISOString();
  // The start of a run says which of its chain it is, where the runs before it were not read; a reset begins another.
  const { run } = item.type === "run_started" || item.type === "run_reset" ? step.state : state;
  const events = step.drafts.map(({ type, nodeId, data, error, timestamp: own }, index): ExecutionEvent => {
    const offset = encodeOffset(state.firstRunId, { run, eventId: item.eventId, index });
    return {
      offset,
      type,
      timestamp: own ?? timestamp,
      ...(nodeId === undefined ? {} : { nodeId }),
      data: { execution_id: step.state.executionId, ...data },
      ...(error === undefined ? {} : { error }),
    };
  });
  return { state: step.state, events };
}

function foldItem(state: ProjectionState, item: HistoryItem): Step {
  switch (item.type) {
    case "run_started":
      return projectStart(state, item);
    case "activity_scheduled":
      return scheduleActivity(state, item);
    case "activity_started":
      return silent(startActivity(state, item.scheduledEventId, item.attempt));
    case "activity_completed":
      return closeActivity(state, item, { status: "completed", output: item.output });
    case "activity_failed":
      return closeActivity(state, item, { status: "failed", failure: item.failure });
    case "activity_cancelled":
      return closeActivity(state, item, { status: "cancelled" });
    case "journal_written":
      return projectJournal(state, item.journal, item.timeMs);
    case "runner_spoke":
      return projectRunnerBatch(state, item.argument);
    case "slot_told":
      return projectSlot(state, item.argument);
    case "workflow_task_completed":
      return projectCheckpoint(state, item.eventId);
    case "cancel_requested":
      return silent({ ...state, cancelReason: item.reason });
    case "continued_as_new":
      // Nodes stay open; activities end with their run, and those that go on are scheduled again in the next.
      return silent({ ...state, run: state.run + 1, runId: item.newRunId, scheduled: PersistentMap.empty() });
    case "run_reset":
      return projectReset(state, item);
    case "run_completed":
    case "run_failed":
    case "run_cancelled":
    case "run_timed_out":
    case "run_terminated":
      return projectEnd(state, item);
  }
}

/** From a completed workflow task the run continues after any crash; that is news once a node has ended. */
function projectCheckpoint(state: ProjectionState, eventId: number): Step {
  if (state.endedNodes.length === 0) return silent(state);
  const data = { run_id: state.runId, event_id: eventId, completed: state.endedNodes };
  return { state: { ...state, endedNodes: [] }, drafts: [{ type: "CHECKPOINT", data }] };
}

function silent(state: ProjectionState): Step {
  return { state, drafts: [] };
}

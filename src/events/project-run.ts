import { isJsonObject, type JsonObject, type JsonValue } from "../core/json";
import { type Draft, inlineOrSize } from "./event-draft";
import type { HistoryItem, RunClosed, RunStarted } from "./history-item";
import { PersistentMap } from "./persistent-map";
import type { Step } from "./project";
import { cancelledNodes } from "./project-activity";
import type { ProjectionState } from "./projection-state";
import { endOfRun } from "./run-closed";

/**
 * STARTED of the execution; the later runs of a chain begin without a word. Where such a run is the first that is still kept,
 * the stream begins with it, and says so.
 */
export function projectStart(state: ProjectionState, item: RunStarted): Step {
  const input = objectOf(item.input);
  const started: ProjectionState = {
    ...state,
    runId: item.runId,
    kind: item.kind,
    executionId: textOf(input["executionId"]),
  };
  if (item.continued && state.executionId !== "") return { state: started, drafts: [] };
  const place = item.continued ? numberOf(objectOf(input["resumed"])["run"]) : state.run;
  const data =
    item.kind === "task"
      ? { task_type: textOf(input["taskType"]), ...inlineOrSize("input", input["config"]) }
      : { definition_hash: textOf(objectOf(input["snapshot"])["hash"]), ...inlineOrSize("input", input["input"]) };
  const expired = item.continued ? { history: "expired" } : {};
  const redrivenFrom = objectOf(input["redriven"])["executionId"];
  const redriven = typeof redrivenFrom === "string" ? { redriven_from: redrivenFrom } : {};
  return {
    state: { ...started, run: place },
    drafts: [{ type: "STARTED", data: { ...data, ...redriven, ...expired } }],
  };
}

/** The last event. What still ran when the run was ended from outside counts as cancelled. */
export function projectEnd(state: ProjectionState, item: HistoryItem & RunClosed): Step {
  const left = cancelledNodes(state, item.timeMs);
  return { state: { ...state, open: PersistentMap.empty(), ended: true }, drafts: [...left, endDraft(state, item)] };
}

function endDraft(state: ProjectionState, item: RunClosed): Draft {
  const end = endOfRun(item, state.cancelReason);
  switch (end.status) {
    case "COMPLETED":
      return { type: "COMPLETED", data: inlineOrSize("output", end.output) };
    case "FAILED":
    case "CANCELLED": {
      const { failure, nodeId, output } = end;
      const data = {
        code: failure.code,
        ...(nodeId === undefined ? {} : { node_id: nodeId }),
        ...inlineOrSize("output", output),
        ...inlineOrSize("details", failure.details),
      };
      return { type: "FAILED", data, error: failure.message };
    }
  }
}

/** Histories are ours, but a stream must survive one that is not: what is missing is empty. */
function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function numberOf(value: JsonValue | undefined): number {
  return typeof value === "number" ? value : 0;
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}

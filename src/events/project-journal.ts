import { isJsonObject, type JsonObject, type JsonValue } from "../core/json";
import { type Draft, inlineOrSize } from "./event-draft";
import type { Step } from "./project";
import type { ProjectionState } from "./projection-state";

/** Events of nodes that no activity speaks for, from the memo `journal`: a list of `JournalEntry`. */
export function projectJournal(state: ProjectionState, journal: JsonValue): Step {
  const entries = (Array.isArray(journal) ? (journal as readonly JsonValue[]) : []).filter(isJsonObject);
  const ended = entries.filter(({ kind }) => kind === "completed").map(({ nodeId }) => String(nodeId));
  return {
    state: ended.length === 0 ? state : { ...state, endedNodes: [...state.endedNodes, ...ended] },
    drafts: entries.map(draftOf),
  };
}

function draftOf({ kind, nodeId, nodeType, status, output, outputBytes, failure }: JsonObject): Draft {
  const id = String(nodeId);
  const data = { node_id: id, node_type: String(nodeType) };
  if (kind === "entered") return { type: "NODE_ENTERED", nodeId: id, data };
  const { code, message, details } = isJsonObject(failure) ? failure : {};
  return {
    type: "NODE_COMPLETED",
    nodeId: id,
    data: {
      ...data,
      status: String(status),
      ...inlineOrSize("output", output),
      ...(outputBytes === undefined ? {} : { output_bytes: outputBytes }),
      ...(code === undefined ? {} : { code }),
      ...inlineOrSize("details", details),
    },
    ...(typeof message === "string" ? { error: message } : {}),
  };
}

import { isJsonObject, type JsonObject, type JsonValue } from "../core/json";
import { type Draft, inlineOrSize } from "./event-draft";
import type { Step } from "./project";
import { type ProjectionState, withEntry, withoutKey } from "./projection-state";

/** Events of nodes that no activity speaks for, from the memo `journal`: a list of `JournalEntry`. */
export function projectJournal(state: ProjectionState, journal: JsonValue, timeMs: number): Step {
  const entries = (Array.isArray(journal) ? (journal as readonly JsonValue[]) : []).filter(isJsonObject);
  let { enteredAtMs, endedNodes } = state;
  const drafts = entries.map((entry): Draft => {
    const id = String(entry["nodeId"]);
    if (entry["kind"] === "entered") {
      enteredAtMs = withEntry(enteredAtMs, id, timeMs);
      return { type: "NODE_ENTERED", nodeId: id, data: { node_id: id, node_type: String(entry["nodeType"]) } };
    }
    // What was skipped was never entered, and took no time.
    const durationMs = Math.max(0, timeMs - (enteredAtMs.get(id) ?? timeMs));
    enteredAtMs = withoutKey(enteredAtMs, id);
    if (entry["kind"] === "completed") endedNodes = [...endedNodes, id];
    return nodeCompleted(id, entry, durationMs);
  });
  return { state: { ...state, enteredAtMs, endedNodes }, drafts };
}

function nodeCompleted(
  id: string,
  { nodeType, status, output, outputBytes, failure }: JsonObject,
  durationMs: number,
): Draft {
  const { code, message, details } = isJsonObject(failure) ? failure : {};
  return {
    type: "NODE_COMPLETED",
    nodeId: id,
    data: {
      node_id: id,
      node_type: String(nodeType),
      status: String(status),
      duration_ms: durationMs,
      ...inlineOrSize("output", output),
      ...(outputBytes === undefined ? {} : { output_bytes: outputBytes }),
      ...(code === undefined ? {} : { code }),
      ...inlineOrSize("details", details),
    },
    ...(typeof message === "string" ? { error: message } : {}),
  };
}

import { isJsonObject, type JsonObject, type JsonValue } from "../core/json";
import { controlMessage } from "./control-message";
import { type Draft, inlineOrSize } from "./event-draft";
import type { Step } from "./project";
import { closedNode, type ProjectionState, withClosed, withOpened } from "./projection-state";

/**
 * Events of nodes that no activity speaks for, from the memo `journal`: a list of `JournalEntry`. Of a node whose activity
 * has closed an entry is its last word, such as the value that a `catch` gave it; where it says the same once more it is left
 * out, and so is the entry into a node that is open.
 */
export function projectJournal(before: ProjectionState, journal: JsonValue, timeMs: number): Step {
  const entries = (Array.isArray(journal) ? (journal as readonly JsonValue[]) : []).filter(isJsonObject);
  let state = before;
  const drafts: Draft[] = [];
  const ended: string[] = [];
  for (const entry of entries) {
    if (entry["kind"] === "control") {
      drafts.push(controlled(entry["control"]));
      continue;
    }
    const id = String(entry["nodeId"]);
    if (entry["kind"] === "entered") {
      if (!state.open.has(id)) drafts.push(nodeEntered(id, entry));
      state = withOpened(state, id, String(entry["nodeType"]), timeMs);
      continue;
    }
    const open = state.open.get(id);
    const closed = open === undefined ? closedNode(state, id) : undefined;
    const word = wordOf(entry);
    const isNews = entry["isSteered"] === true;
    if (!isNews && closed !== undefined && closed.status === word.status && closed.code === word.code) continue;
    const { enteredAtMs, attempt } = open ?? closed ?? { enteredAtMs: timeMs, attempt: 0 };
    state = { ...state, open: state.open.without(id) };
    if (closed === undefined) ended.push(id);
    else state = withClosed(state, id, { enteredAtMs, attempt, ...word });
    // What was skipped was never entered, and took no time.
    drafts.push(nodeCompleted(id, entry, attempt, Math.max(0, timeMs - enteredAtMs)));
  }
  return { state: ended.length === 0 ? state : { ...state, endedNodes: [...before.endedNodes, ...ended] }, drafts };
}

function wordOf({ status, failure }: JsonObject): { readonly status: string; readonly code?: string } {
  return { status: String(status), ...(isJsonObject(failure) ? { code: String(failure["code"]) } : {}) };
}

/** PROGRESS of the execution, also where it is about a node: that need not have been entered. */
function controlled(value: JsonValue | undefined): Draft {
  const control = isJsonObject(value) ? value : {};
  return { type: "PROGRESS", data: { message: controlMessage(control), control } };
}

function nodeEntered(id: string, { nodeType, input, inputBytes }: JsonObject): Draft {
  const bytes = inputBytes === undefined ? {} : { input_bytes: inputBytes };
  const data = { node_id: id, node_type: String(nodeType), ...inlineOrSize("input", input), ...bytes };
  return { type: "NODE_ENTERED", nodeId: id, data };
}

function nodeCompleted(
  id: string,
  { nodeType, status, output, outputBytes, failure, reusedFrom, isInjected }: JsonObject,
  attempt: number,
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
      ...(attempt === 0 ? {} : { attempt }),
      duration_ms: durationMs,
      ...inlineOrSize("output", output),
      ...(outputBytes === undefined ? {} : { output_bytes: outputBytes }),
      ...(code === undefined ? {} : { code }),
      ...inlineOrSize("details", details),
      ...(reusedFrom === undefined ? {} : { reused_from: reusedFrom }),
      ...(isInjected === undefined ? {} : { injected: isInjected }),
    },
    ...(typeof message === "string" ? { error: message } : {}),
  };
}

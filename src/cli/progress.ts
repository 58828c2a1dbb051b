import { assertNever } from "../core/assert-never";
import type { JsonObject, JsonValue } from "../core/json";
import type { ExecutionEvent } from "../events/event-types";
import { harmless } from "./terminal-text";

export type NodeState = "running" | "completed" | "failed" | "skipped" | "cancelled";

/** What the live view knows of one node; of a task's execution there is one, with an empty id. */
export interface NodeProgress {
  readonly id: string;
  readonly state: NodeState;
  /** The latest attempt that spoke; from 1. */
  readonly attempt: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Null while it runs. */
  readonly durationMs: number | null;
  /** The last line of output or the last message; the error once it failed. */
  readonly lastLine: string;
}

export type Outcome =
  | { readonly status: "completed"; readonly output: JsonValue | undefined; readonly outputBytes: number | undefined }
  | {
      readonly status: "failed" | "cancelled";
      readonly code: string;
      readonly nodeId: string | undefined;
      readonly error: string;
      readonly output: JsonValue | undefined;
    };

/** What is known of an execution after some of its events. */
export interface Progress {
  readonly nodes: readonly NodeProgress[];
  /** Milliseconds since 1970; null before STARTED. */
  readonly startedAt: number | null;
  readonly durationMs: number | null;
  /** Null while it runs. */
  readonly outcome: Outcome | null;
}

export const NO_PROGRESS: Progress = { nodes: [], startedAt: null, durationMs: null, outcome: null };

/** The fold: what is known after one more event. Pure; the order of events is that of the stream. */
export function foldEvent(progress: Progress, event: ExecutionEvent): Progress {
  const time = Date.parse(event.timestamp);
  switch (event.type) {
    case "STARTED": {
      const started = { ...progress, startedAt: time };
      // A task's execution has no NODE_ENTERED: it is its own only node.
      return "task_type" in event.data ? changeNode(started, "", time, {}) : started;
    }
    case "NODE_ENTERED":
      return changeNode(progress, event.nodeId ?? "", time, { state: "running", startedAt: time, durationMs: null });
    case "OUTPUT":
    case "PROGRESS":
    case "TOOL_CALL":
    case "TOOL_RESULT":
      return changeNode(progress, event.nodeId ?? "", time, spoken(progress, event));
    case "NODE_COMPLETED":
      return changeNode(progress, event.nodeId ?? "", time, ended(progress, event));
    case "CHECKPOINT":
      return progress;
    case "COMPLETED":
    case "FAILED":
      return end(progress, event, time);
    default:
      return assertNever(event.type, "event type");
  }
}

type NodeChange = Partial<Omit<NodeProgress, "id">>;

function changeNode(progress: Progress, id: string, time: number, change: NodeChange): Progress {
  const index = progress.nodes.findIndex((node) => node.id === id);
  const known = progress.nodes[index];
  if (known !== undefined) return { ...progress, nodes: progress.nodes.with(index, { ...known, ...change }) };
  const fresh = { id, state: "running", attempt: 1, startedAt: time, durationMs: null, lastLine: "" } as const;
  return { ...progress, nodes: [...progress.nodes, { ...fresh, ...change }] };
}

function spoken(progress: Progress, event: ExecutionEvent): NodeChange {
  const known = progress.nodes.find((node) => node.id === (event.nodeId ?? ""))?.lastLine ?? "";
  const line = lastLineOf(event);
  return { lastLine: line === "" ? known : line, ...attemptOf(event.data) };
}

/** The last line that is not blank. */
function lastLineOf({ type, data }: ExecutionEvent): string {
  if (type === "TOOL_CALL") return `calls ${textOf(data["tool"])}`;
  if (type === "TOOL_RESULT") return `${textOf(data["tool"])} ${"error" in data ? "failed" : "answered"}`;
  if (type === "PROGRESS") return progressText(data);
  const lines = harmless(textOf(data["text"])).split("\n");
  return lines.findLast((line) => line.trim() !== "")?.trim() ?? "";
}

/** What a PROGRESS event says, on one line. */
export function progressText(data: JsonObject): string {
  if (typeof data["retracted_attempt"] === "number") return `attempt ${data["retracted_attempt"]} no longer counts`;
  const percent = typeof data["percent"] === "number" ? `${Math.round(data["percent"])}%` : "";
  return [percent, textOf(data["message"])].filter((part) => part !== "").join(" ");
}

function ended({ nodes }: Progress, { data, error, nodeId, timestamp }: ExecutionEvent): NodeChange {
  const known = nodes.find((node) => node.id === (nodeId ?? ""));
  // What was skipped was never entered, and took no time.
  const sinceEntered = known === undefined ? 0 : Date.parse(timestamp) - known.startedAt;
  const state = NODE_STATES.find((known) => known === data["status"]) ?? (error === undefined ? "completed" : "failed");
  return {
    state,
    durationMs: typeof data["duration_ms"] === "number" ? data["duration_ms"] : sinceEntered,
    ...(error === undefined ? {} : { lastLine: error }),
    ...attemptOf(data),
  };
}

const NODE_STATES: readonly NodeState[] = ["completed", "failed", "skipped", "cancelled"];

function end(progress: Progress, event: ExecutionEvent, time: number): Progress {
  const outcome = outcomeOf(event);
  const nodes = progress.nodes.map((node) => (node.state === "running" ? closed(node, outcome, time) : node));
  const durationMs = progress.startedAt === null ? null : time - progress.startedAt;
  return { ...progress, nodes, outcome, durationMs };
}

/** Only a task's execution, and what was stopped along with a failed graph, is still open at the end. */
function closed(node: NodeProgress, outcome: Outcome, time: number): NodeProgress {
  const durationMs = time - node.startedAt;
  if (node.id !== "") return { ...node, state: "cancelled", durationMs };
  const lastLine = outcome.status === "completed" ? node.lastLine : outcome.error;
  return { ...node, state: outcome.status, durationMs, lastLine };
}

/** What a COMPLETED or FAILED event says. */
export function outcomeOf(event: ExecutionEvent): Outcome {
  const { data, error } = event;
  if (event.type === "COMPLETED") {
    const outputBytes = data["output_bytes"];
    return {
      status: "completed",
      output: data["output"],
      outputBytes: typeof outputBytes === "number" ? outputBytes : undefined,
    };
  }
  const code = textOf(data["code"]);
  const nodeId = data["node_id"];
  return {
    status: code === "CANCELLED" ? "cancelled" : "failed",
    code,
    nodeId: typeof nodeId === "string" ? nodeId : undefined,
    error: error ?? "",
    output: data["output"],
  };
}

function attemptOf(data: JsonObject): NodeChange {
  const attempt = data["attempt"];
  return typeof attempt === "number" ? { attempt } : {};
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}

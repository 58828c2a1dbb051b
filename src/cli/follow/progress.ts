import { assertNever } from "../../core/assert-never";
import type { JsonObject, JsonValue } from "../../core/json";
import type { ExecutionEvent } from "../../events/event-types";
import { harmless } from "../output/terminal-text";

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
  /** Null while it runs. */
  readonly outcome: Outcome | null;
}

type NodeChange = Partial<Omit<NodeProgress, "id">>;

/** The fold: takes events in the order of the stream. An event costs the same however many nodes there are. */
export class ProgressFold {
  readonly #nodes = new Map<string, NodeProgress>();
  #outcome: Outcome | null = null;

  add(event: ExecutionEvent): void {
    const time = Date.parse(event.timestamp);
    const id = event.nodeId ?? "";
    switch (event.type) {
      case "STARTED":
        // A task's execution has no NODE_ENTERED: it is its own only node.
        if ("task_type" in event.data) this.#change("", time, {});
        return;
      case "NODE_ENTERED":
        this.#change(id, time, { state: "running", startedAt: time, durationMs: null });
        return;
      case "OUTPUT":
      case "PROGRESS":
      case "TOOL_CALL":
      case "TOOL_RESULT":
        this.#change(id, time, spoken(event));
        return;
      case "NODE_COMPLETED":
        this.#change(id, time, ended(this.#nodes.get(id), event, time));
        return;
      case "CHECKPOINT":
        return;
      case "COMPLETED":
      case "FAILED":
        this.#end(event, time);
        return;
      default:
        assertNever(event.type, "event type");
    }
  }

  progress(): Progress {
    return { nodes: [...this.#nodes.values()], outcome: this.#outcome };
  }

  #change(id: string, time: number, change: NodeChange): void {
    const fresh = { id, state: "running", attempt: 1, startedAt: time, durationMs: null, lastLine: "" } as const;
    this.#nodes.set(id, { ...(this.#nodes.get(id) ?? fresh), ...change });
  }

  #end(event: ExecutionEvent, time: number): void {
    const outcome = outcomeOf(event);
    this.#outcome = outcome;
    for (const [id, node] of this.#nodes)
      if (node.state === "running") this.#nodes.set(id, closed(node, outcome, time));
  }
}

/** A blank line leaves the one before. */
function spoken(event: ExecutionEvent): NodeChange {
  const lastLine = lastLineOf(event);
  return { ...(lastLine === "" ? {} : { lastLine }), ...attemptOf(event.data) };
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

function ended(known: NodeProgress | undefined, { data, error }: ExecutionEvent, time: number): NodeChange {
  // What was skipped was never entered, and took no time.
  const sinceEntered = known === undefined ? 0 : time - known.startedAt;
  const state = NODE_STATES.find((one) => one === data["status"]) ?? (error === undefined ? "completed" : "failed");
  return {
    state,
    durationMs: typeof data["duration_ms"] === "number" ? data["duration_ms"] : sinceEntered,
    ...(error === undefined ? {} : { lastLine: error }),
    ...attemptOf(data),
  };
}

const NODE_STATES: readonly NodeState[] = ["completed", "failed", "skipped", "cancelled"];

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

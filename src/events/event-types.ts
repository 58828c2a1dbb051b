import type { JsonObject } from "../core/json";

/** What an event says. The names stand in `proto/executions.proto`; `docs/events.md` documents each one's `data`. */
export const EVENT_TYPES = [
  "STARTED",
  "PROGRESS",
  "OUTPUT",
  "TOOL_CALL",
  "TOOL_RESULT",
  "NODE_ENTERED",
  "NODE_COMPLETED",
  "CHECKPOINT",
  "COMPLETED",
  "FAILED",
] as const;

export type EventType = (typeof EVENT_TYPES)[number];

/** What a runner may say while it runs. */
export const RUNNER_EVENT_TYPES = [
  "PROGRESS",
  "OUTPUT",
  "TOOL_CALL",
  "TOOL_RESULT",
] as const satisfies readonly EventType[];

export type RunnerEventType = (typeof RUNNER_EVENT_TYPES)[number];

/** One message of an execution's stream, projected from Temporal history. */
export interface ExecutionEvent {
  /** Opaque to clients; see `offset.ts`. Unique and increasing in the execution. */
  readonly offset: string;
  readonly type: EventType;
  /** RFC 3339, UTC, milliseconds. */
  readonly timestamp: string;
  /** Absent for the execution as a whole, and everywhere in the execution of a task. */
  readonly nodeId?: string;
  /** Always holds `execution_id`. */
  readonly data: JsonObject;
  /** For a person; present where a node or the execution failed. */
  readonly error?: string;
}

/** True for the two events that end a stream. */
export function isLastEvent(event: ExecutionEvent): boolean {
  return event.type === "COMPLETED" || event.type === "FAILED";
}

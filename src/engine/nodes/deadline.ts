import { parseDuration } from "../../core/duration";
import type { NodeEffect } from "./node-behaviour";

/** Until when a node waits; for ever where absent. */
export type Deadline = { readonly untilMs?: number };

/** The deadline that a node's own `timeout` sets, and its timer. */
export function deadline(
  timer: string,
  timeout: string | undefined,
  nowMs: number,
): { readonly progress: Deadline; readonly effects: readonly NodeEffect[] } {
  const durationMs = timeout === undefined ? undefined : parseDuration(timeout);
  // The parser has refused what is no duration; a wait without an end is the lesser evil for one that got past it.
  if (durationMs === undefined || !durationMs.ok) return { progress: {}, effects: [] };
  const untilMs = nowMs + durationMs.value;
  return { progress: { untilMs }, effects: [{ type: "start_timer", name: timer, dueAtMs: untilMs }] };
}

/** For the journal; nothing where there is no end. */
export function deadlineText({ untilMs }: Deadline): { readonly until?: string } {
  return untilMs === undefined ? {} : { until: new Date(untilMs).toISOString() };
}

import { durationText } from "../../core/duration-text";
import { harmlessLine } from "../output/terminal-text";
import type { LiveModel } from "./live-fold";
import { type RowSource, statusCounts } from "./rows";
import { justified, type Line, line, type Style, span } from "./span";
import { usageText } from "./usage";

/** What is known of an execution beside its events. */
export interface LiveRecord {
  readonly executionId: string;
  /** What it is called: its own name, or that of its workflow or task. */
  readonly name: string;
  /** `workflow v3`, or `workflow build v3` where the execution has a name of its own. */
  readonly of: string;
  /** `redrive of ID`, labels, and their like. */
  readonly links: readonly string[];
}

/** How the view is connected to the server. */
export type ConnectionState =
  | { readonly state: "connected" | "connecting" }
  | { readonly state: "lost"; readonly sinceMs: number };

export interface HeaderSource extends RowSource {
  readonly record: LiveRecord;
  readonly connection: ConnectionState;
}

/** At most `height` lines, the most important one first. */
export function headerLines(source: HeaderSource, columns: number, height: number, nowMs: number): readonly Line[] {
  const { record } = source;
  const lines = [titleLine(source, columns, nowMs), countsLine(source, columns)];
  if (height >= 3) lines.push(justified(line(span(record.of, "dim")), line(span(record.executionId, "dim")), columns));
  if (height >= 4 && record.links.length > 0) lines.push(line(span(record.links.join("  "), "dim")));
  return lines.slice(0, Math.max(0, height));
}

function titleLine(source: HeaderSource, columns: number, nowMs: number): Line {
  const { model, record } = source;
  const { text, style } = standing(model);
  const elapsed = model.startedAtMs === null ? "" : `  ${durationText((model.end?.atMs ?? nowMs) - model.startedAtMs)}`;
  const left = line(span(harmlessLine(record.name), "bold"), "  ", span(text, style), elapsed);
  return justified(left, line(rightOf(source, nowMs)), columns);
}

/** Trouble with the connection is more urgent than the deadline. */
function rightOf({ connection, model, skeleton }: HeaderSource, nowMs: number) {
  if (connection.state === "lost")
    return span(`reconnecting for ${durationText(nowMs - connection.sinceMs)}`, "failed");
  if (connection.state === "connecting") return span("connecting", "dim");
  if (model.end !== null) return span("");
  const ofDefinition =
    skeleton.timeoutMs === null || model.startedAtMs === null ? null : model.startedAtMs + skeleton.timeoutMs;
  const deadlineMs = model.movedDeadlineMs ?? ofDefinition;
  if (deadlineMs === null) return span("");
  const leftMs = deadlineMs - nowMs;
  return span(
    leftMs > 0 ? `out of time in ${durationText(leftMs)}` : "out of time",
    leftMs < 60_000 ? "failed" : "dim",
  );
}

function standing(model: LiveModel): { readonly text: string; readonly style: Style } {
  const { end, pause, queuedBehind, startedAtMs } = model;
  if (end !== null) {
    const { code, node_id } = end.event.data;
    const at = typeof node_id === "string" ? ` at ${harmlessLine(node_id)}` : "";
    const why = end.status === "failed" ? `${at}: ${harmlessLine(String(code ?? ""))}` : "";
    return { text: `${end.status.toUpperCase()}${why}`, style: end.status };
  }
  if (pause !== null) {
    const by = pause.by === undefined ? "" : ` by ${harmlessLine(pause.by)}`;
    const before = pause.before === undefined ? "" : ` before ${harmlessLine(pause.before)}`;
    return { text: `PAUSED${by}${before}`, style: "waiting" };
  }
  if (queuedBehind !== undefined) return { text: `QUEUED behind ${harmlessLine(queuedBehind)}`, style: "waiting" };
  return startedAtMs === null ? { text: "PENDING", style: "pending" } : { text: "RUNNING", style: "running" };
}

const COUNTED = ["running", "waiting", "failed", "completed", "skipped", "cancelled", "pending"] as const;

function countsLine(source: HeaderSource, columns: number): Line {
  const counts = statusCounts(source);
  const spans = COUNTED.flatMap((status) => {
    const count = counts.get(status) ?? 0;
    return count === 0 ? [] : [span(`${count} ${status === "pending" ? "to come" : status}`, status), span("  ")];
  });
  const usage = usageText(source.model.usage);
  return justified({ spans }, line(span(usage, "bold")), columns);
}

import type { NodeView, RunOutcome } from "../engine/engine-types";
import type { Pause } from "../engine/steering";
import type { SlotView } from "./concurrency-slot";
import type { LiveProgress } from "./live-progress";

/** Answer of the query `state`, for whoever attaches late and for the Temporal Web UI. */
export interface StateView extends SlotView {
  readonly executionId: string;
  readonly status: "running" | RunOutcome["status"];
  /** Set while the run is paused. */
  readonly pause?: Pause;
  /** In the definition's order; of a task's execution the one task. */
  readonly nodes: readonly NodeStateView[];
}

/** `attempt`, `message` and `percent` as the runner last told them; absent until it spoke. */
export type NodeStateView = NodeView & Partial<LiveProgress>;

/** The current details hold this many nodes at most: the Web UI shows a page, and asks again and again. */
export const MAX_DETAIL_ROWS = 100;

/** Says of the nodes that wait for a child run which execution that is. */
export function withChildIds(nodes: readonly NodeView[], childIds: ReadonlyMap<string, string>): readonly NodeView[] {
  return nodes.map((node) => {
    const executionId = childIds.get(node.id);
    if (executionId === undefined || node.waiting?.for !== "child") return node;
    return { ...node, waiting: { ...node.waiting, executionId } };
  });
}

/** Adds what the runners told to what the engine knows. */
export function withProgress(
  nodes: readonly NodeView[],
  progress: ReadonlyMap<string, LiveProgress>,
): readonly NodeStateView[] {
  return nodes.map((node) => ({ ...node, ...progress.get(node.id) }));
}

/** A Markdown table of the nodes, for the current details. Nodes that have something to tell come first when not all fit. */
export function detailsTable(nodes: readonly NodeStateView[], pause?: Pause): string {
  const shown = nodes.length <= MAX_DETAIL_ROWS ? nodes : mostTelling(nodes);
  const rows = shown.map(({ name, status, attempt, message, percent, failure, isHeld, isReused }) => {
    const told = [
      percent === undefined ? "" : `${percent} %`,
      failure?.message ?? message ?? (isHeld ? "held" : isReused ? "reused" : ""),
    ];
    return `| ${[name, status, attempt ?? "", told.filter(Boolean).join(" ")].map(cell).join(" | ")} |`;
  });
  const rest = nodes.length - shown.length;
  const heading = pause === undefined ? [] : [pausedLine(pause), ""];
  const lines = [...heading, "| node | status | attempt | progress |", "| --- | --- | --- | --- |", ...rows];
  return (rest === 0 ? lines : [...lines, "", `and ${rest} more`]).join("\n");
}

function pausedLine({ by, nodeId, sinceMs }: Pause): string {
  const where = nodeId === undefined ? "" : ` before ${nodeId}`;
  const who = by === undefined ? "" : ` by ${cell(by)}`;
  return `**paused**${where}${who} since ${new Date(sinceMs).toISOString()}`;
}

function mostTelling(nodes: readonly NodeStateView[]): readonly NodeStateView[] {
  const order = { failed: 0, running: 1, cancelled: 2, completed: 3, skipped: 4, pending: 5 } as const;
  return nodes.toSorted((a, b) => order[a.status] - order[b.status]).slice(0, MAX_DETAIL_ROWS);
}

/** Longest text in a cell, in UTF-16 units; more would break the table's lines in the Web UI. */
const MAX_CELL_LENGTH = 200;

function cell(value: string | number): string {
  return String(value).slice(0, MAX_CELL_LENGTH).replaceAll(/\s+/g, " ").replaceAll("|", "\\|");
}

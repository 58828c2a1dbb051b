import { durationText } from "../../core/duration-text";
import { columnsOf, cut, pad } from "../../core/text-columns";
import { harmlessLine } from "../output/terminal-text";
import type { NodeProgress, NodeState, Progress } from "./progress";

/** How the live view looks. */
export interface LiveStyle {
  /** Columns of the terminal. */
  readonly columns: number;
  /** Lines that may be drawn: more than the terminal's rows could not be redrawn in place. */
  readonly rows: number;
  readonly color: boolean;
  /** Stands for the execution of a task, whose only node has no id. */
  readonly label: string;
}

const SIGNS: Readonly<Record<NodeState, string>> = {
  running: "●",
  completed: "✓",
  failed: "✗",
  skipped: "-",
  cancelled: "■",
};

/** Select Graphic Rendition (ECMA-48): blue, green, red, grey, yellow. */
const COLORS: Readonly<Record<NodeState, string>> = {
  running: "34",
  completed: "32",
  failed: "31",
  skipped: "90",
  cancelled: "33",
};

/** Frames of braille dots, one a redraw. */
const SPINNER = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** A node's id is cut here so that there is room for what it says. */
const MAX_ID_COLUMNS = 32;

/**
 * The live view: one line a node with sign, id, state, duration, and attempt and last line of output; none wider than the
 * terminal, and no more than fit in it (what runs and what failed first). `now` is in milliseconds since 1970.
 */
export function liveLines(progress: Progress, style: LiveStyle, now: number, frame: number): string[] {
  const room = Math.max(1, style.rows - 1);
  const shown = choose(progress.nodes, room);
  const idColumns = Math.max(0, ...shown.map((node) => columnsOf(idText(node, style)))) || 1;
  const lines = shown.map((node) => nodeLine(node, { ...style, idColumns, now, frame }));
  const hidden = progress.nodes.length - shown.length;
  return hidden === 0 ? lines : [...lines, cut(`  and ${hidden} more`, style.columns)];
}

/** All where they fit; otherwise those that run or failed, then the latest, in the order in which they were entered. */
function choose(nodes: readonly NodeProgress[], room: number): readonly NodeProgress[] {
  if (nodes.length <= room) return nodes;
  const urgent = nodes.filter(({ state }) => state === "running" || state === "failed").slice(-room);
  const others = nodes.filter((node) => !urgent.includes(node));
  const rest = room - urgent.length;
  const chosen = new Set([...urgent, ...(rest === 0 ? [] : others.slice(-rest))]);
  return nodes.filter((node) => chosen.has(node));
}

function nodeLine(
  node: NodeProgress,
  style: LiveStyle & { readonly idColumns: number; readonly now: number; readonly frame: number },
): string {
  const sign = node.state === "running" ? (SPINNER[style.frame % SPINNER.length] ?? "") : SIGNS[node.state];
  const duration = node.state === "skipped" ? "" : durationText(node.durationMs ?? style.now - node.startedAt);
  const attempt = node.attempt > 1 ? `attempt ${node.attempt}  ` : "";
  const text =
    ` ${pad(idText(node, style), style.idColumns)}  ${pad(node.state, "completed".length)}  ` +
    `${duration.padStart("59.9s".length + 1)}  ${attempt}${harmlessLine(node.lastLine)}`;
  // The last column stays free: some terminals wrap as soon as it is written.
  const line = cut(text, style.columns - 1 - columnsOf(sign)).trimEnd();
  return (style.color ? `\u001b[${COLORS[node.state]}m${sign}\u001b[0m` : sign) + line;
}

function idText(node: NodeProgress, style: LiveStyle): string {
  return cut(harmlessLine(node.id === "" ? style.label : node.id), MAX_ID_COLUMNS);
}

import { durationText } from "../../core/duration-text";
import { cut, pad } from "../../core/text-columns";
import { harmlessLine } from "../output/terminal-text";
import type { Glyphs } from "./glyphs";
import type { LiveModel } from "./live-fold";
import type { RetryState, Row } from "./rows";
import type { Line, Span, Style } from "./span";

export interface NodeLineStyle {
  readonly glyphs: Glyphs;
  /** Of the columns of ids, so that they stand below each other. */
  readonly labelColumns: number;
  readonly nowMs: number;
  readonly frame: number;
  /** Narrow terminals do without some columns. */
  readonly columns: number;
}

/** Below these widths the type, and then the words of the state, are left out. */
const TYPE_FROM_COLUMNS = 70;
const STATE_FROM_COLUMNS = 44;

/** Ids are cut here so that there is room for what nodes say. */
const MAX_LABEL_COLUMNS = 36;

/** `› ⠋ ▾ fetch   task  running   12.3s  attempt 2  the last line of output`. */
export function nodeLine(row: Row, model: LiveModel, isSelected: boolean, style: NodeLineStyle): Line {
  const { glyphs, nowMs, columns, labelColumns } = style;
  const marker = isSelected ? glyphs.selected : " ";
  const fold = row.isFolded === null ? " " : row.isFolded ? glyphs.folded : glyphs.unfolded;
  const spans: Span[] = [
    { text: marker },
    { text: `${signOf(row, style)} `, style: styleOf(row) },
    {
      text: pad(cut(labelText(row, fold), labelColumns), labelColumns),
      style: row.status === "pending" ? "pending" : undefined,
    },
  ];
  if (columns >= TYPE_FROM_COLUMNS) spans.push({ text: ` ${pad(cut(harmlessLine(row.type), 9), 9)}`, style: "dim" });
  if (columns >= STATE_FROM_COLUMNS) spans.push({ text: ` ${pad(stateWord(row), 9)}`, style: styleOf(row) });
  spans.push({ text: ` ${durationOf(row, nowMs).padStart(6)}  ` }, ...remarks(row, model, nowMs));
  return { spans, isSelected };
}

/** Columns that ids, with what they are indented by, take of `columns`. */
export function labelColumnsOf(rows: readonly Row[], columns: number): number {
  const most = Math.max(8, Math.min(MAX_LABEL_COLUMNS, Math.floor(columns / 2) - 4));
  let widest = 1;
  // Ids are ASCII, so that a letter is a column; this is done for thousands of rows at every redraw.
  for (const { label, depth } of rows) widest = Math.max(widest, 2 * Math.min(depth, 8) + 2 + label.length);
  return Math.min(widest, most);
}

function labelText({ label, depth }: Row, fold: string): string {
  return `${"  ".repeat(Math.min(depth, 8))}${fold} ${harmlessLine(label)}`;
}

function signOf({ status, retry }: Row, { glyphs, frame }: NodeLineStyle): string {
  if (status !== "running" || retry?.nextAtMs != null) return glyphs.states[retry === null ? status : "running"];
  return glyphs.spinner[frame % glyphs.spinner.length] ?? glyphs.states.running;
}

function styleOf({ status, retry }: Row): Style {
  return retry?.nextAtMs != null ? "cancelled" : status;
}

function stateWord({ status, retry }: Row): string {
  return retry?.nextAtMs != null ? "retrying" : status;
}

function durationOf({ instance, status }: Row, nowMs: number): string {
  if (instance === null || status === "skipped" || status === "pending") return "";
  return durationText(instance.durationMs ?? (instance.endedAtMs ?? nowMs) - instance.enteredAtMs);
}

function remarks(row: Row, model: LiveModel, nowMs: number): readonly Span[] {
  const spans: Span[] = [];
  const items = row.group === null && row.type === "map" ? row.instance?.itemCount : undefined;
  if (row.group !== null) spans.push({ text: `${groupText(row)}  ` });
  else if (items !== undefined) spans.push({ text: `${items} items  ` });
  const attempt = row.retry?.attempt ?? row.instance?.attempt ?? 1;
  if (attempt > 1) spans.push({ text: `${attemptText(attempt, row.retry, nowMs)}  `, style: "cancelled" });
  const waits = row.status === "waiting" ? waitText(row, nowMs) : "";
  if (waits !== "") spans.push({ text: `${waits}  `, style: "waiting" });
  spans.push(lastWord(row, model));
  return spans;
}

function groupText({ group }: Row): string {
  if (group === null) return "";
  const { total, done, failed, running } = group;
  return [
    `${done}/${total} done`,
    ...(running > 0 ? [`${running} running`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ].join(", ");
}

/** `attempt 2 of 5`; `attempt 3 of 5 in 4.2s`. */
export function attemptText(attempt: number, retry: RetryState | null, nowMs: number): string {
  const of = retry?.maxAttempts == null ? "" : ` of ${retry.maxAttempts}`;
  const next = retry?.nextAtMs == null ? "" : ` in ${durationText(retry.nextAtMs - nowMs)}`;
  return `attempt ${attempt}${of}${next}`;
}

/** `for 3m20s more`; `signal go`; `approval`. */
export function waitText({ instance }: Row, nowMs: number): string {
  const waitsFor = instance?.waitsFor ?? "";
  const [, until] = /^until (\S+)$/.exec(waitsFor) ?? [];
  const untilMs = until === undefined ? Number.NaN : Date.parse(until);
  if (Number.isNaN(untilMs)) return harmlessLine(waitsFor);
  return `for ${durationText(untilMs - nowMs)} more`;
}

function lastWord({ instance, instanceId, retry, status }: Row, model: LiveModel): Span {
  const talk = model.talk.get(instanceId);
  if (retry !== null && retry.error !== "") return { text: harmlessLine(retry.error), style: "dim" };
  if (status === "failed" && instance?.error !== undefined)
    return { text: harmlessLine(instance.error), style: "failed" };
  if (talk?.approval !== undefined && status === "waiting") return { text: harmlessLine(talk.approval.message) };
  const open = harmlessLine(talk?.open ?? "");
  const last = open !== "" ? open : (talk?.tail.findLast((one) => one.trim() !== "") ?? "");
  return { text: harmlessLine(last).trimStart(), style: "dim" };
}

import { harmlessLine } from "../output/terminal-text";
import { briefDetailLines, type DetailSource, detailLines, ruleLine } from "./detail-lines";
import type { Glyphs } from "./glyphs";
import { type HeaderSource, headerLines } from "./header-lines";
import { helpLines } from "./help-lines";
import { type KeyText, keySpans, questionLine } from "./key-lines";
import { isLive } from "./live-end";
import { type LiveUi, selectedIndex } from "./live-ui";
import { labelColumnsOf, nodeLine } from "./node-line";
import type { Row } from "./rows";
import { scrolledTop } from "./scroll";
import { fitted, type Line, line, padded, span, wrapped } from "./span";

export interface LiveSource extends HeaderSource {
  /** As `rowsOf` gives them for `ui`. */
  readonly rows: readonly Row[];
  readonly ui: LiveUi;
  readonly glyphs: Glyphs;
  /** Leaving leads back to a list. */
  readonly isInside: boolean;
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** How the rows of the screen are shared out. */
interface Shares {
  readonly header: number;
  readonly nodes: number;
  /** Without its rule. */
  readonly detail: number;
}

/** The footer has one row where there are two at all; what the selected node says a third of a screen that has ten. */
function sharesOf(rows: number, nodes: number): Shares {
  const header = rows >= 14 ? 4 : rows >= 10 ? 3 : rows >= 6 ? 2 : 1;
  const body = Math.max(0, rows - header - 1);
  if (body < 6) return { header: Math.min(header, rows), nodes: body, detail: 0 };
  const least = Math.max(3, Math.floor(body / 3));
  const detail = Math.max(least, body - nodes - 1) - 1;
  return { header, nodes: body - detail - 1, detail };
}

/** Rows of nodes that fit: what a page is. */
export function nodeHeight({ rows }: Size, nodes: number): number {
  return sharesOf(rows, nodes).nodes;
}

/** What was drawn, and where lists stand that cannot be scrolled as far as was asked for. */
export interface LiveLayout {
  readonly lines: readonly Line[];
  /** First row of nodes that is shown. */
  readonly top: number;
  readonly scroll: number;
}

/**
 * The screen: at most `size.rows` lines, each at most `size.columns` wide. `frame` counts the redraws, and `nowMs` is in
 * milliseconds since 1970.
 */
export function layoutLive(source: LiveSource, size: Size, nowMs: number, frame: number): LiveLayout {
  const { rows, ui, model } = source;
  const { columns } = size;
  const index = selectedIndex(ui, rows, model);
  const footer = size.rows < 2 ? [] : footerLines(source, index, size);
  const shares = sharesOf(size.rows - footer.length + 1, rows.length);
  const header = headerLines(source, columns, shares.header, nowMs);
  const room = Math.max(0, size.rows - header.length - footer.length);
  const height = shares.nodes + shares.header - header.length;
  const top = scrolledTop(ui.top, index, height, rows.length);
  const finish = (body: readonly Line[], scroll = 0): LiveLayout => {
    const lines = [...header, ...padded(body, room), ...footer].slice(0, Math.max(0, size.rows));
    return { lines: lines.map((one) => fitted(one, columns)), top, scroll };
  };
  const row = rows[index];
  const detail = row === undefined ? null : { row, model, executionId: source.record.executionId, columns, nowMs };
  if (ui.isHelp) return finish(...scrolled(helpLines(), ui.scroll, room));
  if (ui.isZoomed && detail !== null) {
    const [lines, scroll] = scrolled(detailLines(detail), ui.scroll, room - 1);
    return finish([ruleLine(row, model, columns, source.glyphs), ...lines], scroll);
  }
  const style = { glyphs: source.glyphs, labelColumns: labelColumnsOf(rows, columns), nowMs, frame, columns };
  const shown = rows.slice(top, top + height);
  const nodes = shown.map((one, offset) => nodeLine(one, model, top + offset === index, style));
  const empty = rows.length === 0 ? [line(span(emptyText(source), "dim"))].slice(0, height) : [];
  return finish([...padded([...nodes, ...empty], height), ...detailOf(source, detail, columns, shares.detail)]);
}

/** What the selected node says, below a rule. */
function detailOf({ model, glyphs }: LiveSource, detail: DetailSource | null, columns: number, height: number) {
  if (height < 1) return [];
  return [ruleLine(detail?.row, model, columns, glyphs), ...(detail === null ? [] : briefDetailLines(detail, height))];
}

/** The lines that are shown, and by how many it is scrolled. */
function scrolled(lines: readonly Line[], scroll: number, height: number): [readonly Line[], number] {
  const top = Math.max(0, Math.min(scroll, lines.length - height));
  return [lines.slice(top, top + Math.max(0, height)), top];
}

function emptyText({ ui, model }: LiveSource): string {
  if (ui.text !== "" || ui.states !== "all") return "no node matches; Esc shows all";
  return model.startedAtMs === null ? "nothing has happened yet" : "no nodes";
}

/** One line, but for what has to be read whole, such as a link. */
function footerLines(source: LiveSource, index: number, { columns, rows }: Size): readonly Line[] {
  const { notice, question, isTyping } = source.ui;
  if (notice === "" || question !== null || isTyping) return [footerLine(source, index, columns)];
  const lines = wrapped(harmlessLine(notice), columns).map((one) => line(span(one, "waiting")));
  return lines.slice(0, Math.max(1, Math.floor(rows / 3)));
}

function footerLine(source: LiveSource, index: number, columns: number): Line {
  const { ui, rows } = source;
  if (ui.question !== null) return questionLine(ui.question.text);
  if (ui.isTyping) return line(span("/", "bold"), `${ui.text}_  `, span("Enter keeps it, Esc shows all", "dim"));
  const filter = [ui.states === "all" ? "" : `only ${ui.states}`, ui.text === "" ? "" : `"${ui.text}"`].filter(Boolean);
  const place = rows.length === 0 ? "" : `${index + 1}/${rows.length} `;
  return line(span(`${place}${filter.join(" ")}${filter.length === 0 ? "" : " "}`, "dim"), ...keysOf(source, columns));
}

function keysOf({ model, ui, isInside }: LiveSource, columns: number) {
  if (ui.isHelp || ui.isZoomed) return [span("Esc", "bold"), span(" back", "dim")];
  const hasApproval = model.instances.some(({ status, waitsFor }) => status === "running" && waitsFor === "approval");
  const paused = model.pause !== null;
  const steering: readonly KeyText[] = isLive(model)
    ? [
        ["p", paused ? "resume" : "pause"],
        ...(paused ? [["s", "step"] as const] : []),
        ...(hasApproval ? [["a", "answer"] as const] : []),
        ["R", "retry"],
        ["S", "skip"],
        ["C", "cancel"],
      ]
    : [];
  const all: readonly KeyText[] = [
    ["?", "help"],
    ["q", isInside ? "back" : isLive(model) ? "detach" : "quit"],
    ...steering,
    ["/", "filter"],
    ["f", "states"],
    ["o", "web"],
  ];
  // Before them stand a place and a filter.
  return columns < 30 ? keySpans(all.slice(0, 2), Number.POSITIVE_INFINITY) : keySpans(all, columns - 12);
}

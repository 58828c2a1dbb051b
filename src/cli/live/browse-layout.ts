import { durationText } from "../../core/duration-text";
import { tableLines } from "../output/table";
import { harmlessLine } from "../output/terminal-text";
import { type BrowseItem, type BrowseList, type BrowseUi, browseIndex, TABS, type Tab } from "./browse-ui";
import type { Glyphs } from "./glyphs";
import { type KeyText, keyHelpLines, keySpans, questionLine } from "./key-lines";
import type { Size } from "./live-layout";
import { scrolledTop } from "./scroll";
import { fitted, justified, type Line, line, padded, type Span, span, wrapped } from "./span";

export interface BrowseSource {
  readonly ui: BrowseUi;
  /** Null before it has been read, as it is asked for now. */
  readonly list: BrowseList | null;
  /** Those of the list that are shown. */
  readonly items: readonly BrowseItem[];
  readonly server: string;
  /** Why the list is not up to date; empty while it is. */
  readonly problem: string;
  readonly loadedAtMs: number;
  readonly glyphs: Glyphs;
}

/** Two lines on top, headings, and the keys; a problem has one more. */
const FIXED_LINES = 4;
/** Below so many rows nothing more is told of the selected item. */
const DETAIL_FROM_ROWS = 14;

/** Items that fit: what a page is. */
export function browseHeight({ rows }: Size, hasProblem: boolean): number {
  return Math.max(0, rows - FIXED_LINES - (hasProblem ? 1 : 0) - detailHeight(rows));
}

function detailHeight(rows: number): number {
  return rows < DETAIL_FROM_ROWS ? 0 : Math.min(8, Math.floor(rows / 4));
}

/** The screen, never larger than `size`, and the first item that is shown. `nowMs` is in milliseconds since 1970. */
export function layoutBrowse(
  source: BrowseSource,
  size: Size,
  nowMs: number,
): { readonly lines: readonly Line[]; readonly top: number } {
  const { ui, items, glyphs } = source;
  const { columns, rows } = size;
  const problem = problemLines(source, nowMs);
  const height = browseHeight(size, problem.length > 0);
  const index = browseIndex(ui, items);
  const top = scrolledTop(ui.places[ui.tab].top, index, height, items.length);
  const head = [tabsLine(source, columns), standingLine(source), ...problem];
  const body = ui.isHelp ? keyHelpLines(HELP) : listLines(source, { top, height, index, columns });
  const room = Math.max(0, rows - head.length - 1);
  const detail = ui.isHelp || detailHeight(rows) === 0 ? [] : detailLines(items[index], glyphs, columns);
  const bottom = detail.slice(0, detailHeight(rows));
  const middle = padded(body, room - bottom.length).slice(0, Math.max(0, room - bottom.length));
  const lines = [...head, ...middle, ...bottom, footerLine(ui, columns)];
  return { lines: lines.slice(0, Math.max(0, rows)).map((one) => fitted(one, columns)), top };
}

const TITLES: Readonly<Record<Tab, string>> = {
  executions: "Executions",
  approvals: "Approvals",
  schedules: "Schedules",
};

function tabsLine({ ui, server }: BrowseSource, columns: number): Line {
  const tabs = TABS.flatMap((tab, index): readonly Span[] => {
    const text = `${index + 1} ${TITLES[tab]}`;
    return [tab === ui.tab ? span(`[${text}]`, "bold") : span(` ${text} `, "dim"), span(" ")];
  });
  return justified(line(...tabs), line(span(server, "dim")), columns);
}

function standingLine({ ui, list, items, problem }: BrowseSource): Line {
  const { filter } = ui.places[ui.tab];
  const filters = [ui.tab === "executions" && ui.status !== "" ? `only ${ui.status}` : "", filter].filter(Boolean);
  const total = Math.max(list?.total ?? 0, items.length);
  const unread = problem === "" ? "reading ..." : "not read";
  const counted = list === null ? unread : `${items.length === total ? "" : `${items.length} of `}${total}`;
  return line(span(counted, "dim"), ...(filters.length === 0 ? [] : [span(`  ${filters.join("  ")}`, "waiting")]));
}

/** A line of its own, which is cut where it must be and never left out: what is wrong with the draft, or else with the list. */
function problemLines({ ui, list, problem, loadedAtMs }: BrowseSource, nowMs: number): readonly Line[] {
  const age = list === null || loadedAtMs === 0 ? "" : `as of ${durationText(nowMs - loadedAtMs)} ago: `;
  const ofList = problem === "" ? "" : `${age}${problem}`;
  const text = ui.draft !== null && ui.notice !== "" ? ui.notice : ofList;
  return text === "" ? [] : [line(span(harmlessLine(text), "failed"))];
}

interface Window {
  readonly top: number;
  readonly height: number;
  readonly index: number;
  readonly columns: number;
}

function listLines({ list, items, glyphs }: BrowseSource, { top, height, index, columns }: Window): readonly Line[] {
  if (list === null) return [];
  const table = { headings: list.headings, flexible: list.flexible, dispensable: list.dispensable };
  // A marker and a sign stand before each row.
  const [heading = "", ...texts] = tableLines(
    { ...table, rows: items.map(({ cells }) => cells) },
    Math.max(1, columns - 4),
  );
  if (items.length === 0) return [line(span("   nothing to show", "dim"))];
  const shown = items.slice(top, top + height).map((item, offset): Line => {
    const isSelected = top + offset === index;
    const sign = span(`${signOf(item, glyphs)} `, item.style);
    return { ...line(isSelected ? glyphs.selected : " ", sign, texts[top + offset] ?? ""), isSelected };
  });
  return [line(span(`   ${heading}`, "dim")), ...shown];
}

function signOf({ style }: BrowseItem, { states }: Glyphs): string {
  return style === "bold" || style === "dim" ? states.pending : states[style];
}

function detailLines(item: BrowseItem | undefined, glyphs: Glyphs, columns: number): readonly Line[] {
  const rule = fitted(line(span(glyphs.rule.repeat(columns), "dim")), columns, true);
  const texts = item === undefined ? [] : item.detail.flatMap((text) => wrapped(harmlessLine(text), columns));
  return [rule, ...texts.map((text) => line(text))];
}

const FIRST_KEYS: readonly KeyText[] = [
  ["?", "help"],
  ["q", "quit"],
];
const LAST_KEYS: readonly KeyText[] = [
  ["Tab", "next list"],
  ["/", "filter"],
];

const TAB_KEYS: Readonly<Record<Tab, readonly KeyText[]>> = {
  executions: [
    ["Enter", "watch"],
    ["f", "status"],
    ["C", "cancel"],
  ],
  approvals: [
    ["a", "answer"],
    ["Enter", "watch"],
  ],
  schedules: [
    ["p", "pause"],
    ["t", "start now"],
    ["Enter", "watch the last"],
  ],
};

function footerLine(ui: BrowseUi, columns: number): Line {
  if (ui.question !== null) return questionLine(ui.question.text);
  if (ui.draft !== null) {
    const hint = ui.tab === "executions" ? "such as status=failed started>1d label.team=web" : "Enter keeps it";
    return line(span("/", "bold"), `${harmlessLine(ui.draft)}_  `, span(hint, "dim"));
  }
  if (ui.notice !== "") return line(span(harmlessLine(ui.notice), "waiting"));
  // The gap behind the last one need not fit.
  return line(...keySpans([...FIRST_KEYS, ...TAB_KEYS[ui.tab], ...LAST_KEYS], columns + 2));
}

const HELP: readonly KeyText[] = [
  ["1 2 3  Tab", "executions, approvals, schedules"],
  ["↑ ↓  j k", "move; PgUp PgDn Home End (g G) move further"],
  ["Enter", "watch the execution, and steer it; q comes back"],
  ["/", "filter: executions as with --filter, the others by a part of their text; Esc shows all"],
  ["f", "executions: all, running, failed, completed, cancelled"],
  ["C", "executions: cancel (asks)"],
  ["a", "approvals: answer"],
  ["p", "schedules: pause, and go on"],
  ["t", "schedules: start an execution now (asks)"],
  ["r", "read again now; it does so by itself every two seconds"],
  ["q  Ctrl-C", "quit"],
];

import { isLive } from "./live-end";
import type { LiveModel } from "./live-fold";
import { indexOfInstance, type Row, type RowChoice, STATE_FILTERS } from "./rows";
import { moved, typed } from "./scroll";

/** What a person asks of the server. */
export type Steering =
  | { readonly type: "pause" | "resume" | "step" | "cancel" }
  | { readonly type: "skip" | "retry" | "cancel_node"; readonly nodeId: string };

/** What a person asks of the server, or of the view itself. */
export type Request =
  | Steering
  | { readonly type: "open_ui" | "quit" | "suspend" }
  | { readonly type: "answer"; readonly nodeId: string };

/** What is shown, and how; nothing of it is the execution's. */
export interface LiveUi extends RowChoice {
  /** Key of the selected row; null while the selection follows what happens. */
  readonly selected: string | null;
  /** First row that is shown. */
  readonly top: number;
  /** Whether the text of the filter is being typed. */
  readonly isTyping: boolean;
  /** The selected node takes the whole screen. */
  readonly isZoomed: boolean;
  readonly isHelp: boolean;
  /** Lines that help, or the zoomed node, is scrolled by. */
  readonly scroll: number;
  /** Something that is asked before it is done. */
  readonly question: { readonly text: string; readonly request: Request } | null;
  /** What became of the last request; empty where there is nothing to say. */
  readonly notice: string;
}

export const FIRST_UI: LiveUi = {
  toggled: new Set(),
  states: "all",
  text: "",
  selected: null,
  top: 0,
  isTyping: false,
  isZoomed: false,
  isHelp: false,
  scroll: 0,
  question: null,
  notice: "",
};

export interface KeyContext {
  readonly rows: readonly Row[];
  readonly model: LiveModel;
  /** Rows of nodes that fit. */
  readonly height: number;
}

interface Answer {
  readonly ui: LiveUi;
  readonly request?: Request;
}

/** Which row is selected: the one that was chosen, else the one at which something happened last. */
export function selectedIndex({ selected }: LiveUi, rows: readonly Row[], { latestId }: LiveModel): number {
  const chosen = selected === null ? -1 : rows.findIndex(({ key }) => key === selected);
  if (chosen >= 0) return chosen;
  return Math.max(0, latestId === null ? 0 : indexOfInstance(rows, latestId));
}

/** What a key does. Keys are named as in `keys.ts`. */
export function pressKey(given: LiveUi, key: string, context: KeyContext): Answer {
  const ui = { ...given, notice: "" };
  if (key === "ctrl-c") return { ui, request: { type: "quit" } };
  if (key === "ctrl-z") return { ui, request: { type: "suspend" } };
  if (ui.question !== null) return answerQuestion({ ...ui, question: null }, ui.question, key);
  if (ui.isTyping) return { ui: typeFilter(ui, key) };
  if (ui.isHelp || ui.isZoomed) return closeOrScroll(ui, key, context);
  const index = selectedIndex(ui, context.rows, context.model);
  const to = moved(key, index, context.height, context.rows.length);
  if (to !== null) return { ui: { ...ui, selected: context.rows[to]?.key ?? null } };
  return look(ui, key, context, index) ?? steer(ui, key, context, context.rows[index]) ?? { ui };
}

function answerQuestion(ui: LiveUi, { request }: NonNullable<LiveUi["question"]>, key: string): Answer {
  return key === "y" || key === "Y" ? { ui, request } : { ui: { ...ui, notice: "left as it is" } };
}

function typeFilter(ui: LiveUi, key: string): LiveUi {
  if (key === "return") return { ...ui, isTyping: false };
  if (key === "escape") return { ...ui, isTyping: false, text: "" };
  const text = typed(ui.text, key);
  return text === null ? ui : { ...ui, text, selected: null, top: 0 };
}

function closeOrScroll(ui: LiveUi, key: string, context: KeyContext): Answer {
  if (key === "?" && !ui.isHelp) return { ui: { ...ui, isHelp: true, scroll: 0 } };
  if (["escape", "q", "return", "?"].includes(key)) {
    return { ui: ui.isHelp ? { ...ui, isHelp: false, scroll: 0 } : { ...ui, isZoomed: false, scroll: 0 } };
  }
  const to = moved(key, ui.scroll, context.height, 10_000);
  if (to !== null) return { ui: { ...ui, scroll: to } };
  if (ui.isHelp) return { ui };
  const row = context.rows[selectedIndex(ui, context.rows, context.model)];
  return steer(ui, key, context, row) ?? { ui };
}

/** Keys that change what is shown. */
function look(ui: LiveUi, key: string, { rows }: KeyContext, index: number): Answer | null {
  const row = rows[index];
  switch (key) {
    case "?":
    case "h":
      return { ui: { ...ui, isHelp: true, scroll: 0 } };
    case "q":
      return { ui, request: { type: "quit" } };
    case "/":
      return { ui: { ...ui, isTyping: true } };
    case "f": {
      const next = STATE_FILTERS[(STATE_FILTERS.indexOf(ui.states) + 1) % STATE_FILTERS.length] ?? "all";
      return { ui: { ...ui, states: next, selected: null, top: 0 } };
    }
    case "escape":
      return { ui: { ...ui, text: "", states: "all", selected: null } };
    case ".":
      return { ui: { ...ui, selected: null } };
    case "return":
      return { ui: { ...ui, isZoomed: row !== undefined, selected: row?.key ?? null, scroll: 0 } };
    case "space":
      return row === undefined || row.isFolded === null ? { ui } : { ui: toggle(ui, row) };
    case "right":
      return row?.isFolded === true ? { ui: toggle(ui, row) } : { ui };
    case "left":
      return row?.isFolded === false ? { ui: toggle(ui, row) } : { ui: toParent(ui, rows, index) };
    case "o":
      return { ui, request: { type: "open_ui" } };
    default:
      return null;
  }
}

function toggle(ui: LiveUi, { key }: Row): LiveUi {
  const toggled = new Set(ui.toggled);
  if (!toggled.delete(key)) toggled.add(key);
  return { ...ui, toggled, selected: key };
}

function toParent(ui: LiveUi, rows: readonly Row[], index: number): LiveUi {
  const depth = rows[index]?.depth ?? 0;
  const parent = rows.slice(0, index).findLast((row) => row.depth < depth);
  return parent === undefined ? ui : { ...ui, selected: parent.key };
}

/** Keys that change the execution. */
function steer(ui: LiveUi, key: string, { model, rows }: KeyContext, row: Row | undefined): Answer | null {
  if (!["p", "s", "a", "S", "R", "X", "C"].includes(key)) return null;
  if (!isLive(model)) return { ui: { ...ui, notice: "it has ended: there is nothing to steer" } };
  const ask = (text: string, request: Request): Answer => ({ ui: { ...ui, question: { text, request } } });
  const nodeId = row?.instanceId ?? "";
  switch (key) {
    case "p":
      return { ui, request: { type: model.pause === null ? "pause" : "resume" } };
    case "s":
      if (model.pause === null) return { ui: { ...ui, notice: "it is not paused: there is no step to take" } };
      return { ui, request: { type: "step" } };
    case "C":
      return ask("cancel the whole execution?", { type: "cancel" });
    case "a": {
      const approval = approvalAt(row) ?? model.instances.find((one) => isOpenApproval(one))?.id;
      if (approval === undefined) return { ui: { ...ui, notice: "no approval waits" } };
      return {
        ui: { ...ui, selected: keyOf(rows, approval) ?? ui.selected },
        request: { type: "answer", nodeId: approval },
      };
    }
    case "R":
      return nodeId === "" ? { ui } : { ui, request: { type: "retry", nodeId } };
    case "S":
      return nodeId === "" ? { ui } : ask(`skip ${nodeId}?`, { type: "skip", nodeId });
    default:
      return nodeId === "" ? { ui } : ask(`cancel ${nodeId}?`, { type: "cancel_node", nodeId });
  }
}

function keyOf(rows: readonly Row[], instanceId: string): string | undefined {
  return rows[indexOfInstance(rows, instanceId)]?.key;
}

function approvalAt(row: Row | undefined): string | undefined {
  const isOpen = row?.status === "waiting" && (row.instance === null || isOpenApproval(row.instance));
  return isOpen ? row?.instanceId : undefined;
}

function isOpenApproval({ status, waitsFor }: LiveModel["instances"][number]): boolean {
  return status === "running" && waitsFor === "approval";
}

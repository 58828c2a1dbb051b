import { readFilter } from "./browse-filter";
import { moved, typed } from "./scroll";
import type { Style } from "./span";

export const TABS = ["executions", "approvals", "schedules"] as const;
export type Tab = (typeof TABS)[number];

/** One line of a list. */
export interface BrowseItem {
  /** Unique in its list. */
  readonly id: string;
  readonly style: Style;
  readonly cells: readonly string[];
  /** What there is to say beside; one line each. */
  readonly detail: readonly string[];
  /** Opened by Enter; absent where there is none. */
  readonly executionId?: string;
  /** Of an approval. */
  readonly nodeId?: string;
  /** Of a schedule. */
  readonly isPaused?: boolean;
}

/** What a list shows. */
export interface BrowseList {
  readonly headings: readonly string[];
  /** Index of the column that gives way, and those that go first, as in `Table`. */
  readonly flexible: number;
  readonly dispensable: readonly number[];
  readonly items: readonly BrowseItem[];
  /** What the server filtered by, as `serverFilter` has it. */
  readonly filteredBy: string;
  /** How many match, not how many are here. */
  readonly total: number;
}

/** Which executions; the words of `--status`. */
export const STATUS_FILTERS = ["", "running", "failed", "completed", "cancelled"] as const;

interface Place {
  readonly selected: string | null;
  readonly top: number;
  /** Of executions in the language of `--filter`, elsewhere a part of a cell. */
  readonly filter: string;
}

export interface BrowseUi {
  readonly tab: Tab;
  readonly places: Readonly<Record<Tab, Place>>;
  readonly status: (typeof STATUS_FILTERS)[number];
  /** What is being typed as a filter; null while nothing is. */
  readonly draft: string | null;
  readonly isHelp: boolean;
  readonly question: { readonly text: string; readonly request: BrowseRequest } | null;
  /** What became of a key; of a draft, why it is no filter. */
  readonly notice: string;
}

export type BrowseRequest =
  | { readonly type: "quit" | "suspend" | "reload" }
  | { readonly type: "open" | "cancel"; readonly executionId: string }
  | { readonly type: "answer"; readonly item: BrowseItem }
  | { readonly type: "pause" | "unpause" | "trigger"; readonly scheduleId: string };

const FIRST_PLACE: Place = { selected: null, top: 0, filter: "" };

export const FIRST_BROWSE_UI: BrowseUi = {
  tab: "executions",
  places: { executions: FIRST_PLACE, approvals: FIRST_PLACE, schedules: FIRST_PLACE },
  status: "",
  draft: null,
  isHelp: false,
  question: null,
  notice: "",
};

interface Answer {
  readonly ui: BrowseUi;
  readonly request?: BrowseRequest;
}

export function browseIndex({ tab, places }: BrowseUi, items: readonly BrowseItem[]): number {
  const { selected } = places[tab];
  return Math.max(
    0,
    items.findIndex(({ id }) => id === selected),
  );
}

/** What the server is to filter by, in the language of `--filter`; empty where everything is read. */
export function serverFilter({ tab, places, status }: BrowseUi): string {
  if (tab !== "executions") return "";
  return [places.executions.filter, status === "" ? "" : `status=${status}`].filter(Boolean).join(" ");
}

/** Null until the answer to what is asked for now is there: items never stand under a filter that was not applied to them. */
export function answeredList(ui: BrowseUi, list: BrowseList | undefined): BrowseList | null {
  return list === undefined || list.filteredBy !== serverFilter(ui) ? null : list;
}

/** Those that match what was typed; the server has filtered executions itself. */
export function shownItems({ tab, places }: BrowseUi, { items }: BrowseList): readonly BrowseItem[] {
  const wanted = places[tab].filter.toLowerCase();
  if (tab === "executions" || wanted === "") return items;
  return items.filter(({ cells }) => cells.some((cell) => cell.toLowerCase().includes(wanted)));
}

/** What a key does. `height` is how many items fit. */
export function pressBrowseKey(given: BrowseUi, key: string, items: readonly BrowseItem[], height: number): Answer {
  const ui = { ...given, notice: "" };
  if (key === "ctrl-c") return { ui, request: { type: "quit" } };
  if (key === "ctrl-z") return { ui, request: { type: "suspend" } };
  if (ui.question !== null) {
    const { request } = ui.question;
    return key === "y" || key === "Y" ? { ui: { ...ui, question: null }, request } : { ui: { ...ui, question: null } };
  }
  if (ui.draft !== null) return typeDraft(ui, ui.draft, key);
  if (ui.isHelp) return { ui: ["escape", "q", "?", "return"].includes(key) ? { ...ui, isHelp: false } : ui };
  const index = browseIndex(ui, items);
  const to = moved(key, index, height, items.length);
  if (to !== null) return { ui: at(ui, { selected: items[to]?.id ?? null }) };
  return goTo(ui, key) ?? act(ui, key, items[index]) ?? { ui };
}

function at(ui: BrowseUi, change: Partial<Place>): BrowseUi {
  return { ...ui, places: { ...ui.places, [ui.tab]: { ...ui.places[ui.tab], ...change } } };
}

function typeDraft(ui: BrowseUi, draft: string, key: string): Answer {
  if (key === "escape") return { ui: { ...ui, draft: null } };
  if (key === "return") {
    const filter = draft.trim();
    const { problem, hasStatus } = readFilter(ui.tab === "executions" ? filter : "");
    if (problem !== "") return { ui: { ...ui, notice: problem } };
    const status = hasStatus ? "" : ui.status;
    return {
      ui: { ...at(ui, { filter, top: 0, selected: null }), status, draft: null },
      request: { type: "reload" },
    };
  }
  return { ui: { ...ui, draft: typed(draft, key) ?? draft } };
}

function goTo(ui: BrowseUi, key: string): Answer | null {
  const toTab = (tab: Tab): Answer => ({ ui: { ...ui, tab }, request: { type: "reload" } });
  const index = TABS.indexOf(ui.tab);
  switch (key) {
    case "1":
    case "2":
    case "3":
      return toTab(TABS[Number(key) - 1] ?? ui.tab);
    case "tab":
    case "right":
      return toTab(TABS[(index + 1) % TABS.length] ?? ui.tab);
    case "left":
      return toTab(TABS[(index + TABS.length - 1) % TABS.length] ?? ui.tab);
    case "/":
      return { ui: { ...ui, draft: ui.places[ui.tab].filter } };
    case "escape":
      return { ui: { ...at(ui, { filter: "", top: 0 }), status: "" }, request: { type: "reload" } };
    case "f": {
      if (ui.tab !== "executions") return { ui };
      if (readFilter(ui.places.executions.filter).hasStatus)
        return { ui: { ...ui, notice: "the filter says which status: / changes it, Esc shows all" } };
      const next = STATUS_FILTERS[(STATUS_FILTERS.indexOf(ui.status) + 1) % STATUS_FILTERS.length] ?? "";
      return { ui: { ...at(ui, { selected: null, top: 0 }), status: next }, request: { type: "reload" } };
    }
    case "r":
      return { ui, request: { type: "reload" } };
    case "?":
    case "h":
      return { ui: { ...ui, isHelp: true } };
    case "q":
      return { ui, request: { type: "quit" } };
    default:
      return null;
  }
}

function act(ui: BrowseUi, key: string, item: BrowseItem | undefined): Answer | null {
  if (item === undefined) return null;
  const { executionId } = item;
  if (key === "return") {
    if (executionId !== undefined) return { ui, request: { type: "open", executionId } };
    return { ui: { ...ui, notice: "it has started no execution yet" } };
  }
  switch (`${ui.tab} ${key}`) {
    case "executions C":
      return {
        ui: { ...ui, question: { text: `cancel ${item.id}?`, request: { type: "cancel", executionId: item.id } } },
      };
    case "approvals a":
      return { ui, request: { type: "answer", item } };
    case "schedules p":
      return { ui, request: { type: item.isPaused === true ? "unpause" : "pause", scheduleId: item.id } };
    case "schedules t":
      return {
        ui: { ...ui, question: { text: `start ${item.id} now?`, request: { type: "trigger", scheduleId: item.id } } },
      };
    default:
      return null;
  }
}

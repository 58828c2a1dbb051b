import { durationText } from "../../core/duration-text";
import { type LimitName, type LimitVerdict, limitVerdicts } from "../../definition/worst-case/limits";
import type { SizeBound } from "../../definition/worst-case/payloads";
import { type NodeWorstCase, type WorstCase, worstCase } from "../../definition/worst-case/worst-case";
import type { Table } from "../output/table";
import type { WorkflowSource } from "./workflow-source";

const LIMIT_NAMES: Readonly<Record<LimitName, string>> = {
  history_events: "history events",
  history_bytes: "history size",
  signals: "signals of runners",
  activities_at_once: "activities at once",
  children_at_once: "children at once",
  timers_at_once: "timers at once",
  instances_at_once: "nodes at once",
  compensations: "tasks to undo",
  payload_bytes: "one payload",
  message_bytes: "one message",
};

/** What a run of the workflow costs at worst, and the verdicts. */
export interface WorstCaseTables {
  readonly nodes: Table;
  readonly limits: Table;
  readonly worst: WorstCase;
  readonly verdicts: readonly LimitVerdict[];
}

export function worstCaseTables({ definition, tasks }: Pick<WorkflowSource, "definition" | "tasks">): WorstCaseTables {
  const worst = worstCase(definition, tasks);
  const verdicts = limitVerdicts(worst);
  return { worst, verdicts, nodes: nodesTable(worst), limits: limitsTable(verdicts) };
}

function nodesTable({ nodes, total, atOnce, output, longestMs }: WorstCase): Table {
  const rows = nodes.map((node) => [
    `${"  ".repeat(node.depth)}${node.id}`,
    node.type,
    count(node.runs),
    count(node.events),
    attemptsText(node),
    count(node.atOnce.activities),
    count(node.timers),
    count(node.children),
    sizeBound(node.output),
    longestText(node.longestMs),
  ]);
  const sum = ["one run", "", "", count(total.events), count(total.activities), count(atOnce.activities)];
  const last = [...sum, count(total.timers), count(total.children), sizeBound(output), longestText(longestMs)];
  return {
    headings: ["NODE", "KIND", "RUNS", "EVENTS", "ACTIVITIES", "AT ONCE", "TIMERS", "CHILDREN", "OUTPUT", "LONGEST"],
    rows: [...rows, last],
    flexible: 0,
    dispensable: [7, 6, 8, 9],
  };
}

function limitsTable(verdicts: readonly LimitVerdict[]): Table {
  const rows = verdicts.map((each) => [
    LIMIT_NAMES[each.what],
    amount(each.what, each.worst),
    amount(each.what, each.limit),
    verdictText(each),
  ]);
  return { headings: ["LIMIT", "WORST CASE", "AT MOST", "VERDICT"], rows, flexible: 3 };
}

/** What tasks print makes signals, of which nobody knows how many there will be; so the events of the graph stand by themselves. */
const OF_SIGNALS = "; what tasks say adds up to 4 events each";

function verdictText({ what, verdict, every, limit }: LimitVerdict): string {
  switch (verdict) {
    case "fits":
      return what === "signals" ? `fits${OF_SIGNALS}` : "fits";
    case "continues_as_new":
      return `continues as new about every ${amount(what, every ?? limit)}${what === "signals" ? OF_SIGNALS : ""}`;
    case "held_back":
      return "pages: 1,000 run at once, others wait in the engine";
    case "bounded":
      return what === "compensations"
        ? "unbounded input: the journal says which of more are not undone"
        : "unbounded input: more fails its node with OUTPUT_TOO_LARGE";
    case "refused":
      return "refused";
  }
}

/** Attempts beside the activities, where retries may make them more. */
function attemptsText({ activities, attempts }: NodeWorstCase): string {
  if (attempts === null) return `${count(activities)} (attempts unknown)`;
  return attempts > activities ? `${count(activities)} (${count(attempts)} attempts)` : count(activities);
}

function amount(what: LimitName, value: number): string {
  return what.endsWith("_bytes") ? sizeText(value) : `${count(value)}${what === "history_events" ? " events" : ""}`;
}

function sizeBound({ bytes, isKnown }: SizeBound): string {
  return isKnown ? sizeText(bytes) : `${sizeText(bytes)} (unbounded input)`;
}

export function longestText(longestMs: number | null): string {
  return longestMs === null ? "unbounded" : durationText(longestMs);
}

/** `1.2 KiB`. */
export function sizeText(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  const power = bytes < 1_024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1_024 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : count(Math.round(value))} ${units[power]}`;
}

function count(value: number): string {
  return value.toLocaleString("en");
}

import { durationText } from "../../core/duration-text";
import type { NodeWaiting, PathStep, SimulatedOutcome, SimulationReport } from "../../simulation/report";
import { PlainLines } from "../follow/plain-lines";
import { eventJson } from "../follow/stream-event";
import type { View } from "../output/output";
import { type Fields, fieldLines, plainFieldLines, type Table, tabLines, tableLines } from "../output/table";
import { harmless, harmlessLine, jsonText } from "../output/terminal-text";
import { sizeText } from "./describe-worst-case";

/** What came of a simulation. */
export function simulationView(report: SimulationReport, withEvents: boolean): View {
  const events = withEvents ? eventLines(report) : [];
  return {
    table: (width) => [
      ...tableLines(pathTable(report), width),
      ...(events.length === 0 ? [] : ["", ...events]),
      "",
      ...fieldLines(fieldsOf(report, 2)),
    ],
    plain: () => [...tabLines(pathTable(report)), ...events, ...plainFieldLines(fieldsOf(report, 0))],
    json: () => reportJson(report),
  };
}

function pathTable({ path }: SimulationReport): Table {
  const rows = path.map((step) => [
    `+${durationText(step.enteredMs)}`,
    step.id,
    step.type,
    step.status,
    step.endedMs === undefined || step.status === "skipped" ? "" : durationText(step.endedMs - step.enteredMs),
    remarkOn(step),
  ]);
  return { headings: ["AT", "NODE", "TYPE", "STATUS", "TOOK", "REMARK"], rows, flexible: 5, dispensable: [2] };
}

function remarkOn({ attempts = 1, failure, output }: PathStep): string {
  const tries = attempts > 1 ? `${attempts} attempts` : "";
  const result = failure === undefined ? jsonText(output ?? null) : `${failure.code}: ${failure.message}`;
  return [tries, result === "null" ? "" : result].filter((text) => text !== "").join("; ");
}

function eventLines({ events }: SimulationReport): readonly string[] {
  const lines = new PlainLines();
  return events.flatMap((event) => lines.lines(event));
}

function fieldsOf(report: SimulationReport, indent: number): Fields {
  const { untaken, notMocked, unusedMocks, refused, cost } = report;
  const { historyEvents, historyBytes, activities, attempts, timers, children } = cost;
  const tried = attempts > activities ? ` (${attempts} attempts)` : "";
  return [
    ["outcome", outcomeText(report.outcome)],
    ["output", report.output === null ? "" : harmless(jsonText(report.output, indent))],
    ["took", `${durationText(report.durationMs)} of virtual time`],
    ["nodes never run", untaken.nodes.join(", ")],
    [
      "edges never taken",
      untaken.edges.map(({ source, target, pointer }) => `${source} -> ${target} (${pointer})`).join("\n"),
    ],
    ["without a mock", notMocked.join(", ")],
    ["mocks not used", unusedMocks.join(", ")],
    ["refused", refused.map(({ to, failure }) => `${to}: ${failure.code}: ${failure.message}`).join("\n")],
    ["events", String(report.events.length)],
    ["history", `${historyEvents} events, about ${sizeText(historyBytes)}`],
    ["activities", `${activities}${tried}`],
    ["timers", timers === 0 ? "" : String(timers)],
    ["child runs", children === 0 ? "" : String(children)],
  ];
}

function outcomeText(outcome: SimulatedOutcome): string {
  switch (outcome.status) {
    case "completed":
      return "completed";
    case "failed": {
      const at = outcome.nodeId === undefined ? "" : ` at ${outcome.nodeId}`;
      return harmlessLine(`failed${at}: ${outcome.failure.code}: ${outcome.failure.message}`);
    }
    case "cancelled":
      return harmlessLine(`cancelled: ${outcome.reason}`);
    case "waiting":
      return outcome.nodes
        .map(({ id, waiting }) => `${id} waits for ever${waiting === undefined ? "" : forWhat(id, waiting)}`)
        .join("\n");
    case "stopped":
      return `stopped: ${outcome.reason}; --max-steps allows more`;
  }
}

/** With the mock that would end the wait. */
function forWhat(id: string, waiting: NodeWaiting): string {
  switch (waiting.for) {
    case "message":
      return ` for the message '${waiting.name}'; mock it with ${id}: {payload: ...}`;
    case "approval":
      return ` for an answer; mock it with ${id}: {approved: true}`;
    case "time":
    case "child":
      return "";
  }
}

function reportJson(report: SimulationReport): Record<string, unknown> {
  const { outcome, cost, untaken } = report;
  return {
    outcome: outcomeJson(outcome),
    output: report.output,
    started_at: new Date(report.startedAtMs).toISOString(),
    duration_ms: report.durationMs,
    path: report.path.map(({ enteredMs, endedMs, ...step }) => ({
      ...step,
      entered_ms: enteredMs,
      ...(endedMs === undefined ? {} : { ended_ms: endedMs }),
    })),
    never_run: untaken.nodes,
    never_taken: untaken.edges,
    not_mocked: report.notMocked,
    unused_mocks: report.unusedMocks,
    refused: report.refused,
    events: report.events.map((event) => eventJson(event, String(event.data["execution_id"]))),
    cost: {
      history_events: cost.historyEvents,
      history_bytes: cost.historyBytes,
      activities: cost.activities,
      attempts: cost.attempts,
      timers: cost.timers,
      children: cost.children,
      workflow_tasks: cost.workflowTasks,
    },
  };
}

function outcomeJson(outcome: SimulatedOutcome): Record<string, unknown> {
  switch (outcome.status) {
    case "completed":
      return { status: "completed" };
    case "failed": {
      const { code, message, details } = outcome.failure;
      const at = outcome.nodeId === undefined ? {} : { node_id: outcome.nodeId };
      return { status: "failed", code, message, ...(details === undefined ? {} : { details }), ...at };
    }
    case "cancelled":
    case "stopped":
      return { status: outcome.status, reason: outcome.reason };
    case "waiting":
      return { status: "waiting", nodes: outcome.nodes.map(waitingJson) };
  }
}

function waitingJson({ id, waiting }: { readonly id: string; readonly waiting?: NodeWaiting }) {
  if (waiting === undefined) return { id };
  switch (waiting.for) {
    case "message":
      return { id, for: "message", name: waiting.name };
    case "approval":
      return { id, for: "approval", message: waiting.message };
    case "time":
      return { id, for: "time", until: new Date(waiting.untilMs).toISOString() };
    case "child":
      return { id, for: "child", workflow_id: waiting.workflowId };
  }
}

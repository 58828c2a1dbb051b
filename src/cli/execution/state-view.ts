import { durationText } from "../../core/duration-text";
import {
  type ExecutionState,
  ExecutionStatus,
  type NodeInstance,
  NodeStatus,
  type NodeValue,
} from "../../gen/proto/executions";
import type { View } from "../output/output";
import { fieldLines, type Table, tabLines, tableLines } from "../output/table";
import { harmless, harmlessLine, jsonText } from "../output/terminal-text";
import { dateTimeText } from "../output/time-text";
import { enumName } from "../output/wire-enums";

/** Where an execution stands: a table of its nodes, or those of `node`, each with its values. */
export function stateView(state: ExecutionState, node: string | undefined): View {
  const summary = summaryLine(state);
  return {
    table: (width) => {
      if (state.nodes.length === 0) return [summary, node === undefined ? "no nodes" : `${node} was not entered`];
      return node === undefined
        ? [summary, ...tableLines(nodesTable(state.nodes), width)]
        : [summary, ...state.nodes.flatMap((each) => ["", ...fieldLines(fieldsOf(each))])];
    },
    plain: () => tabLines(nodesTable(state.nodes)),
    json: () => stateJson(state),
  };
}

function summaryLine({ status, at, timestamp, counts, error, queuedBehind }: ExecutionState): string {
  const counted = counts.map((one) => `${one.count} ${statusText(one.status)}`).join(", ");
  return [
    enumName(ExecutionStatus, status, "EXECUTION_STATUS_"),
    ...(at === undefined ? [] : [`at ${at}`]),
    ...(timestamp === undefined ? [] : [dateTimeText(timestamp)]),
    ...(counted === "" ? [] : [counted]),
    ...(queuedBehind === undefined ? [] : [`waits for its turn behind ${queuedBehind}`]),
    ...(error === undefined ? [] : [harmlessLine(error)]),
  ].join("; ");
}

export function statusText(status: NodeStatus): string {
  return enumName(NodeStatus, status, "NODE_STATUS_").toLowerCase();
}

function nodesTable(nodes: readonly NodeInstance[]): Table {
  const rows = nodes.map((node) => [
    node.id,
    node.nodeType,
    statusText(node.status),
    node.attempt === undefined ? "" : String(node.attempt),
    node.reusedFrom !== undefined ? "reused" : node.durationMs === undefined ? "" : durationText(node.durationMs),
    node.waitsFor ?? node.error ?? valueText(node.output),
  ]);
  const headings = ["NODE", "TYPE", "STATUS", "ATTEMPT", "TOOK", "WAITS FOR, ERROR OR OUTPUT"];
  return { headings, rows, flexible: 5, dispensable: [1, 4, 3] };
}

/** The JSON, or its size where only that is known. */
export function valueText(value: NodeValue | undefined): string {
  if (value === undefined) return "";
  return value.json ?? `${value.bytes} bytes`;
}

function fieldsOf(node: NodeInstance): readonly (readonly [string, string])[] {
  return [
    ["node", node.id],
    ["type", node.nodeType],
    ["status", statusText(node.status)],
    ["attempt", node.attempt === undefined ? "" : String(node.attempt)],
    ["entered", dateTimeText(node.enteredAt)],
    ["ended", node.endedAt === undefined ? "" : dateTimeText(node.endedAt)],
    ["took", node.durationMs === undefined ? "" : durationText(node.durationMs)],
    ["reused from", node.reusedFrom ?? ""],
    ["waits for", harmlessLine(node.waitsFor ?? "")],
    ["error", harmless(node.error ?? "")],
    ["code", node.errorCode ?? ""],
    ["input", indented(node.input)],
    ["output", indented(node.output)],
  ];
}

function indented(value: NodeValue | undefined): string {
  if (value?.json === undefined) return valueText(value);
  return jsonText(JSON.parse(value.json), 2);
}

function stateJson(state: ExecutionState): unknown {
  return {
    execution_id: state.executionId,
    at: state.at,
    timestamp: state.timestamp,
    status: enumName(ExecutionStatus, state.status, "EXECUTION_STATUS_"),
    error: state.error,
    queued_behind: state.queuedBehind,
    counts: Object.fromEntries(state.counts.map(({ status, count }) => [statusText(status), count])),
    total: state.total,
    nodes: state.nodes.map(nodeJson),
  };
}

function nodeJson(node: NodeInstance): unknown {
  return {
    id: node.id,
    node_id: node.nodeId,
    node_type: node.nodeType,
    status: statusText(node.status),
    attempt: node.attempt,
    entered_at: node.enteredAt,
    ended_at: node.endedAt,
    duration_ms: node.durationMs,
    reused_from: node.reusedFrom,
    waits_for: node.waitsFor,
    error: node.error,
    error_code: node.errorCode,
    ...valueJson("input", node.input),
    ...valueJson("output", node.output),
  };
}

/** As in events: the value, or its size. */
export function valueJson(name: string, value: NodeValue | undefined): Record<string, unknown> {
  if (value === undefined) return {};
  return value.json === undefined
    ? { [`${name}_bytes`]: value.bytes, [`${name}_sha256`]: value.sha256 }
    : { [name]: JSON.parse(value.json) };
}

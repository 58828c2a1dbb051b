import type { ExecutionState, NodeInstance, NodeValue } from "../../gen/proto/executions";
import type { View } from "../output/output";
import { type Table, tabLines, tableLines } from "../output/table";
import { statusText, valueJson, valueText } from "./state-view";

/** A node of which two states say different things; absent in the state that has not heard of it. */
export interface Difference {
  readonly id: string;
  readonly before: NodeInstance | undefined;
  readonly after: NodeInstance | undefined;
  readonly fields: readonly ("status" | "error" | "input" | "output")[];
}

/** The nodes whose status, error, input or output differ, in the order of the second state, then those only in the first. */
export function diffStates(before: ExecutionState, after: ExecutionState): readonly Difference[] {
  const known = new Map(before.nodes.map((node) => [node.id, node]));
  const newer = after.nodes.map((node) => differenceOf(node.id, known.get(node.id), node));
  const ids = new Set(after.nodes.map(({ id }) => id));
  const gone = before.nodes.filter(({ id }) => !ids.has(id)).map((node) => differenceOf(node.id, node, undefined));
  return [...newer, ...gone].filter(({ fields }) => fields.length > 0);
}

function differenceOf(id: string, before: NodeInstance | undefined, after: NodeInstance | undefined): Difference {
  const fields: Difference["fields"][number][] = [];
  if (before?.status !== after?.status) fields.push("status");
  if (before?.error !== after?.error || before?.errorCode !== after?.errorCode) fields.push("error");
  if (!endedUnentered(before) && !endedUnentered(after) && !isSame(before?.input, after?.input)) fields.push("input");
  if (!isSame(before?.output, after?.output)) fields.push("output");
  return { id, before, after, fields };
}

/** Its end was taken over from another execution, or given: in this one it got no input. */
function endedUnentered(node: NodeInstance | undefined): boolean {
  return node?.endedAt !== undefined && node.input === undefined;
}

/** Of values over 64 KiB the stream has only the size. */
function isSame(one: NodeValue | undefined, other: NodeValue | undefined): boolean {
  return one?.bytes === other?.bytes && one?.sha256 === other?.sha256;
}

export function diffView(before: ExecutionState, after: ExecutionState, differences: readonly Difference[]): View {
  const table = tableOf(differences);
  return {
    table: (width) => (differences.length === 0 ? ["no differences"] : tableLines(table, width)),
    plain: () => tabLines(table),
    json: () => ({
      from: { execution_id: before.executionId, at: before.at },
      to: { execution_id: after.executionId, at: after.at },
      differences: differences.map(({ id, fields, ...sides }) => ({
        node_id: id,
        differs: fields,
        from: sideJson(sides.before),
        to: sideJson(sides.after),
      })),
    }),
  };
}

function tableOf(differences: readonly Difference[]): Table {
  const rows = differences.flatMap(({ id, before, after, fields }) =>
    fields.map((field) => [id, field, textOf(before, field), textOf(after, field)]),
  );
  return { headings: ["NODE", "DIFFERS", "FROM", "TO"], rows, flexible: 3 };
}

/** What a table shows of a value: enough to see what kind of difference it is. */
const MAX_CELL_LENGTH = 120;

function textOf(node: NodeInstance | undefined, field: Difference["fields"][number]): string {
  if (node === undefined) return "-";
  switch (field) {
    case "status":
      return statusText(node.status);
    case "error":
      return [node.errorCode, node.error].filter(Boolean).join(": ") || "-";
    case "input":
    case "output": {
      const text = valueText(node[field]) || "-";
      return text.length > MAX_CELL_LENGTH ? `${text.slice(0, MAX_CELL_LENGTH)}…` : text;
    }
  }
}

function sideJson(node: NodeInstance | undefined): unknown {
  if (node === undefined) return null;
  return {
    status: statusText(node.status),
    ...(node.error === undefined ? {} : { error: node.error }),
    ...(node.errorCode === undefined ? {} : { error_code: node.errorCode }),
    ...valueJson("input", node.input),
    ...valueJson("output", node.output),
  };
}

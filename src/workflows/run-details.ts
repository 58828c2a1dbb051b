import type { GraphRunInput, TaskRunInput } from "./history-contract";

/** What the Temporal Web UI shows of a run; set once, at its start. Markdown. */
export interface RunDetails {
  /** One line. */
  readonly staticSummary: string;
  readonly staticDetails: string;
}

/** Temporal's limits (`limit.userMetadataSummarySize`, `limit.userMetadataDetailsSize`) in bytes are 400 and 20,000. */
const MAX_SUMMARY_LENGTH = 100;
const MAX_DETAILS_LENGTH = 5_000;

export function taskDetails({ title, taskId, taskType, executionId, displayName }: TaskRunInput): RunDetails {
  const rows = [
    ["task", title],
    ["task id", `\`${taskId}\``],
    ["task type", `\`${taskType}\``],
    ["execution id", `\`${executionId}\``],
  ] as const;
  return { staticSummary: oneLine(displayName ?? title), staticDetails: table(rows) };
}

export function graphDetails(input: GraphRunInput): RunDetails {
  const { name, workflowId, workflowVersion, executionId, snapshot, displayName } = input;
  const rows = [
    ["workflow", name],
    ["workflow id", `\`${workflowId}\``],
    ["version", String(workflowVersion)],
    ["execution id", `\`${executionId}\``],
    ["definition", `\`${snapshot.hash}\``],
    ["nodes", String(snapshot.definition.nodes.length)],
  ] as const;
  return { staticSummary: oneLine(displayName ?? name), staticDetails: table(rows) };
}

function table(rows: readonly (readonly [string, string])[]): string {
  const lines = rows.map(([what, value]) => `| ${what} | ${oneLine(value).replaceAll("|", "\\|")} |`);
  return ["| | |", "| --- | --- |", ...lines].join("\n").slice(0, MAX_DETAILS_LENGTH);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").slice(0, MAX_SUMMARY_LENGTH);
}

import { durationText } from "../../core/duration-text";
import type { JsonValue } from "../../core/json";
import {
  type Execution,
  ExecutionKind,
  ExecutionStatus,
  type ListExecutionsResponse,
  type ListWorkflowVersionsResponse,
} from "../../gen/proto/executions";
import { type ListTasksResponse, type Task, TaskStatus } from "../../gen/proto/tasks";
import { type ListWorkflowsResponse, type Workflow, WorkflowStatus } from "../../gen/proto/workflows";
import { type KnownPlaces, pageLink, temporalUiLink } from "../execution/execution-links";
import type { View } from "../output/output";
import { shortHash } from "../output/short-hash";
import { type Fields, fieldLines, type Table, tabLines, tableLines } from "../output/table";
import { harmless, harmlessLine, jsonText } from "../output/terminal-text";
import { dateTimeText } from "../output/time-text";
import { enumName } from "../output/wire-enums";
import { deliveryJson, deliveryText } from "../reaction/delivery-view";

/** A record: fields in a table, `name: value` lines elsewhere, or one JSON object. */
export function recordView(fields: Fields, json: unknown): View {
  return {
    table: () => fieldLines(fields),
    plain: () => fields.filter(([, value]) => value !== "").map(([name, value]) => `${name}: ${harmlessLine(value)}`),
    json: () => json,
  };
}

/** A page: a table that says how many there are in all where it shows fewer. */
export function pageView(table: Table, total: number, what: string, json: unknown): View {
  const { length } = table.rows;
  const rest = length < total ? [`${length} of ${total} ${what}; --limit and --offset show others`] : [];
  return {
    table: (width) => (length === 0 && total === 0 ? [`no ${what}`] : [...tableLines(table, width), ...rest]),
    plain: () => tabLines(table),
    json: () => json,
  };
}

/** What was made or changed: its id alone in a pipe (`id=$(aco task create ...)`), all of it elsewhere. */
export function idView(id: string, view: View): View {
  return { ...view, plain: () => [id] };
}

/**
 * What was made. A secret that the server made with it is told this once: to a person with what it is for, in a pipe behind the id
 * and a tab, and in JSON as `key`.
 */
export function createdView(
  id: string,
  fields: Fields,
  json: Readonly<Record<string, unknown>>,
  { secret, key, hint }: { readonly secret: string | undefined; readonly key: string; readonly hint: string },
): View {
  if (secret === undefined) return idView(id, recordView(fields, json));
  return {
    table: () => [...fieldLines([...fields, ["secret", secret]]), "", `The secret is shown this once: ${hint}`],
    plain: () => [`${id}\t${secret}`],
    json: () => ({ ...json, [key]: secret }),
  };
}

/** What was deleted. */
export function deletedView(id: string): View {
  return { table: () => [`deleted ${id}`], plain: () => [id], json: () => ({ id, deleted: true }) };
}

/** JSON inside a message, as a value; what is no JSON stays a text, what is empty becomes null. */
function jsonOf(text: string | undefined): JsonValue {
  if (text === undefined || text === "") return null;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

function indented(text: string | undefined): string {
  if (text === undefined || text === "" || text === "{}") return "";
  const value = jsonOf(text);
  return typeof value === "string" ? harmless(value) : jsonText(value, 2);
}

function time(text: string | undefined): string {
  return text === undefined ? "" : dateTimeText(text);
}

function taskJson(task: Task): Record<string, unknown> {
  return {
    id: task.id,
    title: task.title,
    description: task.description,
    task_type: task.taskType,
    status: enumName(TaskStatus, task.status, "TASK_STATUS_"),
    config: jsonOf(task.config),
    metadata: jsonOf(task.metadata),
    workspace_path: task.workspacePath,
    created_at: task.createdAt,
    updated_at: task.updatedAt,
    started_at: task.startedAt,
    completed_at: task.completedAt,
    error: task.error,
  };
}

export function taskView(task: Task): View {
  const fields: Fields = [
    ["id", task.id],
    ["title", harmlessLine(task.title)],
    ["description", harmless(task.description)],
    ["type", task.taskType],
    ["status", enumName(TaskStatus, task.status, "TASK_STATUS_")],
    ["error", harmless(task.error ?? "")],
    ["config", indented(task.config)],
    ["metadata", indented(task.metadata)],
    ["workspace", task.workspacePath],
    ["created", time(task.createdAt)],
    ["updated", time(task.updatedAt)],
    ["started", time(task.startedAt)],
    ["ended", time(task.completedAt)],
  ];
  return recordView(fields, taskJson(task));
}

export function tasksView({ tasks, total }: ListTasksResponse): View {
  const rows = tasks.map((task) => [
    task.id,
    enumName(TaskStatus, task.status, "TASK_STATUS_"),
    task.taskType,
    task.title,
    time(task.createdAt),
  ]);
  const table = { headings: ["ID", "STATUS", "TYPE", "TITLE", "CREATED"], rows, flexible: 3, dispensable: [4, 2] };
  return pageView(table, total, "tasks", { tasks: tasks.map(taskJson), total });
}

function workflowJson(workflow: Workflow): Record<string, unknown> {
  return {
    id: workflow.id,
    name: workflow.name,
    description: workflow.description,
    status: enumName(WorkflowStatus, workflow.status, "WORKFLOW_STATUS_"),
    definition: jsonOf(workflow.definition),
    task_ids: workflow.taskIds,
    created_at: workflow.createdAt,
    updated_at: workflow.updatedAt,
  };
}

export function workflowView(workflow: Workflow): View {
  const fields: Fields = [
    ["id", workflow.id],
    ["name", harmlessLine(workflow.name)],
    ["description", harmless(workflow.description)],
    ["status", enumName(WorkflowStatus, workflow.status, "WORKFLOW_STATUS_")],
    ["tasks", workflow.taskIds.join("\n")],
    ["definition", indented(workflow.definition)],
    ["created", time(workflow.createdAt)],
    ["updated", time(workflow.updatedAt)],
  ];
  return recordView(fields, workflowJson(workflow));
}

export function workflowsView({ workflows, total }: ListWorkflowsResponse): View {
  const rows = workflows.map((workflow) => [
    workflow.id,
    enumName(WorkflowStatus, workflow.status, "WORKFLOW_STATUS_"),
    workflow.name,
    time(workflow.createdAt),
  ]);
  const table = { headings: ["ID", "STATUS", "NAME", "CREATED"], rows, flexible: 2, dispensable: [3] };
  return pageView(table, total, "workflows", { workflows: workflows.map(workflowJson), total });
}

/** The whole hash for programs, which may hand it on; in a table its beginning. */
export function versionsView({ versions, total }: ListWorkflowVersionsResponse): View {
  const tableWith = (hash: (whole: string) => string): Table => ({
    headings: ["VERSION", "CREATED", "HASH"],
    rows: versions.map(({ version, createdAt, definitionHash }) => [
      String(version),
      time(createdAt),
      hash(definitionHash),
    ]),
    flexible: 2,
  });
  const json = versions.map((version) => ({
    version: version.version,
    definition_hash: version.definitionHash,
    created_at: version.createdAt,
  }));
  return {
    ...pageView(tableWith(shortHash), total, "versions", { versions: json, total }),
    plain: () => tabLines(tableWith((whole) => whole)),
  };
}

function executionJson(execution: Execution, isWhole: boolean): Record<string, unknown> {
  return {
    id: execution.id,
    kind: kindOf(execution),
    subject_id: execution.subjectId,
    status: enumName(ExecutionStatus, execution.status, "EXECUTION_STATUS_"),
    definition_hash: execution.definitionHash,
    workflow_version: execution.workflowVersion,
    input: isWhole ? jsonOf(execution.input) : undefined,
    output: execution.output === undefined ? undefined : jsonOf(execution.output),
    output_bytes: execution.outputBytes,
    error: execution.error,
    error_code: execution.errorCode,
    error_node_id: execution.errorNodeId,
    ...(isWhole ? { paused: execution.paused || undefined } : {}),
    paused_by: execution.pausedBy,
    paused_before: execution.pausedBefore,
    display_name: execution.displayName,
    labels: execution.labels,
    schedule_id: execution.scheduleId,
    webhook: execution.webhook,
    caused_by_execution_id: execution.causedByExecutionId,
    chain_depth: execution.chainDepth,
    reactions: isWhole && execution.reactions.length > 0 ? execution.reactions.map(deliveryJson) : undefined,
    redriven_from: execution.redrivenFrom,
    redriven_as: execution.redrivenAs.length === 0 ? undefined : execution.redrivenAs,
    temporal_workflow_id: execution.temporalWorkflowId,
    temporal_run_id: execution.temporalRunId,
    created_at: execution.createdAt,
    started_at: execution.startedAt,
    completed_at: execution.completedAt,
  };
}

/** Empty where it is not paused. */
function pausedText({ paused, pausedBy, pausedBefore }: Execution): string {
  if (!paused) return "";
  const by = pausedBy === undefined ? "" : ` by ${harmlessLine(pausedBy)}`;
  return pausedBefore === undefined ? `yes${by}` : `before ${harmlessLine(pausedBefore)}`;
}

function kindOf(execution: Execution): string {
  return enumName(ExecutionKind, execution.kind, "EXECUTION_KIND_").toLowerCase();
}

/** How long it ran; empty while it runs. */
function tookText({ startedAt, completedAt }: Execution): string {
  if (startedAt === undefined || completedAt === undefined) return "";
  return durationText(Date.parse(completedAt) - Date.parse(startedAt));
}

/** `places`: where a person may look at it; without them it says nothing of that. Links are for people: JSON has none. */
export function executionView(execution: Execution, places: KnownPlaces = {}): View {
  const failure = [execution.errorCode, execution.errorNodeId && `at node ${execution.errorNodeId}`];
  const fields: Fields = [
    ["id", execution.id],
    ["name", harmlessLine(execution.displayName ?? "")],
    [kindOf(execution), execution.subjectId],
    ["version", execution.workflowVersion === undefined ? "" : String(execution.workflowVersion)],
    ["hash", execution.definitionHash ?? ""],
    ["status", enumName(ExecutionStatus, execution.status, "EXECUTION_STATUS_")],
    ["paused", pausedText(execution)],
    ["error", harmless(execution.error ?? "")],
    ["code", failure.filter(Boolean).join(" ")],
    ["labels", labelLines(execution).join("\n")],
    ["schedule", harmlessLine(execution.scheduleId ?? "")],
    ["webhook", harmlessLine(execution.webhook ?? "")],
    ["caused by", execution.causedByExecutionId ?? ""],
    ["reactions", execution.reactions.map(deliveryText).join("\n")],
    ["input", indented(execution.input)],
    ["output", indented(execution.output)],
    ["redriven from", execution.redrivenFrom ?? ""],
    ["redriven as", execution.redrivenAs.join("\n")],
    ["started", time(execution.startedAt)],
    ["ended", time(execution.completedAt)],
    ["took", tookText(execution)],
    ["temporal", execution.temporalWorkflowId],
    ["web page", harmlessLine(pageLink(places, execution) ?? "")],
    ["temporal ui", harmlessLine(temporalUiLink(places, execution) ?? "")],
  ];
  return recordView(fields, executionJson(execution, true));
}

function labelLines({ labels }: Execution): string[] {
  const lines = Object.entries(labels).map(([key, value]) => harmlessLine(`${key}=${value}`));
  return lines.sort();
}

/** Of which execution it is a redrive, or which one is the latest of it. */
function redriveText({ redrivenFrom, redrivenAs }: Execution): string {
  const as = redrivenAs.at(-1);
  const texts = [redrivenFrom === undefined ? "" : `from ${redrivenFrom}`, as === undefined ? "" : `as ${as}`];
  return texts.filter(Boolean).join(" ");
}

/** Names, labels and redrives stand last, so that what reads lines by their columns goes on doing so. */
export function executionsView({ executions, total, nextPageToken }: ListExecutionsResponse, isCounted = true): View {
  const rows = executions.map((execution) => [
    execution.id,
    enumName(ExecutionStatus, execution.status, "EXECUTION_STATUS_"),
    kindOf(execution),
    execution.subjectId,
    time(execution.createdAt),
    tookText(execution),
    execution.error ?? "",
    execution.displayName ?? "",
    labelLines(execution).join(","),
    redriveText(execution),
  ]);
  const headings = ["ID", "STATUS", "KIND", "OF", "CREATED", "TOOK", "ERROR", "NAME", "LABELS", "REDRIVE"];
  const page = { total: isCounted ? total : undefined, next_page_token: nextPageToken };
  const json = { executions: executions.map((execution) => executionJson(execution, false)), ...page };
  return pageView({ headings, rows, flexible: 6, dispensable: [3, 2, 9, 8, 5, 4, 7] }, total, "executions", json);
}

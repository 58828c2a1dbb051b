import type { ExecutionId } from "../core/ids";
import type { JsonValue } from "../core/json";
import { utf8Bytes } from "../core/json-size";
import type { RunOrigin } from "../core/run-origin";
import type { Execution, ExecutionLabel } from "../gen/prisma/sqlite/client";
import type { ExecutionRecord, Labels } from "./records";
import { storableText } from "./storable-text";
import type { EndedExecution, StartedExecution } from "./store-port";

/** A search reads the errors of many rows; what tells one error from another stands at its beginning. */
const MAX_ERROR_TEXT_LENGTH = 4_000;

/** A row as a list reads it. */
export type ExecutionSummary = Omit<Execution, "input" | "output">;

/** The row of an execution that just started. */
export function encodeStarted(execution: StartedExecution): Execution {
  return {
    id: execution.id,
    kind: execution.kind,
    subjectId: storableText(execution.subjectId),
    status: "RUNNING",
    temporalWorkflowId: storableText(execution.temporalWorkflowId),
    temporalRunId: storableText(execution.temporalRunId),
    definitionHash: execution.definitionHash ?? null,
    workflowVersion: execution.workflowVersion ?? null,
    createdAt: execution.startedAt,
    startedAt: execution.startedAt,
    completedAt: null,
    outputBytes: null,
    errorCode: null,
    errorNodeId: null,
    displayName: execution.displayName === undefined ? null : storableText(execution.displayName),
    labels: encodeLabels(execution.labels),
    ...encodeOrigin(execution.origin),
    redrivenFrom: execution.redrivenFrom === undefined ? null : storableText(execution.redrivenFrom),
    error: null,
    input: JSON.stringify(execution.input),
    output: null,
  };
}

/** The columns that change when an execution ends. */
export function encodeEnded(
  execution: EndedExecution,
): Pick<Execution, "status" | "completedAt" | "output" | "outputBytes" | "error" | "errorCode" | "errorNodeId"> {
  const output = execution.output === undefined ? null : JSON.stringify(execution.output);
  return {
    status: execution.status,
    completedAt: execution.completedAt,
    output,
    outputBytes: output === null ? null : utf8Bytes(output),
    error: execution.failure === undefined ? null : storableText(execution.failure.message),
    errorCode: execution.failure === undefined ? null : storableText(execution.failure.code),
    errorNodeId: execution.nodeId === undefined ? null : storableText(execution.nodeId),
  };
}

/** `redrivenAs`: ids of the executions that are redrives of it. */
export function decodeExecution({ input, output, ...row }: Execution, redrivenAs?: readonly string[]): ExecutionRecord {
  return {
    ...decodeExecutionSummary(row, redrivenAs),
    input: JSON.parse(input) as JsonValue,
    ...(output === null ? {} : { output: JSON.parse(output) as JsonValue }),
  };
}

export function decodeExecutionSummary(
  { labels, ...row }: ExecutionSummary,
  redrivenAs: readonly string[] = [],
): ExecutionRecord {
  return {
    ...row,
    id: row.id as ExecutionId,
    causedById: row.causedById as ExecutionId | null,
    labels: labels === null ? {} : (JSON.parse(labels) as Labels),
    redrivenFrom: row.redrivenFrom as ExecutionId | null,
    redrivenAs: redrivenAs.map((id) => id as ExecutionId),
  };
}

/** The rows by which an execution is found by its labels. */
export function encodeLabelRows({ id, labels = {}, startedAt }: StartedExecution): ExecutionLabel[] {
  return Object.entries(labels).map(([key, value]) => ({
    executionId: id,
    key: storableText(key),
    value: storableText(value),
    createdAt: startedAt,
  }));
}

function encodeOrigin({
  scheduleId,
  webhookName,
  causedById,
  chainDepth,
}: RunOrigin = {}): Pick<Execution, "scheduleId" | "webhookName" | "causedById" | "chainDepth"> {
  return {
    scheduleId: scheduleId === undefined ? null : storableText(scheduleId),
    webhookName: webhookName === undefined ? null : storableText(webhookName),
    causedById: causedById === undefined ? null : storableText(causedById),
    chainDepth: chainDepth ?? null,
  };
}

function encodeLabels(labels: Labels | undefined): string | null {
  return labels === undefined || Object.keys(labels).length === 0 ? null : JSON.stringify(labels);
}

/** What a search in errors looks through; null where there is no error. The migration `0004_find` makes the same. */
export function errorText({ failure, nodeId }: EndedExecution): string | null {
  if (failure === undefined) return null;
  const text = `${failure.code} ${nodeId ?? ""} ${failure.message}`;
  return storableText(text.slice(0, MAX_ERROR_TEXT_LENGTH).toLowerCase());
}

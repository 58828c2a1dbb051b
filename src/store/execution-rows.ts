import type { ExecutionId } from "../core/ids";
import type { JsonValue } from "../core/json";
import { utf8Bytes } from "../core/json-size";
import type { Execution } from "../gen/prisma/sqlite/client";
import type { ExecutionRecord } from "./records";
import { storableText } from "./storable-text";
import type { EndedExecution, StartedExecution } from "./store-port";

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

export function decodeExecution({ input, output, ...row }: Execution): ExecutionRecord {
  return {
    ...decodeExecutionSummary(row),
    input: JSON.parse(input) as JsonValue,
    ...(output === null ? {} : { output: JSON.parse(output) as JsonValue }),
  };
}

export function decodeExecutionSummary(row: ExecutionSummary): ExecutionRecord {
  return { ...row, id: row.id as ExecutionId };
}

import type { JsonObject, JsonValue } from "../core/json";

/** What is told of an execution that has ended; a part of its record. */
export interface EndedExecutionFields {
  readonly id: string;
  readonly kind: "task" | "workflow";
  readonly subjectId: string;
  readonly status: string;
  readonly workflowVersion: number | null;
  readonly input?: JsonValue;
  readonly output?: JsonValue;
  readonly outputBytes: number | null;
  readonly error: string | null;
  readonly errorCode: string | null;
  readonly errorNodeId: string | null;
  readonly displayName: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly scheduleId: string | null;
  readonly causedById: string | null;
  readonly chainDepth: number | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly completedAt: Date | null;
}

/** Largest output that stands in a callback, in bytes of its JSON; as in records and events. */
export const MAX_INLINE_OUTPUT_BYTES = 64 * 1024;

/**
 * As `execution` in conditions and templates: names as in callbacks and in `aco execution get --format json`, times in RFC 3339.
 * What is not there is null, so that an expression may look at it.
 */
export function executionVariable(execution: EndedExecutionFields): JsonObject {
  return { ...shared(execution), input: execution.input ?? null, output: execution.output ?? null };
}

/** The body of a callback: type, time and data, as Standard Webhooks has them. Absent is what there is not. */
export function callbackBody(execution: EndedExecutionFields): JsonObject {
  const { output, outputBytes, status, completedAt } = execution;
  const isInline = output !== undefined && (outputBytes ?? 0) <= MAX_INLINE_OUTPUT_BYTES;
  const data = Object.entries(shared(execution)).filter(([, value]) => value !== null);
  return {
    type: `execution.${status.toLowerCase()}`,
    timestamp: timeText(completedAt),
    data: {
      ...Object.fromEntries(data),
      ...(isInline ? { output } : {}),
      ...(outputBytes === null ? {} : { output_bytes: outputBytes }),
    },
  };
}

function shared(execution: EndedExecutionFields): JsonObject {
  return {
    id: execution.id,
    kind: execution.kind,
    subject_id: execution.subjectId,
    status: execution.status,
    workflow_version: execution.workflowVersion,
    error: execution.error,
    error_code: execution.errorCode,
    error_node_id: execution.errorNodeId,
    display_name: execution.displayName,
    labels: { ...execution.labels },
    schedule_id: execution.scheduleId,
    caused_by_execution_id: execution.causedById,
    chain_depth: execution.chainDepth ?? 0,
    created_at: timeText(execution.createdAt),
    started_at: timeText(execution.startedAt),
    completed_at: timeText(execution.completedAt),
  };
}

function timeText(time: Date | null): string | null {
  return time === null ? null : time.toISOString();
}

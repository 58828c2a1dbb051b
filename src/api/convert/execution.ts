import { parseExecutionId } from "../../core/ids";
import type { JsonValue } from "../../core/json";
import type { Pause } from "../../engine/steering";
import {
  type Execution,
  ExecutionKind as WireKind,
  ExecutionOrder as WireOrder,
  ExecutionStatus as WireStatus,
  ExecutionWait as WireWait,
} from "../../gen/proto/executions";
import type { ExecutionKind, ExecutionRecord, ExecutionStatus } from "../../store/records";
import type { ExecutionOrder } from "../../store/store-port";
import type { WaitKind } from "../../workflows/history-contract";
import { enumCodec } from "./enum-codec";
import { decodeOptionalTimestamp, decodeTimestamp, encodeOptionalTimestamp, encodeTimestamp } from "./timestamps";

export const executionKindCodec = enumCodec<ExecutionKind, WireKind>({
  task: WireKind.EXECUTION_KIND_TASK,
  workflow: WireKind.EXECUTION_KIND_WORKFLOW,
});

export const executionStatusCodec = enumCodec<ExecutionStatus, WireStatus>({
  PENDING: WireStatus.EXECUTION_STATUS_PENDING,
  RUNNING: WireStatus.EXECUTION_STATUS_RUNNING,
  COMPLETED: WireStatus.EXECUTION_STATUS_COMPLETED,
  FAILED: WireStatus.EXECUTION_STATUS_FAILED,
  CANCELLED: WireStatus.EXECUTION_STATUS_CANCELLED,
});

export const executionOrderCodec = enumCodec<ExecutionOrder, WireOrder>({
  CREATED_DESC: WireOrder.EXECUTION_ORDER_CREATED_DESC,
  CREATED_ASC: WireOrder.EXECUTION_ORDER_CREATED_ASC,
  COMPLETED_DESC: WireOrder.EXECUTION_ORDER_COMPLETED_DESC,
  COMPLETED_ASC: WireOrder.EXECUTION_ORDER_COMPLETED_ASC,
});

export const executionWaitCodec = enumCodec<WaitKind, WireWait>({
  approval: WireWait.EXECUTION_WAIT_APPROVAL,
  signal: WireWait.EXECUTION_WAIT_SIGNAL,
  timer: WireWait.EXECUTION_WAIT_TIMER,
  pause: WireWait.EXECUTION_WAIT_PAUSE,
  turn: WireWait.EXECUTION_WAIT_TURN,
});

/** Redrives that an execution names; who makes more of them finds them by a list. */
const MAX_LINKS = 100;

/** `pause` is no part of the record: the run knows of it. An `input` or `output` that was not loaded is empty or absent on the wire, as in lists. */
export function encodeExecution(record: ExecutionRecord, pause?: Pause): Execution {
  return {
    id: record.id,
    kind: executionKindCodec.encode(record.kind),
    subjectId: record.subjectId,
    status: executionStatusCodec.encode(record.status),
    definitionHash: record.definitionHash ?? undefined,
    workflowVersion: record.workflowVersion ?? undefined,
    input: record.input === undefined ? "" : JSON.stringify(record.input),
    output: record.output === undefined ? undefined : JSON.stringify(record.output),
    outputBytes: record.outputBytes ?? undefined,
    error: record.error ?? undefined,
    errorCode: record.errorCode ?? undefined,
    errorNodeId: record.errorNodeId ?? undefined,
    temporalWorkflowId: record.temporalWorkflowId,
    temporalRunId: record.temporalRunId ?? "",
    createdAt: encodeTimestamp(record.createdAt),
    startedAt: encodeOptionalTimestamp(record.startedAt),
    completedAt: encodeOptionalTimestamp(record.completedAt),
    paused: pause !== undefined,
    pausedBy: pause?.by,
    pausedBefore: pause?.nodeId,
    labels: { ...record.labels },
    displayName: record.displayName ?? undefined,
    scheduleId: record.scheduleId ?? undefined,
    reactions: [],
    causedByExecutionId: record.causedById ?? undefined,
    chainDepth: record.chainDepth ?? undefined,
    webhook: record.webhookName ?? undefined,
    redrivenFrom: record.redrivenFrom ?? undefined,
    redrivenAs: record.redrivenAs.slice(0, MAX_LINKS),
  };
}

/** The inverse of `encodeExecution`. Throws for what no server sends. */
export function decodeExecution(execution: Execution): ExecutionRecord {
  const kind = executionKindCodec.decode(execution.kind);
  const status = executionStatusCodec.decode(execution.status);
  if (kind === undefined) throw new Error(`unknown kind of execution ${execution.kind}`);
  if (status === undefined) throw new Error(`unknown execution status ${execution.status}`);
  return {
    id: parseExecutionId(execution.id),
    kind,
    subjectId: execution.subjectId,
    status,
    definitionHash: execution.definitionHash ?? null,
    workflowVersion: execution.workflowVersion ?? null,
    ...(execution.input === "" ? {} : { input: JSON.parse(execution.input) as JsonValue }),
    ...(execution.output === undefined ? {} : { output: JSON.parse(execution.output) as JsonValue }),
    outputBytes: execution.outputBytes ?? null,
    error: execution.error ?? null,
    errorCode: execution.errorCode ?? null,
    errorNodeId: execution.errorNodeId ?? null,
    temporalWorkflowId: execution.temporalWorkflowId,
    temporalRunId: execution.temporalRunId === "" ? null : execution.temporalRunId,
    createdAt: decodeTimestamp(execution.createdAt),
    startedAt: decodeOptionalTimestamp(execution.startedAt),
    completedAt: decodeOptionalTimestamp(execution.completedAt),
    labels: execution.labels,
    displayName: execution.displayName ?? null,
    scheduleId: execution.scheduleId ?? null,
    webhookName: execution.webhook ?? null,
    causedById: execution.causedByExecutionId === undefined ? null : parseExecutionId(execution.causedByExecutionId),
    chainDepth: execution.chainDepth ?? null,
    redrivenFrom: execution.redrivenFrom === undefined ? null : parseExecutionId(execution.redrivenFrom),
    redrivenAs: execution.redrivenAs.map((id) => parseExecutionId(id)),
  };
}

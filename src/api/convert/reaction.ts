import { webhookId } from "../../delivering/webhook-id";
import {
  type ExecutionReaction,
  ReactionKind as WireKind,
  ReactionStatus as WireStatus,
} from "../../gen/proto/executions";
import type { Reaction } from "../../gen/proto/reactions";
import type { DeliveryRecord, DeliveryStatus, ReactionKind, ReactionRecord } from "../../store/reaction-records";
import { enumCodec } from "./enum-codec";
import { encodeOptionalTimestamp, encodeTimestamp } from "./timestamps";

export const reactionKindCodec = enumCodec<ReactionKind, WireKind>({
  callback: WireKind.REACTION_KIND_CALLBACK,
  start: WireKind.REACTION_KIND_START,
});

export const reactionStatusCodec = enumCodec<DeliveryStatus | "WAITING", WireStatus>({
  WAITING: WireStatus.REACTION_STATUS_WAITING,
  PENDING: WireStatus.REACTION_STATUS_PENDING,
  DONE: WireStatus.REACTION_STATUS_DONE,
  SKIPPED: WireStatus.REACTION_STATUS_SKIPPED,
  FAILED: WireStatus.REACTION_STATUS_FAILED,
});

/** Without the secret, and with what may be shown of the URL. */
export function encodeReaction(record: ReactionRecord): Reaction {
  const { kind, target, scope, scopeId } = record;
  return {
    id: record.id,
    workflowId: scope === "workflow" ? scopeId : undefined,
    taskId: scope === "task" ? scopeId : undefined,
    enabled: record.enabled,
    on: [...record.statuses],
    condition: record.condition ?? undefined,
    callbackUrl: kind === "callback" ? target : undefined,
    startWorkflowId: kind === "start" ? target : undefined,
    input: record.input ?? undefined,
    createdAt: encodeTimestamp(record.createdAt),
    updatedAt: encodeTimestamp(record.updatedAt),
  };
}

export function encodeDelivery(record: DeliveryRecord): ExecutionReaction {
  return {
    reactionId: record.reactionId,
    kind: reactionKindCodec.encode(record.kind),
    status: reactionStatusCodec.encode(record.status),
    target: record.target,
    attempts: record.attempts,
    lastAttemptAt: encodeOptionalTimestamp(record.lastAttemptAt),
    nextAttemptAt: encodeOptionalTimestamp(record.nextAttemptAt),
    completedAt: encodeOptionalTimestamp(record.completedAt),
    responseStatus: record.responseStatus ?? undefined,
    error: record.error ?? undefined,
    // An id is claimed before the start; until that has gone well, nothing may have been started under it.
    startedExecutionId: record.status === "DONE" ? (record.startedExecutionId ?? undefined) : undefined,
    webhookId: record.kind === "callback" ? webhookId(record) : undefined,
  };
}

/** One that waits for the end of an execution. */
export function encodeWaiting(executionId: string, { id, kind, target }: ReactionRecord): ExecutionReaction {
  return {
    reactionId: id,
    kind: reactionKindCodec.encode(kind),
    status: WireStatus.REACTION_STATUS_WAITING,
    target,
    attempts: 0,
    lastAttemptAt: undefined,
    nextAttemptAt: undefined,
    completedAt: undefined,
    responseStatus: undefined,
    error: undefined,
    startedExecutionId: undefined,
    webhookId: kind === "callback" ? webhookId({ executionId, reactionId: id }) : undefined,
  };
}

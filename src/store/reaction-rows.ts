import type { ExecutionId } from "../core/ids";
import type { Reaction, ReactionDelivery } from "../gen/prisma/sqlite/client";
import type { DeliveryRecord, NewReaction, ReactionChanges, ReactionRecord } from "./reaction-records";
import { FINAL_STATUSES } from "./records";
import { storableText } from "./storable-text";

export function encodeReaction(reaction: NewReaction, now: Date): Reaction {
  return {
    id: reaction.id,
    scope: reaction.scope,
    scopeId: reaction.scopeId,
    kind: reaction.kind,
    enabled: reaction.enabled,
    statuses: reaction.statuses.join(","),
    createdAt: now,
    updatedAt: now,
    target: storableText(reaction.target),
    condition: optional(reaction.condition),
    url: optional(reaction.url),
    secret: optional(reaction.secret),
    input: optional(reaction.input),
  };
}

export function encodeReactionChanges(changes: ReactionChanges, now: Date): Partial<Reaction> {
  const { enabled, statuses, target, condition, url, secret, input } = changes;
  return {
    updatedAt: now,
    ...(enabled === undefined ? {} : { enabled }),
    ...(statuses === undefined ? {} : { statuses: statuses.join(",") }),
    ...(target === undefined ? {} : { target: storableText(target) }),
    ...(condition === undefined ? {} : { condition: optional(condition) }),
    ...(url === undefined ? {} : { url: optional(url) }),
    ...(secret === undefined ? {} : { secret: optional(secret) }),
    ...(input === undefined ? {} : { input: optional(input) }),
  };
}

export function decodeReaction(row: Reaction): ReactionRecord {
  const listed = row.statuses.split(",");
  return { ...row, statuses: FINAL_STATUSES.filter((status) => listed.includes(status)) };
}

export function decodeDelivery({ dueAt: _, ...row }: ReactionDelivery): DeliveryRecord {
  return { ...row, executionId: row.executionId as ExecutionId };
}

function optional(text: string | null): string | null {
  return text === null ? null : storableText(text);
}

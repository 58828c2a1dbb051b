import { type ExecutionReaction, ReactionKind, ReactionStatus } from "../../gen/proto/executions";
import type { View } from "../output/output";
import { type Table, tabLines, tableLines } from "../output/table";
import { harmlessLine } from "../output/terminal-text";
import { dateTimeText } from "../output/time-text";
import { enumName } from "../output/wire-enums";

/** What becomes of the reactions to the end of one execution. */
export function deliveriesView(reactions: readonly ExecutionReaction[]): View {
  const tableOf = (time: (text: string) => string): Table => ({
    headings: ["REACTION", "KIND", "STATUS", "TRIES", "ANSWER", "NEXT", "TO", "ERROR"],
    rows: reactions.map((reaction) => [
      reaction.reactionId,
      kindOf(reaction),
      statusOf(reaction),
      String(reaction.attempts),
      reaction.responseStatus === undefined ? (reaction.startedExecutionId ?? "") : String(reaction.responseStatus),
      time(reaction.nextAttemptAt ?? ""),
      harmlessLine(reaction.target),
      harmlessLine(reaction.error ?? ""),
    ]),
    flexible: 7,
    dispensable: [1, 3],
  });
  return {
    table: (width) => (reactions.length === 0 ? ["no reactions"] : tableLines(tableOf(dateTimeText), width)),
    plain: () => tabLines(tableOf((text) => text)),
    json: () => ({ reactions: reactions.map(deliveryJson) }),
  };
}

/** A line for a person in the view of an execution. */
export function deliveryText(reaction: ExecutionReaction): string {
  const { target, startedExecutionId, error, nextAttemptAt } = reaction;
  const then = startedExecutionId === undefined ? "" : `, started ${startedExecutionId}`;
  const next = nextAttemptAt === undefined ? "" : `, next attempt ${dateTimeText(nextAttemptAt)}`;
  const why = error === undefined ? "" : `: ${error}`;
  return harmlessLine(`${statusOf(reaction)} ${kindOf(reaction)} ${target}${then}${next}${why}`);
}

export function deliveryJson(reaction: ExecutionReaction): Record<string, unknown> {
  return {
    reaction_id: reaction.reactionId,
    kind: kindOf(reaction),
    status: statusOf(reaction),
    target: reaction.target,
    attempts: reaction.attempts,
    last_attempt_at: reaction.lastAttemptAt,
    next_attempt_at: reaction.nextAttemptAt,
    completed_at: reaction.completedAt,
    response_status: reaction.responseStatus,
    error: reaction.error,
    started_execution_id: reaction.startedExecutionId,
    webhook_id: reaction.webhookId,
  };
}

function kindOf({ kind }: ExecutionReaction): string {
  return enumName(ReactionKind, kind, "REACTION_KIND_").toLowerCase();
}

function statusOf({ status }: ExecutionReaction): string {
  return enumName(ReactionStatus, status, "REACTION_STATUS_");
}

import type { CreateReactionResponse, ListReactionsResponse, Reaction } from "../../gen/proto/reactions";
import type { View } from "../output/output";
import type { Fields, Table } from "../output/table";
import { harmlessLine } from "../output/terminal-text";
import { dateTimeText } from "../output/time-text";
import { createdView, pageView, recordView } from "../record/records-view";

export function reactionView(reaction: Reaction): View {
  return recordView(fieldsOf(reaction), reactionJson(reaction));
}

export function createdReactionView({ reaction, callbackSecret: secret }: CreateReactionResponse): View {
  if (reaction === undefined) throw new Error("the server did not say what it made");
  const hint = "the receiver checks the signature with it.";
  return createdView(reaction.id, fieldsOf(reaction), reactionJson(reaction), { secret, key: "callback_secret", hint });
}

function fieldsOf(reaction: Reaction): Fields {
  return [
    ["id", reaction.id],
    ["workflow", reaction.workflowId ?? ""],
    ["task", reaction.taskId ?? ""],
    ["state", reaction.enabled ? "enabled" : "disabled"],
    ["on", reaction.on.join(", ").toLowerCase()],
    ["condition", harmlessLine(reaction.condition ?? "")],
    ["callback", harmlessLine(reaction.callbackUrl ?? "")],
    ["starts", reaction.startWorkflowId ?? ""],
    ["input", harmlessLine(reaction.input ?? "")],
    ["created", dateTimeText(reaction.createdAt)],
    ["updated", dateTimeText(reaction.updatedAt)],
  ];
}

export function reactionsView({ reactions, total }: ListReactionsResponse): View {
  const table: Table = {
    headings: ["ID", "STATE", "OF", "ON", "DOES", "CONDITION"],
    rows: reactions.map((reaction) => [
      reaction.id,
      reaction.enabled ? "enabled" : "disabled",
      reaction.workflowId ?? reaction.taskId ?? "",
      reaction.on.join(",").toLowerCase(),
      harmlessLine(reaction.callbackUrl ?? `starts ${reaction.startWorkflowId ?? ""}`),
      harmlessLine(reaction.condition ?? ""),
    ]),
    flexible: 4,
    dispensable: [3, 2],
  };
  return pageView(table, total, "reactions", { reactions: reactions.map(reactionJson), total });
}

function reactionJson(reaction: Reaction): Record<string, unknown> {
  return {
    id: reaction.id,
    workflow_id: reaction.workflowId,
    task_id: reaction.taskId,
    enabled: reaction.enabled,
    on: reaction.on,
    condition: reaction.condition,
    callback_url: reaction.callbackUrl,
    start_workflow_id: reaction.startWorkflowId,
    input: reaction.input === undefined ? undefined : (JSON.parse(reaction.input) as unknown),
    created_at: reaction.createdAt,
    updated_at: reaction.updatedAt,
  };
}

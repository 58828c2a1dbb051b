import type { CreateReactionResponse, ListReactionsResponse, Reaction } from "../gen/proto/reactions";
import type { View } from "./output";
import { idView, recordView } from "./records-view";
import { type Fields, fieldLines, type Table, tabLines, tableLines } from "./table";
import { harmlessLine } from "./terminal-text";
import { dateTimeText } from "./time-text";

/** A reaction; `secret` is one that the server made and tells this once. */
export function reactionView(reaction: Reaction, secret?: string): View {
  return recordView([...fieldsOf(reaction), ["secret", secret ?? ""]], {
    ...reactionJson(reaction),
    callback_secret: secret,
  });
}

/** In a pipe the id, and behind a tab a secret that would be lost otherwise. */
export function createdReactionView({ reaction, callbackSecret }: CreateReactionResponse): View {
  if (reaction === undefined) throw new Error("the server did not say what it made");
  const view = reactionView(reaction, callbackSecret);
  const told: View = {
    ...view,
    table: () => [
      ...fieldLines([...fieldsOf(reaction), ["secret", callbackSecret ?? ""]]),
      ...(callbackSecret === undefined
        ? []
        : ["", "The secret is shown this once: the receiver checks the signature with it."]),
    ],
  };
  return idView(callbackSecret === undefined ? reaction.id : `${reaction.id}\t${callbackSecret}`, told);
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
  const rest =
    reactions.length < total ? [`${reactions.length} of ${total} reactions; --limit and --offset show others`] : [];
  return {
    table: (width) => (total === 0 ? ["no reactions"] : [...tableLines(table, width), ...rest]),
    plain: () => tabLines(table),
    json: () => ({ reactions: reactions.map(reactionJson), total }),
  };
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

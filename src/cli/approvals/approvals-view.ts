import { durationText } from "../../core/duration-text";
import { isJsonObject } from "../../core/json";
import { type Approval, ApprovalTimeout, type ListApprovalsResponse } from "../../gen/proto/executions";
import type { View } from "../output/output";
import { type Table, tabLines, tableLines } from "../output/table";
import { harmless, harmlessLine } from "../output/terminal-text";
import { dateTimeText } from "../output/time-text";
import { enumName } from "../output/wire-enums";
import { schemaLines } from "../workflow/schema-lines";

/** Execution and node first: they are what an answer names. */
export function approvalsView({ approvals, total, nextPageToken }: ListApprovalsResponse, now: Date): View {
  const table: Table = {
    headings: ["EXECUTION", "NODE", "WAITS", "UNTIL", "WHO", "WORKFLOW", "MESSAGE"],
    rows: approvals.map((approval) => [
      approval.executionId,
      approval.nodeId,
      durationText(now.getTime() - Date.parse(approval.waitingSince)),
      untilText(approval),
      approval.approvers.join(", "),
      approval.workflowName,
      approval.message,
    ]),
    flexible: 6,
    dispensable: [5, 3, 4, 2],
  };
  const rest =
    nextPageToken === "" ? [] : [`${approvals.length} of ${total} approvals; go on with --page-token ${nextPageToken}`];
  return {
    table: (width) => (total === 0 ? ["nothing waits"] : [...tableLines(table, width), ...rest]),
    plain: () => tabLines(table),
    json: () => ({
      approvals: approvals.map(approvalJson),
      total,
      ...(nextPageToken === "" ? {} : { next_page_token: nextPageToken }),
    }),
  };
}

/** What a person reads before they answer. */
export function approvalLines(approval: Approval, now: Date): readonly string[] {
  const { message, workflowName, executionId, nodeId, waitingSince, approvers, formSchema, brief } = approval;
  const waits = waitingSince === "" ? "" : durationText(now.getTime() - Date.parse(waitingSince));
  const until = untilText(approval);
  const schema: unknown = formSchema === undefined ? undefined : JSON.parse(formSchema);
  const lines = [
    harmless(message),
    "",
    harmlessLine(`${workflowName} ${executionId}, node ${nodeId}`.trim()),
    waits === "" ? "" : `waits for ${waits}${until === "" ? "" : `, until ${until}`}`,
    approvers.length === 0 ? "" : `may answer: ${harmlessLine(approvers.join(", "))}`,
    brief ? "this is not all of it; `aco execution watch` shows the rest" : "",
    ...(isJsonObject(schema as never)
      ? ["form:", ...schemaLines(schema as never).map((line) => `  ${harmlessLine(line)}`)]
      : []),
  ];
  return lines.filter((line, index) => line !== "" || index === 1);
}

/** When, and what then. */
function untilText({ waitsUntil, onTimeout }: Approval): string {
  if (waitsUntil === undefined) return "";
  return `${dateTimeText(waitsUntil)}, then ${onTimeoutName(onTimeout)}`;
}

function onTimeoutName(onTimeout: ApprovalTimeout): string {
  return enumName(ApprovalTimeout, onTimeout, "APPROVAL_TIMEOUT_").toLowerCase();
}

function approvalJson(approval: Approval): Record<string, unknown> {
  const { formSchema, waitsUntil, onTimeout, brief } = approval;
  return {
    execution_id: approval.executionId,
    node_id: approval.nodeId,
    node_name: approval.nodeName,
    workflow_id: approval.workflowId,
    workflow_name: approval.workflowName,
    message: approval.message,
    ...(formSchema === undefined ? {} : { form_schema: JSON.parse(formSchema) as unknown }),
    approvers: approval.approvers,
    waiting_since: approval.waitingSince,
    ...(waitsUntil === undefined ? {} : { waits_until: waitsUntil, on_timeout: onTimeoutName(onTimeout) }),
    ...(brief ? { brief } : {}),
  };
}

import type { Approval, ApprovalTimeout } from "../../gen/proto/executions";
import { ApprovalTimeout as WireTimeout } from "../../gen/proto/executions";
import type { WaitingApproval } from "../../workflows/history-contract";
import { encodeTimestamp } from "./timestamps";

/** One approval of one run. */
export interface ApprovalRow {
  readonly executionId: string;
  readonly workflowId: string;
  readonly sinceMs: number;
  readonly approval: WaitingApproval;
}

export function encodeApproval({ executionId, workflowId, sinceMs, approval }: ApprovalRow, name: string): Approval {
  const { nodeId, message, schema, approvers = [], untilMs, onTimeout, isBrief = false } = approval;
  return {
    executionId,
    workflowId,
    workflowName: name,
    nodeId,
    nodeName: approval.name,
    message,
    formSchema: schema === undefined ? undefined : JSON.stringify(schema),
    approvers: [...approvers],
    waitingSince: encodeTimestamp(new Date(sinceMs)),
    waitsUntil: untilMs === undefined ? undefined : encodeTimestamp(new Date(untilMs)),
    onTimeout: encodeOnTimeout(onTimeout),
    brief: isBrief,
  };
}

function encodeOnTimeout(onTimeout: WaitingApproval["onTimeout"]): ApprovalTimeout {
  switch (onTimeout) {
    case undefined:
      return WireTimeout.APPROVAL_TIMEOUT_UNSPECIFIED;
    case "fail":
      return WireTimeout.APPROVAL_TIMEOUT_FAIL;
    case "approve":
      return WireTimeout.APPROVAL_TIMEOUT_APPROVE;
    case "reject":
      return WireTimeout.APPROVAL_TIMEOUT_REJECT;
  }
}

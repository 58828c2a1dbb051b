import { jsonBytes, utf8Bytes } from "../core/json-size";
import type { OpenApproval } from "../engine/waiting-approvals";
import type { WaitingApproval, WaitingApprovals } from "./history-contract";

/**
 * Most bytes of approvals in a memo. It is written anew whenever one comes or goes, stands in visibility for as long as the run
 * waits, and is read with that of every other run that waits: enough for some dozens with a form each.
 */
export const MAX_MEMO_APPROVALS_BYTES = 32 * 1_024;

/** Most bytes of an answer to the query: Temporal refuses one over 2 MiB (`limit.blobSize.error`). */
export const MAX_QUERIED_APPROVALS_BYTES = 1_024 * 1_024;

/** Longest message, in UTF-16 units, where there is no room for the whole. */
const MAX_BRIEF_MESSAGE_LENGTH = 200;

/** The first approvals that fit. One that alone takes more than a quarter of the room is briefed, so that others are seen. */
export function boundApprovals(open: readonly OpenApproval[], maxBytes: number): WaitingApprovals {
  const approvals: WaitingApproval[] = [];
  let sizeBytes = 0;
  for (const approval of open) {
    const whole = wholeOf(approval);
    const wholeBytes = bytesOf(whole);
    const listed = wholeBytes <= maxBytes / 4 ? whole : briefOf(whole);
    sizeBytes += listed === whole ? wholeBytes : bytesOf(listed);
    if (sizeBytes > maxBytes) break;
    approvals.push(listed);
  }
  return { total: open.length, approvals };
}

function wholeOf({ nodeId, name, waiting: { for: _, ...waiting } }: OpenApproval): WaitingApproval {
  return { nodeId, name, ...waiting };
}

function briefOf({ schema: _schema, approvers: _approvers, message, ...rest }: WaitingApproval): WaitingApproval {
  return { ...rest, message: message.slice(0, MAX_BRIEF_MESSAGE_LENGTH), isBrief: true };
}

function bytesOf({ schema, approvers, message, ...rest }: WaitingApproval): number {
  const known = utf8Bytes(JSON.stringify({ ...rest, message }));
  return known + (schema === undefined ? 0 : jsonBytes(schema)) + jsonBytes([...(approvers ?? [])]);
}

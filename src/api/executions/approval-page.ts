import { z } from "zod";
import type { ApprovalRow } from "../convert/approval";
import { MAX_OFFSET_LENGTH } from "../limits";
import type { RequestCheck } from "../requests/request-check";

export type ApprovalOrder = "oldest" | "newest";

/** What rows are ordered by; no two rows have the same. */
type RowKey = readonly [sinceMs: number, executionId: string, nodeId: string];

const token = z.tuple([z.enum(["oldest", "newest"]), z.number(), z.string(), z.string()]);

/** The token names the last row of a page, so that rows that come and go before it move nothing. */
export function encodeApprovalToken(order: ApprovalOrder, row: ApprovalRow): string {
  return Buffer.from(JSON.stringify([order, ...keyOf(row)])).toString("base64url");
}

/** Undefined for an empty one; notes a violation where it is none of ours or of a list in the other order. */
export function decodeApprovalToken(check: RequestCheck, text: string, order: ApprovalOrder): RowKey | undefined {
  if (text === "") return undefined;
  const parsed = token.safeParse(text.length > 2 * MAX_OFFSET_LENGTH ? null : jsonOf(text));
  if (!parsed.success) {
    check.add("page_token", "is not a `next_page_token` of this list");
    return undefined;
  }
  const [ofOrder, ...key] = parsed.data;
  if (ofOrder !== order) check.add("page_token", `is of a list with the ${ofOrder} first; ask for the same \`order\``);
  return key;
}

/** To sort by. */
export function compareRows(order: ApprovalOrder): (a: ApprovalRow, b: ApprovalRow) => number {
  const sign = order === "oldest" ? 1 : -1;
  return (a, b) => sign * compareKeys(keyOf(a), keyOf(b));
}

export function isAfter(order: ApprovalOrder, row: ApprovalRow, key: RowKey): boolean {
  return (order === "oldest" ? 1 : -1) * compareKeys(keyOf(row), key) > 0;
}

function keyOf({ sinceMs, executionId, approval }: ApprovalRow): RowKey {
  return [sinceMs, executionId, approval.nodeId];
}

function compareKeys(a: RowKey, b: RowKey): number {
  return a[0] - b[0] || compareText(a[1], b[1]) || compareText(a[2], b[2]);
}

/** By UTF-16 units: the order must be the same on every server, whatever its locale. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
  } catch {
    return null;
  }
}

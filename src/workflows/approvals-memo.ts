import { workflowInfo } from "@temporalio/workflow";
import { canonicalJson } from "../definition/canonical-json";
import type { EngineState } from "../engine/engine";
import type { JournalEntry } from "../engine/engine-types";
import { setWaits } from "./announce-waits";
import { boundApprovals, MAX_MEMO_APPROVALS_BYTES } from "./bound-approvals";
import { MEMO_APPROVALS, MEMO_JOURNAL, MEMO_PAUSE, type WaitingApprovals } from "./history-contract";
import { sharedEngine } from "./shared-engine";

/** What a run waits for from people, as much of it as fits. */
export function approvalsOf(state: EngineState, maxBytes: number): WaitingApprovals {
  return boundApprovals(sharedEngine().waitingApprovals(state), maxBytes);
}

/**
 * Keeps the run's memo and its search attribute in step with what it waits for from people, so that an inbox over all runs
 * is one listing that no worker has to answer. Something is written only where an approval came or went: the attribute, unless
 * `announceWaits` has it in hand, and what is returned, which belongs into the upsert of the journal. See docs/decisions/0020.
 */
export function announceApprovals(
  state: EngineState,
  entries: readonly JournalEntry[],
  keepsAttribute: boolean,
): { readonly [MEMO_APPROVALS]?: WaitingApprovals | null } {
  if (!entries.some(({ nodeType }) => nodeType === "approval")) return {};
  const { memo } = workflowInfo();
  const waiting = approvalsOf(state, MAX_MEMO_APPROVALS_BYTES);
  const wanted = waiting.total === 0 ? null : waiting;
  const known = memo?.[MEMO_APPROVALS] ?? null;
  if (keepsAttribute) setWaits(new Set(wanted === null ? [] : ["approval"]));
  return canonicalJson(known as never) === canonicalJson(wanted as never) ? {} : { [MEMO_APPROVALS]: wanted };
}

/**
 * The memo that the next run of a chain starts with: what the start gave, which Temporal hands on by itself, and what people
 * are asked and whether the run is paused, which it does not. Without it the inbox would lack the approvals until the next run
 * has begun, and a paused run would no longer be known as one.
 */
export function memoToHandOn(): Record<string, unknown> | undefined {
  const { [MEMO_JOURNAL]: _, ...memo } = workflowInfo().memo ?? {};
  return memo[MEMO_APPROVALS] === undefined && memo[MEMO_PAUSE] === undefined ? undefined : memo;
}

import { defineSearchAttributeKey } from "@temporalio/common";
import { upsertSearchAttributes, workflowInfo } from "@temporalio/workflow";
import type { EngineState } from "../engine/engine";
import type { JournalEntry } from "../engine/engine-types";
import { SEARCH_ATTRIBUTES, type WaitKind } from "./history-contract";
import { sharedEngine } from "./shared-engine";
import { parseWaitsFor, waitsForText } from "./waits-for";

const WAITS_FOR = defineSearchAttributeKey(SEARCH_ATTRIBUTES.waitsFor, "KEYWORD");

/** A shorter wait is over before anybody asks: a run that polls each second must not tell of it each second. */
const MIN_TOLD_WAIT_MS = 60_000;

/** Nodes that wait for something outside. */
const WAITING_TYPES: ReadonlySet<string | undefined> = new Set(["approval", "signal", "wait"]);

/**
 * Keeps the search attribute in step with what the run waits for, so that such runs are found by one listing that no worker has to
 * answer. Nothing is written where nothing began or ended that it tells of. See docs/decisions/0029.
 */
export function announceWaits(state: EngineState, entries: readonly JournalEntry[]): void {
  if (!tellsOfWaits(entries)) return;
  const known = waitsNow();
  const from = Date.now() + MIN_TOLD_WAIT_MS;
  // A long wait is told of until it ends, also in its last minute.
  setWaits(sharedEngine().waitKinds(state, (untilMs) => known.has("timer") || untilMs >= from));
}

/** What was over as soon as it began, as a message that was there already, is no wait: nobody looks through the run for it. */
function tellsOfWaits(entries: readonly JournalEntry[]): boolean {
  const open = new Set<string>();
  for (const { kind, nodeId, nodeType } of entries) {
    if (kind === "control") return true;
    if (!WAITING_TYPES.has(nodeType)) continue;
    if (kind === "entered") open.add(nodeId);
    else if (!open.delete(nodeId)) return true;
  }
  return open.size > 0;
}

export function waitsNow(): ReadonlySet<WaitKind> {
  return parseWaitsFor(workflowInfo().typedSearchAttributes.get(WAITS_FOR) ?? null);
}

/** Writes the attribute where it is another. */
export function setWaits(kinds: ReadonlySet<WaitKind>): void {
  const value = waitsForText(kinds);
  if (value === (workflowInfo().typedSearchAttributes.get(WAITS_FOR) ?? null)) return;
  upsertSearchAttributes([{ key: WAITS_FOR, value }]);
}

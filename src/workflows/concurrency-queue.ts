import type { SlotClaim, SlotState, SlotWord } from "./history-contract";

/** Runs that wait for one key; their claims, about 300 bytes each, must fit one payload when the mutex continues as new. */
export const MAX_WAITING = 5_000;

/** What the mutex has to do, in this order. */
export type SlotEffect =
  | { readonly type: "tell"; readonly claim: SlotClaim; readonly word: SlotWord }
  | { readonly type: "cancel"; readonly claim: SlotClaim; readonly by: string };

export interface SlotStep {
  readonly state: SlotState;
  readonly effects: readonly SlotEffect[];
}

export const EMPTY_SLOT: SlotState = { holder: null, holderReplaced: false, queue: [] };

/** A run asks for its turn. It may ask again, when it fears that its claim was lost. */
export function claimSlot(state: SlotState, claim: SlotClaim): SlotStep {
  const { holder, queue } = state;
  if (holder === null || holder.executionId === claim.executionId) return grant(state, claim, queue);
  if (queue.some(({ executionId }) => executionId === claim.executionId)) return { state, effects: [] };
  const refusal = refusalOf(state, holder, claim);
  if (refusal !== null)
    return { state, effects: [tell(claim, { status: "rejected", holder: holder.executionId, reason: refusal })] };
  return claim.onConflict === "replace" ? replace(state, holder, claim) : wait(state, holder, claim);
}

/** A run has ended, or does not want its turn any more. One that is not known changes nothing. */
export function leaveSlot(state: SlotState, executionId: string): SlotStep {
  if (state.holder?.executionId !== executionId) {
    const queue = state.queue.filter((waiting) => waiting.executionId !== executionId);
    return { state: { ...state, queue }, effects: [] };
  }
  const [next, ...queue] = state.queue;
  return next === undefined ? { state: EMPTY_SLOT, effects: [] } : grant(state, next, queue);
}

function grant(state: SlotState, claim: SlotClaim, queue: readonly SlotClaim[]): SlotStep {
  const effects = [tell(claim, { status: "granted" })];
  if (state.holder?.executionId === claim.executionId) return { state, effects };
  return { state: { holder: claim, holderReplaced: false, queue }, effects };
}

function refusalOf({ queue }: SlotState, holder: SlotClaim, claim: SlotClaim): string | null {
  if (claim.ancestors.includes(holder.temporalWorkflowId))
    return "it would wait for a run that waits for it: one of those that started it holds the same concurrency key";
  if (claim.onConflict === "reject") return "another run holds the same concurrency key";
  if (claim.onConflict === "queue" && queue.length >= MAX_WAITING)
    return `${MAX_WAITING} runs wait for the same concurrency key already`;
  return null;
}

/** The order of waiting is that in which the runs were started, not that in which their claims came through. */
function wait(state: SlotState, holder: SlotClaim, claim: SlotClaim): SlotStep {
  const later = state.queue.findIndex((waiting) => byStart(claim, waiting) < 0);
  const ahead = later === -1 ? state.queue.length : later;
  const queue = state.queue.toSpliced(ahead, 0, claim);
  const word: SlotWord = { status: "queued", holder: holder.executionId, ahead: ahead + 1 };
  return { state: { ...state, queue }, effects: [tell(claim, word)] };
}

/** All others are cancelled. Those that wait are out of it at once; the holder keeps its turn until it has ended. */
function replace(state: SlotState, holder: SlotClaim, claim: SlotClaim): SlotStep {
  const others = state.holderReplaced ? state.queue : [holder, ...state.queue];
  const word: SlotWord = { status: "queued", holder: holder.executionId, ahead: 1 };
  return {
    state: { holder, holderReplaced: true, queue: [claim] },
    effects: [
      tell(claim, word),
      ...others.map((other): SlotEffect => ({ type: "cancel", claim: other, by: claim.executionId })),
    ],
  };
}

function tell(claim: SlotClaim, word: SlotWord): SlotEffect {
  return { type: "tell", claim, word };
}

/** Negative where `a` was started before `b`. Execution ids are in the order in which they were made. */
export function byStart(a: SlotClaim, b: SlotClaim): number {
  return a.startedAtMs - b.startedAtMs || (a.executionId < b.executionId ? -1 : 1);
}

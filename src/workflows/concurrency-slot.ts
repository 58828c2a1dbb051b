import {
  CancellationScope,
  condition,
  defineSignal,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from "@temporalio/workflow";
import type { RunOutcome } from "../engine/engine-types";
import { parseSlotWord, waitingText } from "../events/slot-word";
import { setWaits, waitsNow } from "./announce-waits";
import { cancelReason } from "./cancel-reason";
import { briefly, persistent, type SlotKey } from "./concurrency-activities";
import { type GraphRunInput, SLOT_SIGNAL, type SlotClaim, type SlotWord } from "./history-contract";
import { sharedEngine } from "./shared-engine";

/**
 * When a run that waits claims its turn again: the mutex may have been terminated, and then knows nothing of it. Doubled each
 * time, so that a year of waiting stays far below the events that one run may have.
 */
const FIRST_REMINDER_MS = 20_000;
const MAX_REMINDER_MS = 12 * 3_600_000;

/** Longest key that a failure tells whole, in UTF-16 units. */
const MAX_TOLD_KEY_LENGTH = 256;

const slotSignal = defineSignal<[unknown]>(SLOT_SIGNAL);

/** Why a run does nothing yet, for the query `state`. */
export interface SlotView {
  readonly waitsForTurn?: {
    /** Execution id of the run whose turn it is. */
    readonly holder: string;
    /** Runs that go first, the holder included. */
    readonly ahead: number;
  };
}

/** The turn of one run among those with the same concurrency key. A run without `concurrency` always has it. */
export class ConcurrencySlot {
  readonly #input: GraphRunInput;
  /** Called whenever the run hears that it has to wait. */
  onQueued: () => void = () => undefined;
  #key: SlotKey | undefined;
  #word: SlotWord | undefined;

  constructor(input: GraphRunInput) {
    this.#input = input;
  }

  view(): SlotView {
    if (this.#word?.status !== "queued") return {};
    const { holder, ahead } = this.#word;
    return { waitsForTurn: { holder, ahead } };
  }

  /**
   * Waits for the run's turn. Undefined once it has come, else how the run ends without having begun. In a later run of a
   * chain the turn has come long ago.
   */
  async acquire(): Promise<RunOutcome | undefined> {
    const { snapshot, input, executionId, workflowId } = this.#input;
    const { concurrency } = snapshot.definition;
    if (concurrency === undefined) return undefined;
    setHandler(slotSignal, (argument) => this.#hear(parseSlotWord(argument)));
    const key = sharedEngine().concurrencyKey(concurrency, input, { id: executionId });
    if (!key.ok) return { status: "failed", failure: key.error };
    this.#key = { workflowId, key: key.value };
    if (workflowInfo().continuedFromExecutionRunId !== undefined) return undefined;
    const wasCancelled = await this.#waitForWord(this.#key, this.#claim(concurrency.on_conflict ?? "queue"));
    if (wasCancelled) {
      await this.release();
      return { status: "cancelled", reason: cancelReason() };
    }
    if (waitsNow().has("turn")) setWaits(new Set());
    if (this.#word?.status !== "rejected") return undefined;
    const { holder, reason } = this.#word;
    this.#key = undefined;
    const message = `${reason}; execution ${holder} holds it`;
    const details = { holder, key: key.value.slice(0, MAX_TOLD_KEY_LENGTH) };
    return { status: "failed", failure: { code: "CONCURRENCY_REJECTED", message, details } };
  }

  /** Lets the next one go. Where that does not come through, the mutex finds out by itself. */
  async release(): Promise<void> {
    const key = this.#key;
    if (key === undefined) return;
    this.#key = undefined;
    const leave = { executionId: this.#input.executionId };
    await CancellationScope.nonCancellable(() => briefly.leaveConcurrencySlot(key, leave).catch(() => undefined));
  }

  /** True where the run was cancelled meanwhile. */
  async #waitForWord(key: SlotKey, claim: SlotClaim): Promise<boolean> {
    let isCancelled = false;
    CancellationScope.current().cancelRequested.catch(() => {
      isCancelled = true;
    });
    const isDecided = () => isCancelled || this.#word?.status === "granted" || this.#word?.status === "rejected";
    await CancellationScope.nonCancellable(async () => {
      for (let waitMs = FIRST_REMINDER_MS; ; waitMs = Math.min(MAX_REMINDER_MS, waitMs * 2)) {
        await persistent.claimConcurrencySlot(key, claim);
        if (await condition(isDecided, waitMs)) return;
      }
    });
    return isCancelled;
  }

  #claim(onConflict: SlotClaim["onConflict"]): SlotClaim {
    const { workflowId, startTime, parent, root } = workflowInfo();
    const ancestors = [parent, root].flatMap((run) => (run === undefined ? [] : [run.workflowId]));
    return {
      executionId: this.#input.executionId,
      temporalWorkflowId: workflowId,
      startedAtMs: startTime.getTime(),
      onConflict,
      ancestors: [...new Set(ancestors)],
    };
  }

  #hear(word: SlotWord | null): void {
    // The turn, once given, is not taken back; a word that was sent twice may come late.
    if (word === null || this.#word?.status === "granted" || this.#word?.status === "rejected") return;
    this.#word = word;
    if (word.status !== "queued") return;
    if (this.#input.announcesWaits === true) setWaits(new Set(["turn"]));
    setCurrentDetails(`It ${waitingText(word.holder, word.ahead)}.`);
    this.onQueued();
  }
}

import {
  CancellationScope,
  condition,
  continueAsNew,
  defineSignal,
  getExternalWorkflowHandle,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from "@temporalio/workflow";
import { persistent } from "./concurrency-activities";
import { parseSlotClaim, parseSlotLeave } from "./concurrency-messages";
import { byStart, claimSlot, EMPTY_SLOT, leaveSlot, type SlotEffect, type SlotStep } from "./concurrency-queue";
import {
  CLAIM_SLOT_SIGNAL,
  LEAVE_SLOT_SIGNAL,
  type MutexInput,
  SLOT_SIGNAL,
  type SlotClaim,
  type SlotState,
  type SlotWord,
} from "./history-contract";

/**
 * How long after it was last seen a holder is looked at again while others wait for it: it may have been terminated, and
 * then says nothing. Doubled each time, so that a day of waiting costs some 1,500 looks.
 */
const FIRST_WATCH_MS = 2_000;
const MAX_WATCH_MS = 60_000;

/** The same where nobody waits: only so that a mutex whose holder is gone does not stay for ever. */
const IDLE_WATCH_MS = 6 * 3_600_000;

/** A holder that was seen within this is taken to be there still: a burst of claims looks at it once. */
const FRESH_MS = 1_000;

/** Claims and leaves of one run of the mutex. Temporal takes 10,000 signals in one. */
const MAX_MESSAGES = 2_000;

const claimSignal = defineSignal<[unknown]>(CLAIM_SLOT_SIGNAL);
const leaveSignal = defineSignal<[unknown]>(LEAVE_SLOT_SIGNAL);
const slotSignal = defineSignal<[SlotWord]>(SLOT_SIGNAL);

type Message = { readonly claim: SlotClaim } | { readonly leave: string };

/**
 * Temporal workflow: lets the runs that give one key go one at a time. It hears of claims and ends by signal, and looks after
 * the holder itself, as that may have been terminated. It ends when nobody holds or wants the turn; terminating it frees the
 * key, and whoever waits asks again.
 */
export async function concurrencyMutex({ slot = EMPTY_SLOT }: MutexInput): Promise<void> {
  const mutex = new Mutex(slot);
  await CancellationScope.nonCancellable(() => mutex.run());
}

class Mutex {
  readonly #inbox: Message[] = [];
  #state: SlotState;
  #handled = 0;
  #seenAtMs = 0;
  #watchMs = FIRST_WATCH_MS;

  constructor(state: SlotState) {
    this.#state = state;
    setHandler(claimSignal, (argument) => {
      const claim = parseSlotClaim(argument);
      if (claim !== null) this.#inbox.push({ claim });
    });
    setHandler(leaveSignal, (argument) => {
      const leave = parseSlotLeave(argument);
      if (leave !== null) this.#inbox.push({ leave: leave.executionId });
    });
  }

  async run(): Promise<void> {
    for (;;) {
      for (let message = this.#next(); message !== undefined; message = this.#next()) await this.#handle(message);
      if (this.#state.holder === null) return;
      if (workflowInfo().continueAsNewSuggested || this.#handled >= MAX_MESSAGES)
        await continueAsNew<typeof concurrencyMutex>({ slot: this.#state });
      this.#showDetails(this.#state);
      const { queue } = this.#state;
      const hasNews = await condition(() => this.#inbox.length > 0, queue.length > 0 ? this.#watchMs : IDLE_WATCH_MS);
      if (hasNews) continue;
      this.#watchMs = Math.min(MAX_WATCH_MS, this.#watchMs * 2);
      await this.#lookAtHolder();
    }
  }

  /** In the order in which they came; but of those who find the turn free, the one that was started first has it. */
  #next(): Message | undefined {
    const claims = this.#inbox.flatMap((message) => ("claim" in message ? [message.claim] : []));
    const first = this.#state.holder === null ? claims.sort(byStart)[0] : undefined;
    if (first === undefined) return this.#inbox.shift();
    return this.#inbox.splice(
      this.#inbox.findIndex((message) => "claim" in message && message.claim === first),
      1,
    )[0];
  }

  async #handle(message: Message): Promise<void> {
    this.#handled += 1;
    if ("leave" in message) {
      await this.#carryOut(leaveSlot(this.#state, message.leave));
      return;
    }
    const { executionId } = message.claim;
    const { holder } = this.#state;
    const isContested = holder !== null && holder.executionId !== executionId;
    if (isContested && Date.now() - this.#seenAtMs >= FRESH_MS) await this.#lookAtHolder();
    await this.#carryOut(claimSlot(this.#state, message.claim));
  }

  /** Lets the next one go where the holder has ended without a word, and the one after it where that has, too. */
  async #lookAtHolder(): Promise<void> {
    for (let { holder } = this.#state; holder !== null; { holder } = this.#state) {
      if (await persistent.isRunOpen(holder.temporalWorkflowId)) break;
      await this.#carryOut(leaveSlot(this.#state, holder.executionId));
    }
    this.#seenAtMs = Date.now();
  }

  async #carryOut({ state, effects }: SlotStep): Promise<void> {
    if (state.holder?.executionId !== this.#state.holder?.executionId) this.#watchMs = FIRST_WATCH_MS;
    this.#state = state;
    for (const effect of effects) await this.#perform(effect);
  }

  async #perform(effect: SlotEffect): Promise<void> {
    const { temporalWorkflowId, executionId } = effect.claim;
    if (effect.type === "cancel") {
      await persistent.cancelRun(temporalWorkflowId, `replaced by execution ${effect.by}`);
      return;
    }
    try {
      await getExternalWorkflowHandle(temporalWorkflowId).signal(slotSignal, effect.word);
    } catch {
      // Temporal refuses a signal only to a run that has ended.
      this.#inbox.push({ leave: executionId });
    }
  }

  #showDetails({ holder, queue }: SlotState): void {
    setCurrentDetails(`Execution ${holder?.executionId} has its turn; ${queue.length} wait.`);
  }
}

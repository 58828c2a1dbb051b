import { sleep, workflowInfo } from "@temporalio/workflow";
import type { StepResult } from "../engine/engine";
import { MAX_COMMANDS_BYTES } from "./payload-limits";

/**
 * Most steps of the engine and commands in one workflow task. Each takes up to 2 ms on a slow machine, and a workflow task
 * should end within a second.
 */
export const MAX_WORK = 500;

/** An entry of the journal stands for a node that was entered or has ended: about 20 µs. */
const ENTRIES_PER_WORK = 50;

/** Most steps of expressions in one workflow task, but for those of the last step of the engine: some 0.4 s (`fuel.ts`). */
export const MAX_FUEL = 1_000_000;

/** What one workflow task may still do and send. Ends the workflow task, so that the rest goes into the next, when it is used up. */
export class WorkflowTaskBudget {
  /** Counts the workflow tasks that it could tell apart. */
  #task = 0;
  #historyLength = workflowInfo().historyLength;
  #bytes = 0;
  #work = 0;
  #fuel = 0;

  /** Of the workflow task that is going on, for `giveBack`. */
  get task(): number {
    return this.#task;
  }

  /**
   * To be called when the server has told of something: each workflow task begins with a longer history. Not when a local
   * activity has ended, as the length at that moment is not the same in a replay where the workflow task took a heartbeat.
   */
  heardFromServer(): void {
    if (workflowInfo().historyLength !== this.#historyLength) this.#begin();
  }

  /** Takes one piece of work that sends so many bytes. Resolves in a later workflow task where this one has no room for it. */
  async take(bytes: number): Promise<void> {
    const isFull =
      this.#work >= MAX_WORK || this.#fuel >= MAX_FUEL || (this.#bytes > 0 && this.#bytes + bytes > MAX_COMMANDS_BYTES);
    if (isFull) {
      await sleep(1);
      this.#begin();
    }
    this.#bytes += bytes;
    this.#work += 1;
  }

  /** Counts what a step of the engine took, once it is known. */
  spend({ fuelUsed = 0, journal }: StepResult): void {
    this.#fuel += fuelUsed;
    this.#work += journal.length / ENTRIES_PER_WORK;
  }

  /** Takes back bytes that were set aside in workflow task `task`, where that is still going on. */
  giveBack(bytes: number, task: number): void {
    if (task === this.#task) this.#bytes -= bytes;
  }

  #begin(): void {
    this.#task += 1;
    this.#historyLength = workflowInfo().historyLength;
    this.#bytes = 0;
    this.#work = 0;
    this.#fuel = 0;
  }
}

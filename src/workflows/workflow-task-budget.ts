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
  /** Tells one workflow task from the next: each begins with a longer history. */
  #task = -1;
  #bytes = 0;
  #work = 0;
  #fuel = 0;

  /**
   * Takes one piece of work that sends so many bytes. Where this workflow task has no room for it, resolves in a later one; where
   * it has, there is nothing to wait for: each promise costs the worker, which follows them all for the SDK.
   */
  take(bytes: number): Promise<void> | undefined {
    this.#look();
    const isFull =
      this.#work >= MAX_WORK || this.#fuel >= MAX_FUEL || (this.#bytes > 0 && this.#bytes + bytes > MAX_COMMANDS_BYTES);
    if (isFull) return this.#takeLater(bytes);
    this.#bytes += bytes;
    this.#work += 1;
    return undefined;
  }

  async #takeLater(bytes: number): Promise<void> {
    await sleep(1);
    this.#look();
    this.#bytes += bytes;
    this.#work += 1;
  }

  /** Counts what a step of the engine took, once it is known. */
  spend({ fuelUsed = 0, journal }: StepResult): void {
    this.#look();
    this.#fuel += fuelUsed;
    this.#work += journal.length / ENTRIES_PER_WORK;
  }

  #look(): void {
    const { historyLength } = workflowInfo();
    if (historyLength === this.#task) return;
    this.#task = historyLength;
    this.#bytes = 0;
    this.#work = 0;
    this.#fuel = 0;
  }
}

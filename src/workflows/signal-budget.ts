import { bodyOf } from "../definition/bodies";
import type { Definition, Graph } from "../definition/graph-types";

/** Signals that Temporal takes in one run are 10,000 (`maxSignalsPerExecution`); the rest is left to people and retries. */
export const SIGNALS_PER_RUN = 8_000;

/** Items of a map that run at a time where it does not say. */
const DEFAULT_CONCURRENCY = 10;

/** Shares a run's signals among its tasks: each gets an equal part of what is left, and gives back what it did not use. */
export class SignalBudget {
  readonly #definition: Definition;
  readonly #granted = new Map<string, number>();
  #left = SIGNALS_PER_RUN;
  #shares: number | undefined;

  constructor(definition: Definition) {
    this.#definition = definition;
  }

  /** How many signals a task may send in all its attempts. */
  grant(activityId: string): number {
    this.#shares ??= tasksAtOnce(this.#definition);
    const waiting = Math.max(1, this.#shares - this.#granted.size);
    const share = Math.max(1, Math.floor(this.#left / waiting));
    this.#granted.set(activityId, share);
    this.#left = Math.max(0, this.#left - share);
    return share;
  }

  heard(activityId: string): void {
    const unused = this.#granted.get(activityId);
    if (unused !== undefined) this.#granted.set(activityId, Math.max(0, unused - 1));
  }

  giveBack(activityId: string): void {
    this.#left += this.#granted.get(activityId) ?? 0;
    this.#granted.delete(activityId);
  }
}

/** As if every task ran once and every map were busy. */
function tasksAtOnce({ nodes }: Graph): number {
  return nodes.reduce((sum, node) => {
    if (node.type === "task") return sum + 1;
    if (node.type === "loop") return sum + tasksAtOnce(bodyOf(node));
    if (node.type !== "map") return sum;
    return sum + (node.config.concurrency ?? DEFAULT_CONCURRENCY) * tasksAtOnce(bodyOf(node));
  }, 0);
}

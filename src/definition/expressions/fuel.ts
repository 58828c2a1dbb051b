/**
 * Steps that the expressions of one engine step may take together. One evaluated syntax node is one step, about 0.4 µs
 * on two busy cores; so all of it stays near a fifth of a second, while Temporal gives up on a workflow task that does
 * not yield for a whole one. Mapping 100,000 items costs some 400,000 steps.
 */
export const MAX_STEPS = 500_000;

/** Longest text that an expression may build, in UTF-16 units: twice the largest output, as it may still be cut down. */
export const MAX_TEXT_LENGTH = 4 * 1_024 * 1_024;

/** Values in one result: a larger one could not be kept within the limit on an output's size. */
export const MAX_RESULT_VALUES = 1_000_000;

/** Thrown when fuel runs out; made once, as a runaway expression may meet it very often before it ends. */
export const OUT_OF_FUEL = new Error("expression takes too long: it goes through too many values");

/**
 * What work is charged. The second knows what building objects, lists and texts costs, so that a step stands for at most a
 * microsecond; the first let them be had for less. What a run does in one workflow task goes by it, so a run keeps its own.
 */
export type Tariff = 1 | 2;
export const FIRST_TARIFF: Tariff = 1;
export const LATEST_TARIFF: Tariff = 2;

/** What is left of the steps. Expressions terminate, but nested loops over large lists take longer than a run may. */
export class Fuel {
  readonly #steps: number;
  readonly #half: number;
  readonly #tariff: Tariff;
  #left: number;
  #others = 0;

  constructor(steps: number = MAX_STEPS, tariff: Tariff = LATEST_TARIFF) {
    this.#steps = steps;
    this.#tariff = tariff;
    this.#left = steps;
    this.#half = steps / 2;
  }

  get isSpent(): boolean {
    return this.#left < 0;
  }

  /** Steps that were taken, and what other work was charged for. */
  get used(): number {
    return this.#steps - this.#left + this.#others;
  }

  /** True once less than half is left: who has many expressions to evaluate had better go on in another step. */
  get isLow(): boolean {
    return this.#left - this.#others < this.#half;
  }

  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw OUT_OF_FUEL;
  }

  /** Charges for work beside the expressions, which never fails for it: more of it is only done in another step. */
  charge(steps: number): void {
    this.#others += steps;
  }

  /** Charges, as `charge` does, for what the first tariff gave away. */
  chargeSince2(steps: number): void {
    if (this.#tariff >= 2) this.#others += steps;
  }

  /** Charges for a value that was just made by its length, and refuses a text that is too long. */
  spendOn(value: unknown): void {
    if (typeof value === "string") {
      if (value.length > MAX_TEXT_LENGTH) throw new Error(`text is longer than ${MAX_TEXT_LENGTH} characters`);
      this.spend(1 + (value.length >>> 10));
    } else this.spend(Array.isArray(value) ? 1 + (value.length >>> 4) : 1);
  }
}

import type { Failure } from "../core/errors";
import type { JsonValue } from "../core/json";
import { canonicalJson } from "../definition/canonical-json";
import type { Draft } from "./draft";
import type { FrameDraft } from "./frame-draft";
import { type Table, TableDraft } from "./table";

/**
 * What a redriven run takes over from an earlier one: how nodes end as soon as they are entered, in place of running again. Where the
 * graph does not lead to a node, its seed is of no use. Part of histories: fields are added, not renamed.
 */
export interface SeedInput {
  /** The execution that the ends come from. */
  readonly from: string;
  readonly ends: readonly NodeSeed[];
  /** Child runs that go on from earlier ones, in place of beginning anew. */
  readonly children?: readonly ChildSeed[];
  /** For plans only: ids of nodes, or instance ids, that stay where they are once they have been entered. */
  readonly held?: readonly string[];
}

/** What the child run of a node takes over, if it is started with the same input as the child run that it goes on from. */
export interface ChildSeed {
  /** Instance id of the node. */
  readonly nodeId: string;
  readonly input: JsonValue;
  readonly seeds: SeedInput;
}

export type NodeSeed = SeededEnd & {
  /** Instance id. */
  readonly nodeId: string;
};

export type SeededEnd =
  | {
      readonly status: "completed";
      readonly output: JsonValue;
      /** Its task did complete, and is undone where the run fails later. */
      readonly isUndoable?: true;
      /** The output comes from whoever asked for the redrive; nothing has run for it. */
      readonly isInjected?: true;
    }
  /** Its error edges take it once more. */
  | { readonly status: "failed"; readonly failure: Failure }
  /** Somebody had it skipped. */
  | { readonly status: "skipped" };

/** The seeds that no node has taken yet; part of the state of a run. */
export interface Seeds {
  readonly from: string;
  readonly ends: Table<SeededEnd>;
  readonly children?: readonly ChildSeed[];
  readonly held?: readonly string[];
}

/** Undefined where there is nothing to take over. */
export function firstSeeds(input: SeedInput | undefined): Seeds | undefined {
  if (input === undefined) return undefined;
  const { from, ends, children = [], held } = input;
  if (ends.length + children.length === 0 && held === undefined) return undefined;
  const table = new TableDraft<SeededEnd>({});
  for (const { nodeId, ...end } of ends) table.set(nodeId, end);
  return {
    from,
    ends: table.result(),
    ...(children.length === 0 ? {} : { children }),
    ...(held === undefined ? {} : { held }),
  };
}

/** Seeds while a step works on them. */
export class SeedsDraft {
  readonly from: string;
  readonly #ends: TableDraft<SeededEnd>;
  #children: readonly ChildSeed[];
  readonly #held: readonly string[] | undefined;
  readonly #holds: ReadonlySet<string>;

  constructor({ from, ends, children = [], held }: Seeds) {
    this.from = from;
    this.#ends = new TableDraft(ends);
    this.#children = children;
    this.#held = held;
    this.#holds = new Set(held);
  }

  /** How an instance ends; it is taken once. */
  take(instance: string): SeededEnd | undefined {
    const end = this.#ends.get(instance);
    if (end !== undefined) this.#ends.delete(instance);
    return end;
  }

  /** What the child run of an instance takes over; it is taken once, and is of no use for another input. */
  takeChild(instance: string, input: JsonValue): SeedInput | undefined {
    const child = this.#children.find(({ nodeId }) => nodeId === instance);
    if (child === undefined) return undefined;
    this.#children = this.#children.filter((one) => one !== child);
    return canonicalJson(child.input) === canonicalJson(input) ? child.seeds : undefined;
  }

  has(instance: string): boolean {
    return this.#ends.get(instance) !== undefined;
  }

  holds(name: string): boolean {
    return this.#holds.has(name);
  }

  /** Nothing runs: a plan wants to know what is reached, so no limit on what runs at once may stand in the way. */
  get isPlan(): boolean {
    return this.#held !== undefined;
  }

  /** Undefined where none is left. */
  result(): Seeds | undefined {
    const ends = this.#ends.result();
    const children = this.#children;
    if (Object.keys(ends).length + children.length === 0 && this.#held === undefined) return undefined;
    return {
      from: this.from,
      ends,
      ...(children.length === 0 ? {} : { children }),
      ...(this.#held === undefined ? {} : { held: this.#held }),
    };
  }
}

/** Whether a plan wants to see how far the run comes without this node. */
export function isHeldByPlan({ seeds }: Draft, frame: FrameDraft, position: number): boolean {
  if (seeds === undefined) return false;
  return seeds.holds(frame.node(position).id) || seeds.holds(frame.instance(position));
}

import type { ValidDefinition } from "../definition/graph-types";
import type { Reference } from "../definition/references";
import type { WorkflowRecord } from "../store/records";
import { MAX_CALL_DEPTH } from "./limits";

/** A stored workflow that a definition runs, itself or through others. */
export interface CalledWorkflow {
  readonly record: Pick<WorkflowRecord, "id" | "name" | "version" | "definitionHash">;
  /** Undefined where this version of the server no longer takes what is stored. */
  readonly definition: ValidDefinition | undefined;
  readonly references: readonly Reference[];
}

/** By id, in lower case. */
export type CalledById = ReadonlyMap<string, CalledWorkflow>;

/** Looks for what keeps called workflows from being run. `root` is the caller's id; empty before it is stored. */
export class CallSearch {
  readonly #called: CalledById;
  readonly #root: string;
  /** How many levels there are below each workflow that is all right. */
  readonly #heights = new Map<string, number>();

  constructor(called: CalledById, root: string) {
    this.#called = called;
    this.#root = root;
  }

  /** What is wrong with a workflow that the root names, or with one that it runs; undefined where nothing is. */
  problemOf(name: string): string | undefined {
    const height = this.#height(name, [this.#root]);
    return typeof height === "string" ? height : undefined;
  }

  /** Levels below `name`, or what is wrong there; `path` leads to it from the root. */
  #height(name: string, path: readonly string[]): number | string {
    const id = name.toLowerCase();
    const known = this.#heights.get(id);
    if (known !== undefined && path.length + known <= MAX_CALL_DEPTH) return known;
    if (path.includes(id)) return `workflows must not run each other: ${this.#chain([...path, id])}`;
    const called = this.#called.get(id);
    if (path.length > MAX_CALL_DEPTH) {
      return `workflows may run each other ${MAX_CALL_DEPTH} levels deep: ${this.#chain([...path, id])}`;
    }
    if (called === undefined) return `there is no workflow ${JSON.stringify(name.slice(0, 64))}${this.#through(path)}`;
    if (called.definition === undefined) return `the definition of ${this.#title(id)} is not valid any more; update it`;
    let height = 0;
    for (const reference of called.references) {
      const below = this.#height(reference.id, [...path, id]);
      if (typeof below === "string") return below;
      height = Math.max(height, below + 1);
    }
    this.#heights.set(id, height);
    return height;
  }

  #through([, ...callers]: readonly string[]): string {
    return callers.length === 0 ? "" : `, which ${this.#chain(callers)} runs`;
  }

  #chain(ids: readonly string[]): string {
    return ids.map((id) => this.#title(id)).join(" -> ");
  }

  #title(id: string): string {
    if (id === this.#root) return "this workflow";
    const name = this.#called.get(id)?.record.name;
    return name === undefined ? id : `${JSON.stringify(name)} (${id})`;
  }
}

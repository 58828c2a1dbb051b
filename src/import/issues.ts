import type { Problem } from "../definition/graph-types";

/** What an import has to say of its source. Pointers are those of the source. */
export class Issues {
  readonly #problems: Problem[] = [];
  readonly #notes: Problem[] = [];

  /** Something that cannot be taken over; no definition is given out. */
  problem(code: string, pointer: string, message: string): void {
    add(this.#problems, { code, pointer, message });
  }

  /** Something that the definition says otherwise, or leaves out without changing what runs do. */
  note(code: string, pointer: string, message: string): void {
    add(this.#notes, { code, pointer, message });
  }

  get problems(): readonly Problem[] {
    return this.#problems;
  }

  get notes(): readonly Problem[] {
    return this.#notes;
  }
}

/** Once: a field may be read for several purposes. */
function add(list: Problem[], found: Problem): void {
  const isKnown = list.some(({ pointer, message }) => pointer === found.pointer && message === found.message);
  if (!isKnown) list.push(found);
}

import { MAX_WORD_LENGTH } from "../definition/limits";

/** Room for the longest suffix that an import adds, and a number behind it. */
const SUFFIX_ROOM = 14;

/** Makes node ids of names of any kind; each is given once in the whole definition. */
export class NodeIds {
  readonly #taken = new Set<string>();

  /** `Check status?` is `Check_status`; with the suffix `output`, `Check_status_output`. */
  next(name: string, suffix = ""): string {
    const word = name.replace(/[^A-Za-z0-9_]+/g, "_").replace(/^_+|_+$/g, "");
    const start = /^[A-Za-z]/.test(word) ? word : `n_${word}`;
    const base = `${start.slice(0, MAX_WORD_LENGTH - SUFFIX_ROOM)}${suffix === "" ? "" : `_${suffix}`}`;
    let id = base;
    for (let count = 2; this.#taken.has(id); count += 1) id = `${base}_${count}`;
    this.#taken.add(id);
    return id;
  }
}

/** Things to come, soonest first; what is due at the same time comes in the order in which it was put in. A binary heap. */
export class Agenda<T> {
  readonly #heap: Entry<T>[] = [];
  #added = 0;

  add(atMs: number, item: T): void {
    this.#heap.push({ atMs, order: this.#added, item });
    this.#added += 1;
    this.#rise(this.#heap.length - 1);
  }

  /** When the next thing is due; undefined where nothing is to come. */
  get nextMs(): number | undefined {
    return this.#heap[0]?.atMs;
  }

  /** Takes all that is due at a time, in order. */
  takeAt(atMs: number): readonly T[] {
    const taken: T[] = [];
    for (let first = this.#heap[0]; first !== undefined && first.atMs <= atMs; first = this.#heap[0]) {
      taken.push(first.item);
      this.#dropFirst();
    }
    return taken;
  }

  #dropFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #rise(from: number): void {
    for (let child = from; child > 0; ) {
      const parent = (child - 1) >> 1;
      if (!this.#swapIfSooner(child, parent)) return;
      child = parent;
    }
  }

  #sink(from: number): void {
    for (let parent = from; ; ) {
      const left = 2 * parent + 1;
      const child = this.#isSooner(left + 1, left) ? left + 1 : left;
      if (!this.#swapIfSooner(child, parent)) return;
      parent = child;
    }
  }

  #isSooner(one: number, other: number): boolean {
    const [a, b] = [this.#heap[one], this.#heap[other]];
    return a !== undefined && b !== undefined && (a.atMs - b.atMs || a.order - b.order) < 0;
  }

  #swapIfSooner(child: number, parent: number): boolean {
    const [lower, upper] = [this.#heap[child], this.#heap[parent]];
    if (lower === undefined || upper === undefined || !this.#isSooner(child, parent)) return false;
    this.#heap[child] = upper;
    this.#heap[parent] = lower;
    return true;
  }
}

interface Entry<T> {
  readonly atMs: number;
  readonly order: number;
  readonly item: T;
}

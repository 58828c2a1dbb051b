/**
 * A map whose versions all stay what they were: `with` and `without` return a new one. The newest version costs what a `Map`
 * costs, however many entries it has; one that is older is brought back by undoing what came after it, step by step. So a
 * fold that goes forward is fast, and one that goes back to an earlier state is right. (H. G. Baker, "Shallow binding makes
 * functional arrays fast", 1991.)
 */
export class PersistentMap<K, V> {
  /** Only the version that was used last has the entries; another knows how it differs from its neighbour. */
  #entries: Map<K, V> | undefined;
  #difference: Difference<K, V> | undefined;

  private constructor(entries: Map<K, V>) {
    this.#entries = entries;
  }

  static empty<K, V>(): PersistentMap<K, V> {
    return new PersistentMap(new Map());
  }

  get size(): number {
    return this.#own().size;
  }

  has(key: K): boolean {
    return this.#own().has(key);
  }

  get(key: K): V | undefined {
    return this.#own().get(key);
  }

  with(key: K, value: V): PersistentMap<K, V> {
    return this.#changed(key, (entries) => entries.set(key, value));
  }

  without(key: K): PersistentMap<K, V> {
    return this.has(key) ? this.#changed(key, (entries) => entries.delete(key)) : this;
  }

  /** In no order that means anything. Not to be interleaved with uses of other versions. */
  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.#own().entries();
  }

  #changed(key: K, change: (entries: Map<K, V>) => unknown): PersistentMap<K, V> {
    const entries = this.#own();
    const next = new PersistentMap(entries);
    this.#difference = differenceAt(entries, key, next);
    this.#entries = undefined;
    change(entries);
    return next;
  }

  #own(): Map<K, V> {
    if (this.#entries !== undefined) return this.#entries;
    const path: PersistentMap<K, V>[] = [];
    let version: PersistentMap<K, V> = this;
    while (version.#difference !== undefined) {
      path.push(version);
      version = version.#difference.neighbour;
    }
    for (const older of path.reverse()) older.#takeOver();
    return this.#own();
  }

  /** Takes the entries from the neighbour that has them, which from then on differs from this. */
  #takeOver(): void {
    const difference = this.#difference;
    if (difference === undefined) return;
    const { key, before, neighbour } = difference;
    const entries = neighbour.#own();
    neighbour.#difference = differenceAt(entries, key, this);
    neighbour.#entries = undefined;
    if (before === undefined) entries.delete(key);
    else entries.set(key, before.value);
    this.#entries = entries;
    this.#difference = undefined;
  }
}

interface Difference<K, V> {
  readonly key: K;
  /** Absent where the key is not in this version. */
  readonly before: { readonly value: V } | undefined;
  readonly neighbour: PersistentMap<K, V>;
}

function differenceAt<K, V>(entries: Map<K, V>, key: K, neighbour: PersistentMap<K, V>): Difference<K, V> {
  return { key, before: entries.has(key) ? { value: entries.get(key) as V } : undefined, neighbour };
}

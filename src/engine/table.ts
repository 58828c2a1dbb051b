/**
 * Entries by key, in plain JSON. They are spread over buckets so that a change copies a few of them, where one object of
 * all would be copied whole: a map may have a thousand bodies open, and each step changes one or two.
 */
export type Table<Value> = Readonly<Record<string, Bucket<Value>>>;

/** Pairs and no object: a list of a few is copied and searched in less time, and any text may be a key. */
type Bucket<Value> = readonly Entry<Value>[];

type Entry<Value> = readonly [key: string, value: Value];

/** So that a busy run, of some thousand entries, has about ten in each. */
const BUCKETS = 256;

/** A table while a step works on it; the one that it started from stays as it was. */
export class TableDraft<Value> {
  #table: Table<Value>;
  /** Copies that this draft made, and that it may change. */
  readonly #own = new Map<string, Entry<Value>[]>();

  constructor(before: Table<Value>) {
    this.#table = before;
  }

  get(key: string): Value | undefined {
    const name = bucketOf(key);
    return (this.#own.get(name) ?? this.#table[name])?.find(([known]) => known === key)?.[1];
  }

  set(key: string, value: Value): void {
    const bucket = this.#bucket(key);
    const position = bucket.findIndex(([known]) => known === key);
    if (position === -1) bucket.push([key, value]);
    else bucket[position] = [key, value];
  }

  delete(key: string): void {
    const bucket = this.#bucket(key);
    const position = bucket.findIndex(([known]) => known === key);
    if (position !== -1) bucket.splice(position, 1);
  }

  result(): Table<Value> {
    if (this.#own.size === 0) return this.#table;
    const table: Record<string, Bucket<Value>> = { ...this.#table };
    for (const [name, bucket] of this.#own) {
      if (bucket.length > 0) table[name] = bucket;
      else delete table[name];
    }
    this.#own.clear();
    this.#table = table;
    return table;
  }

  #bucket(key: string): Entry<Value>[] {
    const name = bucketOf(key);
    const own = this.#own.get(name) ?? [...(this.#table[name] ?? [])];
    this.#own.set(name, own);
    return own;
  }
}

/** All entries, in an order that depends on nothing but their keys and the order in which they came. */
export function tableEntries<Value>(table: Table<Value>): readonly Entry<Value>[] {
  return Object.values(table).flat();
}

/** The hash of `java.lang.String`: any even spread will do. It is part of states in history, so it stays. */
function bucketOf(key: string): string {
  let hash = 0;
  for (let index = 0; index < key.length; index += 1) hash = (Math.imul(hash, 31) + key.charCodeAt(index)) | 0;
  return String(hash & (BUCKETS - 1));
}

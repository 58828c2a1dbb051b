/** Lets at most so many calls with the same key go at once; the others wait in line. */
export class KeyedLimit {
  readonly #limit: number;
  readonly #lines = new Map<string, { active: number; readonly waiting: (() => void)[] }>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Rejects with what `late` gives where its turn has not come by `deadline`, in milliseconds since 1970. */
  async run<T>(key: string, deadline: number, late: () => Error, work: () => Promise<T>): Promise<T> {
    const line = this.#lines.get(key) ?? { active: 0, waiting: [] };
    this.#lines.set(key, line);
    if (line.active >= this.#limit) await turnIn(line.waiting, deadline, late);
    else line.active += 1;
    try {
      return await work();
    } finally {
      // Whoever is next takes the place over.
      const next = line.waiting.shift();
      if (next !== undefined) next();
      else line.active -= 1;
      if (line.active === 0) this.#lines.delete(key);
    }
  }
}

function turnIn(waiting: (() => void)[], deadline: number, late: () => Error): Promise<void> {
  return new Promise((resolve, reject) => {
    const take = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(
      () => {
        waiting.splice(waiting.indexOf(take), 1);
        reject(late());
      },
      Math.max(0, deadline - Date.now()),
    );
    waiting.push(take);
  });
}

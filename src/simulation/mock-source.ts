import { baseId } from "./instance";
import type { CheckedMocks, Mock } from "./mocks";

/** Hands out mocks in their order, and remembers which were asked for. */
export class MockSource {
  readonly #mocks: CheckedMocks["nodes"];
  readonly #used = new Map<string, number>();
  readonly #missing = new Set<string>();

  constructor(mocks: CheckedMocks["nodes"]) {
    this.#mocks = mocks;
  }

  /** The next mock for an instance; undefined where there is none. */
  next(instanceId: string): Mock | undefined {
    const key = [instanceId, baseId(instanceId)].find((id) => this.#mocks.has(id));
    if (key === undefined) {
      this.#missing.add(baseId(instanceId));
      return undefined;
    }
    const list = this.#mocks.get(key) ?? [];
    const used = this.#used.get(key) ?? 0;
    this.#used.set(key, used + 1);
    return list[Math.min(used, list.length - 1)];
  }

  /** Ids of nodes that were asked for and have no mock. */
  get missing(): readonly string[] {
    return [...this.#missing];
  }

  /** Ids of mocks that nothing asked for. */
  get unused(): readonly string[] {
    return [...this.#mocks.keys()].filter((id) => !this.#used.has(id));
  }
}

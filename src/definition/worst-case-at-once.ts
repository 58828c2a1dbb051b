/** One node must have ended before the other can start. Positions of nodes. */
export type Order = readonly (readonly [before: number, after: number])[];

/**
 * The most that can go on at once in a graph whose nodes weigh so much while they run: the heaviest set of nodes of which
 * none waits for another. By Dilworth's theorem that is the weight of all nodes less the largest flow from nodes to nodes
 * that follow them (L. R. Ford and D. R. Fulkerson, Flows in Networks, 1962, II.8). `order` must have no cycles.
 */
export function largestAtOnce(weights: readonly number[], order: Order): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0 || order.length === 0) return total;
  const network = new Network(2 * weights.length + 2);
  const [source, sink] = [2 * weights.length, 2 * weights.length + 1];
  for (const [node, weight] of weights.entries()) {
    network.add(source, entry(node) + 1, weight);
    network.add(entry(node), sink, weight);
    // What follows what follows a node follows it too.
    network.add(entry(node), entry(node) + 1, total);
  }
  for (const [before, after] of order) network.add(entry(before) + 1, entry(after), total);
  return total - network.largestFlow(source, sink);
}

/** Each node is two in the network: where what comes before it arrives, and where it leaves. */
function entry(node: number): number {
  return 2 * node;
}

/** Edmonds and Karp: the shortest path that takes more, again and again. An arc and its reverse stand side by side. */
class Network {
  readonly #arcsOf: number[][];
  readonly #targets: number[] = [];
  readonly #capacities: number[] = [];

  constructor(size: number) {
    this.#arcsOf = Array.from({ length: size }, () => []);
  }

  add(from: number, to: number, capacity: number): void {
    this.#arcsOf[from]?.push(this.#targets.length);
    this.#targets.push(to);
    this.#capacities.push(capacity);
    this.#arcsOf[to]?.push(this.#targets.length);
    this.#targets.push(from);
    this.#capacities.push(0);
  }

  largestFlow(source: number, sink: number): number {
    let flow = 0;
    for (let path = this.#path(source, sink); path !== null; path = this.#path(source, sink)) {
      const amount = Math.min(...path.map((arc) => this.#capacities[arc] ?? 0));
      for (const arc of path) {
        this.#capacities[arc] = (this.#capacities[arc] ?? 0) - amount;
        this.#capacities[arc ^ 1] = (this.#capacities[arc ^ 1] ?? 0) + amount;
      }
      flow += amount;
    }
    return flow;
  }

  /** Arcs of a shortest path that has room; null where there is none. */
  #path(source: number, sink: number): readonly number[] | null {
    const arrivedBy = new Map<number, number>();
    const queue = [source];
    for (const from of queue) {
      for (const arc of this.#arcsOf[from] ?? []) {
        const to = this.#targets[arc] ?? source;
        if (to === source || arrivedBy.has(to) || (this.#capacities[arc] ?? 0) <= 0) continue;
        arrivedBy.set(to, arc);
        if (to === sink) return this.#walkBack(source, sink, arrivedBy);
        queue.push(to);
      }
    }
    return null;
  }

  #walkBack(source: number, sink: number, arrivedBy: ReadonlyMap<number, number>): readonly number[] {
    const path: number[] = [];
    for (let at = sink; at !== source; at = this.#targets[(path.at(-1) ?? 0) ^ 1] ?? source)
      path.push(arrivedBy.get(at) ?? 0);
    return path;
  }
}

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

/** Dinitz: all shortest paths that take more, round after round. An arc and its reverse stand side by side. */
class Network {
  readonly #arcsOf: number[][];
  readonly #targets: number[] = [];
  readonly #capacities: number[] = [];
  /** Steps from the source in this round; -1 for what it does not reach. */
  readonly #levels: Int32Array;
  /** The arc of each place that was not tried in vain in this round. */
  readonly #tried: Int32Array;

  constructor(size: number) {
    this.#arcsOf = Array.from({ length: size }, () => []);
    this.#levels = new Int32Array(size);
    this.#tried = new Int32Array(size);
  }

  add(from: number, to: number, capacity: number): void {
    if (capacity === 0) return;
    this.#arcsOf[from]?.push(this.#targets.length);
    this.#targets.push(to);
    this.#capacities.push(capacity);
    this.#arcsOf[to]?.push(this.#targets.length);
    this.#targets.push(from);
    this.#capacities.push(0);
  }

  largestFlow(source: number, sink: number): number {
    let flow = 0;
    while (this.#reaches(source, sink)) {
      this.#tried.fill(0);
      for (let path = this.#path(source, sink); path !== null; path = this.#path(source, sink)) {
        const amount = Math.min(...path.map((arc) => this.#room(arc)));
        for (const arc of path) {
          this.#capacities[arc] = this.#room(arc) - amount;
          this.#capacities[arc ^ 1] = this.#room(arc ^ 1) + amount;
        }
        flow += amount;
      }
    }
    return flow;
  }

  #room(arc: number): number {
    return this.#capacities[arc] ?? 0;
  }

  #level(place: number): number {
    return this.#levels[place] ?? -1;
  }

  #reaches(source: number, sink: number): boolean {
    this.#levels.fill(-1);
    this.#levels[source] = 0;
    const queue = [source];
    for (const from of queue) {
      for (const arc of this.#arcsOf[from] ?? []) {
        const to = this.#targets[arc] ?? source;
        if (this.#level(to) !== -1 || this.#room(arc) <= 0) continue;
        this.#levels[to] = this.#level(from) + 1;
        queue.push(to);
      }
    }
    return this.#level(sink) !== -1;
  }

  /** Arcs of one shortest path that has room; null where this round has no more. */
  #path(source: number, sink: number): readonly number[] | null {
    const path: number[] = [];
    let at = source;
    while (at !== sink) {
      const arc = this.#nextArc(at);
      if (arc !== undefined) {
        path.push(arc);
        at = this.#targets[arc] ?? source;
        continue;
      }
      const last = path.pop();
      if (last === undefined) return null;
      // Nothing leads on from here: not to be tried again in this round.
      this.#levels[at] = -1;
      at = this.#targets[last ^ 1] ?? source;
    }
    return path;
  }

  #nextArc(at: number): number | undefined {
    const arcs = this.#arcsOf[at] ?? [];
    for (let index = this.#tried[at] ?? 0; index < arcs.length; index += 1) {
      this.#tried[at] = index;
      const arc = arcs[index] ?? 0;
      if (this.#room(arc) > 0 && this.#level(this.#targets[arc] ?? -1) === this.#level(at) + 1) return arc;
    }
    this.#tried[at] = arcs.length;
    return undefined;
  }
}

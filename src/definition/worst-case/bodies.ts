import type { Edge, Graph, GraphNode } from "../graph-types";
import { largestAtOnce, type Order } from "./at-once";
import { costOf, timersAtOnce } from "./costs";

/** Items of one map, as `src/engine/nodes/map-items.ts` has it; a longer list fails with `ITEMS_INVALID`. */
export const MAX_MAP_ITEMS = 10_000;
/** Items at a time where the map does not say. */
const DEFAULT_MAP_CONCURRENCY = 10;

/** Tasks that the engine lets run at once: half of what Temporal takes, as cancelled ones stay until they have stopped. */
export const TASKS_AT_ONCE = 1_000;

/** `MAX_OPEN_BODIES` of `src/engine/limits.ts`: the engine holds back what is more. */
export const BODIES_AT_ONCE = 2_000;

/** It lets each map and loop, itself in one of them, have its first one whatever is open. */
const MAX_OPEN_BODIES = 2 * BODIES_AT_ONCE;

/** What goes on at the same time, at worst. */
export interface AtOnce {
  /** Tasks that are ready to run. The engine holds back what is more than 1,000. */
  readonly activities: number;
  /** Child workflows. */
  readonly children: number;
  readonly timers: number;
  /** Instances of nodes that the state holds. */
  readonly instances: number;
  /** Bodies of maps and loops that are ready to run. The engine holds back what is more than 2,000. */
  readonly bodies: number;
}

export const NONE_AT_ONCE: AtOnce = { activities: 0, children: 0, timers: 0, instances: 0, bodies: 0 };

/** How many bodies a node runs in all, at most; 0 for one without a body. */
export function timesOf(node: GraphNode): number {
  switch (node.type) {
    case "map":
      return typeof node.config.items === "string" ? MAX_MAP_ITEMS : node.config.items.length;
    case "loop":
      return node.config.max_iterations;
    default:
      return 0;
  }
}

/** How many of them at the same time. */
export function bodiesAtOnce(node: GraphNode): number {
  if (node.type !== "map") return Math.min(1, timesOf(node));
  return Math.min(node.config.concurrency ?? DEFAULT_MAP_CONCURRENCY, timesOf(node));
}

/** What one node has going at the same time, with what is in its body. */
export function nodeAtOnce(node: GraphNode, body: AtOnce): AtOnce {
  const bodies = bodiesAtOnce(node);
  const { activities, children } = costOf(node);
  return {
    activities: activities + bodies * body.activities,
    children: children + bodies * body.children,
    timers: timersAtOnce(node) + bodies * body.timers,
    instances: 1 + bodies * body.instances,
    bodies: bodies * (1 + body.bodies),
  };
}

/** What a graph has going at the same time, at the worst moment of each. */
export function graphAtOnce(graph: Graph, nodes: readonly AtOnce[]): AtOnce {
  const order = orderOf(graph);
  const most = (weight: (node: AtOnce) => number) => largestAtOnce(nodes.map(weight), order);
  return {
    activities: most(({ activities }) => activities),
    children: most(({ children }) => children),
    timers: most(({ timers }) => timers),
    // A graph's own nodes stay in its state for as long as it runs; those of bodies go with them.
    instances: nodes.length + most(({ instances }) => instances - 1),
    bodies: most(({ bodies }) => bodies),
  };
}

/** No less than `graphAtOnce` gives and quick to tell: as if no node waited for another. */
export function sumAtOnce(nodes: readonly AtOnce[]): AtOnce {
  const sum = (amount: (node: AtOnce) => number) => nodes.reduce((total, node) => total + amount(node), 0);
  return {
    activities: sum(({ activities }) => activities),
    children: sum(({ children }) => children),
    timers: sum(({ timers }) => timers),
    instances: sum(({ instances }) => instances),
    bodies: sum(({ bodies }) => bodies),
  };
}

/** What goes on at once, as the engine holds back bodies. `main` is what the graph has going by itself, `bodies` what each body has. */
export function heldBack(most: AtOnce, main: AtOnce, bodies: readonly AtOnce[]): AtOnce {
  const held = (amount: (one: AtOnce) => number) =>
    Math.min(amount(most), amount(main) + MAX_OPEN_BODIES * Math.max(0, ...bodies.map(amount)));
  return {
    activities: held(({ activities }) => activities),
    children: held(({ children }) => children),
    timers: held(({ timers }) => timers),
    instances: held(({ instances }) => instances),
    bodies: most.bodies,
  };
}

/** Larger of both, each for itself. */
export function worseOf(left: AtOnce, right: AtOnce): AtOnce {
  return {
    activities: Math.max(left.activities, right.activities),
    children: Math.max(left.children, right.children),
    timers: Math.max(left.timers, right.timers),
    instances: Math.max(left.instances, right.instances),
    bodies: Math.max(left.bodies, right.bodies),
  };
}

/** Which node of a graph has always ended before which. A join that does not wait for all says nothing of that. */
function orderOf({ nodes, edges }: Graph): Order {
  const positions = new Map(nodes.map(({ id }, position) => [id, position]));
  const forward = edges.filter((edge) => edge.loop !== true);
  const arriving = new Map<string, number>();
  for (const { target } of forward) arriving.set(target, (arriving.get(target) ?? 0) + 1);
  const waits = ({ target }: Edge): boolean => {
    const { join } = nodes[positions.get(target) ?? -1] ?? {};
    return join === undefined || join === "all" || arriving.get(target) === 1;
  };
  return forward
    .filter(waits)
    .map(({ source, target }) => [positions.get(source) ?? 0, positions.get(target) ?? 0] as const);
}

const rounds = new WeakMap<Graph, readonly number[]>();

/** How often each node of a graph runs while the graph runs once: again with each back edge from which it can be reached. */
export function roundsOf(graph: Graph): readonly number[] {
  const known = rounds.get(graph);
  if (known !== undefined) return known;
  const found = countRounds(graph);
  rounds.set(graph, found);
  return found;
}

function countRounds({ nodes, edges }: Graph): readonly number[] {
  const counts = new Map(nodes.map(({ id }) => [id, 1]));
  const targets = new Map<string, string[]>();
  for (const { source, target, loop } of edges) {
    if (loop === true) continue;
    const known = targets.get(source);
    if (known === undefined) targets.set(source, [target]);
    else known.push(target);
  }
  for (const { loop, target, max } of edges) {
    if (loop !== true || max === undefined) continue;
    for (const id of reachable(target, targets)) counts.set(id, (counts.get(id) ?? 1) + max);
  }
  return nodes.map(({ id }) => counts.get(id) ?? 1);
}

function reachable(start: string, targets: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const found = new Set([start]);
  for (const id of found) for (const target of targets.get(id) ?? []) found.add(target);
  return found;
}

import type { FoldedEvents, InstanceState } from "../events/fold-events";
import type { Drawing, DrawnGraph, DrawnNode } from "./drawing";
import type { ItemCounts, NodeState, NodeStatus } from "./node-state";

/** Where each node stands, of all its runs together, by node id; nodes of which nothing has been heard are not there. */
export function sumUp(
  drawing: Drawing,
  { instances, end }: FoldedEvents,
  nowMs: number,
): ReadonlyMap<string, NodeState> {
  const byNode = new Map<string, InstanceState[]>();
  for (const instance of instances) {
    const known = byNode.get(instance.nodeId);
    if (known === undefined) byNode.set(instance.nodeId, [instance]);
    else known.push(instance);
  }
  const states = new Map<string, NodeState>();
  const endMs = end?.atMs ?? nowMs;
  for (const graph of [drawing.main, ...drawing.sections.map((section) => section.graph)])
    sumUpGraph(graph, [], { byNode, states, endMs });
  return states;
}

interface Sums {
  readonly byNode: ReadonlyMap<string, readonly InstanceState[]>;
  readonly states: Map<string, NodeState>;
  readonly endMs: number;
}

function sumUpGraph(graph: DrawnGraph, mapsAround: readonly DrawnNode[], sums: Sums): void {
  for (const node of graph.nodes) {
    const all = sums.byNode.get(node.id) ?? [];
    const isCompensated = all.some((one) => one.isCompensation && one.status === "completed");
    const runs = all.filter((one) => !one.isCompensation);
    // A map without a body runs its items' tasks under its own id.
    const own = runs.filter(({ items }) => items.length === mapsAround.length);
    const state = stateOf(own, mapsAround, sums);
    if (state !== undefined) {
      const items = node.kind === "map" ? itemsOf(node, own, runs, sums) : undefined;
      sums.states.set(node.id, {
        ...state,
        ...(items === undefined ? {} : { items }),
        ...(isCompensated ? { isCompensated } : {}),
      });
    }
    if (node.body !== undefined) sumUpGraph(node.body, node.kind === "map" ? [...mapsAround, node] : mapsAround, sums);
  }
}

function stateOf(own: readonly InstanceState[], mapsAround: readonly DrawnNode[], sums: Sums): NodeState | undefined {
  const latest = latestOf(own);
  if (latest === undefined) return undefined;
  if (mapsAround.length === 0) return single(latest, sums.endMs);
  const runs = latestOfEachItem(own.filter((one) => isSame(one.round, latest.round)));
  if (runs.length === 1) return { ...single(latest, sums.endMs), items: countsOf(runs, undefined) };
  const total =
    mapsAround.length === 1 ? latestOf(sums.byNode.get(mapsAround[0]?.id ?? "") ?? [])?.itemCount : undefined;
  return { status: statusOf(runs), items: countsOf(runs, total) };
}

function single(run: InstanceState, endMs: number): NodeState {
  const { status, attempt, code, iterations } = run;
  const iteration = iterations.at(-1);
  const durationMs = run.durationMs ?? (status === "running" ? Math.max(0, endMs - run.enteredAtMs) : undefined);
  return {
    status,
    ...(attempt === undefined ? {} : { attempt }),
    ...(iteration === undefined ? {} : { iteration }),
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(code === undefined ? {} : { code }),
  };
}

/** How far a map is. What is inside it tells while it runs; once it has ended, it says so itself. */
function itemsOf(
  node: DrawnNode,
  own: readonly InstanceState[],
  runs: readonly InstanceState[],
  { byNode }: Sums,
): ItemCounts | undefined {
  const map = latestOf(own);
  if (map === undefined) return undefined;
  const total = map.itemCount;
  if (map.failedCount !== undefined && total !== undefined)
    return { total, done: total - map.failedCount, failed: map.failedCount };
  const depth = map.items.length + 1;
  const inside = node.body === undefined ? runs : node.body.nodes.flatMap(({ id }) => byNode.get(id) ?? []);
  const ofThis = inside.filter(
    ({ items, round }) => items.length === depth && isSame(items.slice(0, -1), map.items) && isSame(round, map.round),
  );
  const byItem = new Map<number, InstanceState[]>();
  for (const run of ofThis) {
    const item = run.items.at(-1) ?? 0;
    byItem.set(item, [...(byItem.get(item) ?? []), run]);
  }
  // An item is done when nothing of it runs any more; how it ended is how its last node did.
  const ends = [...byItem.values()]
    .filter((one) => one.every(({ status }) => status !== "running"))
    .flatMap((one) => latestOf(one) ?? []);
  return countsOf(ends, total);
}

function countsOf(runs: readonly InstanceState[], total: number | undefined): ItemCounts {
  const count = (...statuses: readonly NodeStatus[]) => runs.filter(({ status }) => statuses.includes(status)).length;
  return { ...(total === undefined ? {} : { total }), done: count("completed", "skipped"), failed: count("failed") };
}

/** Of several runs: what most needs to be seen. */
function statusOf(runs: readonly InstanceState[]): NodeStatus {
  const order = ["running", "failed", "cancelled", "completed", "skipped"] as const;
  return order.find((status) => runs.some((run) => run.status === status)) ?? "pending";
}

function latestOf(runs: readonly InstanceState[]): InstanceState | undefined {
  let latest: InstanceState | undefined;
  for (const run of runs) if (latest === undefined || run.order >= latest.order) latest = run;
  return latest;
}

/** Inside the body of a map, loops go round for each item by itself. */
function latestOfEachItem(runs: readonly InstanceState[]): readonly InstanceState[] {
  const byItem = new Map<string, InstanceState>();
  for (const run of runs) {
    const key = run.items.join(",");
    const known = byItem.get(key);
    if (known === undefined || run.order >= known.order) byItem.set(key, run);
  }
  return [...byItem.values()];
}

function isSame(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((number, index) => number === other[index]);
}

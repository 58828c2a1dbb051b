import { parseInstance } from "../../events/instance";
import type { LiveModel } from "./live-fold";
import type { Skeleton, SkeletonNode } from "./skeleton";

type InstanceState = LiveModel["instances"][number];

/** A task that has failed at least once, and is not given up. */
export interface RetryState {
  readonly attempt: number;
  readonly maxAttempts: number | null;
  /** Null while the attempt runs. */
  readonly nextAtMs: number | null;
  readonly error: string;
}

export type RowStatus = "pending" | "running" | "waiting" | "completed" | "failed" | "skipped" | "cancelled";

/** One line of the list of nodes: a node, or one of its instances. */
export interface Row {
  /** Unique among the rows. */
  readonly key: string;
  /** The instance that it shows, and that can be steered; of several the one that was heard of last. */
  readonly instanceId: string;
  readonly label: string;
  readonly depth: number;
  readonly type: string;
  readonly status: RowStatus;
  readonly instance: InstanceState | null;
  readonly retry: RetryState | null;
  /** Of a node with several instances. */
  readonly group: Counts | null;
  /** Null where there is nothing in it. */
  readonly isFolded: boolean | null;
}

export interface Counts {
  readonly total: number;
  readonly running: number;
  readonly failed: number;
  /** Completed, skipped or cancelled. */
  readonly done: number;
}

/** What of the nodes is shown. */
export interface RowChoice {
  /** Keys of rows that are not folded or unfolded as they would be. */
  readonly toggled: ReadonlySet<string>;
  readonly states: StateFilter;
  /** Part of an id, a name or a type, in upper or lower case. */
  readonly text: string;
}

export const STATE_FILTERS = ["all", "active", "failed"] as const;
export type StateFilter = (typeof STATE_FILTERS)[number];

export interface RowSource {
  readonly model: LiveModel;
  readonly skeleton: Skeleton;
  readonly retries: ReadonlyMap<string, RetryState>;
}

/**
 * The nodes in the order of the definition, then what it does not know. A node with several instances is one line that can be
 * unfolded; with a filter all instances that match are shown, one below the other.
 */
export function rowsOf(source: RowSource, choice: RowChoice): readonly Row[] {
  const byNode = new Map<string, InstanceState[]>();
  for (const instance of source.model.instances) {
    const known = byNode.get(instance.nodeId);
    if (known === undefined) byNode.set(instance.nodeId, [instance]);
    else known.push(instance);
  }
  const building: Building = {
    source,
    choice,
    byNode,
    rows: [],
    isFlat: choice.states !== "all" || choice.text !== "",
  };
  for (const node of source.skeleton.nodes) addNode(building, node, 0);
  // What a definition of another version, or none, does not tell of.
  for (const [id, [first]] of byNode) addNode(building, { id, name: "", type: first?.nodeType ?? "", body: [] }, 0);
  return building.isFlat ? building.rows.filter((row) => matches(row, choice)) : building.rows;
}

interface Building {
  readonly source: RowSource;
  readonly choice: RowChoice;
  /** Without those of the nodes that have been added. */
  readonly byNode: Map<string, InstanceState[]>;
  readonly rows: Row[];
  /** Everything is shown, and nothing folded. */
  readonly isFlat: boolean;
}

/** `itemCount`: how many items the map around it has; absent where there is none, or where it is not known. */
function addNode(building: Building, node: SkeletonNode, depth: number, itemCount?: number): void {
  const { byNode, rows, source, choice } = building;
  const instances = byNode.get(node.id) ?? [];
  byNode.delete(node.id);
  // A map of tasks, and the tasks that it runs, have one id.
  const isOwn = (one: InstanceState) => one.nodeType === node.type || one.nodeType === "";
  const own = instances.filter(isOwn);
  const inner = instances.filter((one) => !isOwn(one));
  const shown = inner.length > 0 && own.length === 1 ? inner : instances;
  const isGroup = inner.length > 0 || instances.length > 1;
  const isFolded = !isGroup && node.body.length === 0 ? null : isGroup !== choice.toggled.has(node.id);
  const parts = { node, depth, isFolded: building.isFlat ? null : isFolded, retries: source.retries };
  // Of a map in a map each item has items of its own.
  const items = own.length === 1 ? own[0]?.itemCount : undefined;
  const latest = latestOf(shown.length > 0 ? shown : instances);
  if (isGroup) {
    if (!building.isFlat) rows.push(groupRow(parts, shown, own[0] ?? latest, latest, itemCount));
    if (building.isFlat || isFolded === false)
      for (const one of building.isFlat ? instances : shown) rows.push(instanceRow(one, depth + 1, source.retries));
  } else rows.push(nodeRow(parts, latest));
  if (building.isFlat || isFolded !== true || isGroup)
    for (const inside of node.body) addNode(building, inside, depth + 1, items);
  else for (const inside of node.body) drop(byNode, inside);
}

/** A node that is not shown is not unknown. */
function drop(byNode: Building["byNode"], node: SkeletonNode): void {
  byNode.delete(node.id);
  for (const inside of node.body) drop(byNode, inside);
}

interface Parts {
  readonly node: SkeletonNode;
  readonly depth: number;
  readonly isFolded: boolean | null;
  readonly retries: RowSource["retries"];
}

function nodeRow({ node, depth, isFolded, retries }: Parts, instance: InstanceState | undefined): Row {
  const instanceId = instance?.id ?? node.id;
  return {
    key: node.id,
    instanceId,
    label: instanceId,
    depth,
    type: instance?.nodeType || node.type,
    status: statusOf(instance),
    instance: instance ?? null,
    retry: retryOf(instance, retries),
    group: null,
    isFolded,
  };
}

function instanceRow(instance: InstanceState, depth: number, retries: RowSource["retries"]): Row {
  return {
    key: `${instance.id} `,
    instanceId: instance.id,
    label: instance.id,
    depth,
    type: instance.nodeType,
    status: statusOf(instance),
    instance,
    retry: retryOf(instance, retries),
    group: null,
    isFolded: null,
  };
}

/** `own` is the map itself where its items have its id. */
function groupRow(
  { node, depth, isFolded, retries }: Parts,
  instances: readonly InstanceState[],
  own: InstanceState | undefined,
  latest: InstanceState | undefined,
  itemCount: number | undefined,
): Row {
  const group = countsOf(instances, own?.itemCount ?? itemCount);
  const isMap = own !== undefined && !instances.includes(own);
  const open = instances.find(({ status }) => status === "running");
  const waiting = instances.find((one) => statusOf(one) === "waiting");
  const status = isMap ? statusOf(own) : groupStatus(group, open, waiting);
  const shown = waiting ?? open ?? latest;
  return {
    key: node.id,
    instanceId: shown?.id ?? node.id,
    label: node.id,
    depth,
    type: node.type,
    status,
    instance: (isMap ? own : latest) ?? null,
    retry: retryOf(shown, retries),
    group,
    isFolded,
  };
}

function groupStatus(group: Counts, open: InstanceState | undefined, waiting: InstanceState | undefined): RowStatus {
  if (waiting !== undefined) return "waiting";
  if (open !== undefined) return "running";
  return group.failed > 0 ? "failed" : "completed";
}

function countsOf(instances: readonly InstanceState[], itemCount: number | undefined): Counts {
  let running = 0;
  let failed = 0;
  for (const { status } of instances) {
    if (status === "running") running += 1;
    if (status === "failed") failed += 1;
  }
  const total = Math.max(instances.length, itemCount ?? 0);
  return { total, running, failed, done: instances.length - running - failed };
}

function latestOf(instances: readonly InstanceState[]): InstanceState | undefined {
  let latest = instances[0];
  for (const one of instances) if (latest === undefined || one.order > latest.order) latest = one;
  return latest;
}

function statusOf(instance: InstanceState | undefined): RowStatus {
  if (instance === undefined) return "pending";
  return instance.status === "running" && instance.waitsFor !== undefined ? "waiting" : instance.status;
}

function retryOf(instance: InstanceState | undefined, retries: RowSource["retries"]): RetryState | null {
  return instance?.status === "running" ? (retries.get(instance.id) ?? null) : null;
}

function matches(row: Row, { states, text }: RowChoice): boolean {
  const isWanted =
    states === "all" || (states === "failed" ? row.status === "failed" || row.retry !== null : isActive(row));
  const wanted = text.toLowerCase();
  return isWanted && (row.label.toLowerCase().includes(wanted) || row.type.toLowerCase().includes(wanted));
}

function isActive({ status }: Row): boolean {
  return status === "running" || status === "waiting" || status === "failed";
}

/** How many nodes have each status: each instance counts, and each node of which none has been heard. */
export function statusCounts({ model, skeleton }: RowSource): ReadonlyMap<RowStatus, number> {
  const counts = new Map<RowStatus, number>();
  const count = (status: RowStatus) => counts.set(status, (counts.get(status) ?? 0) + 1);
  const heard = new Set<string>();
  for (const instance of model.instances) {
    heard.add(instance.nodeId);
    count(statusOf(instance));
  }
  const countPending = (node: SkeletonNode) => {
    if (!heard.has(node.id)) count("pending");
    for (const inside of node.body) countPending(inside);
  };
  for (const node of skeleton.nodes) countPending(node);
  return counts;
}

/** Where the row of an instance is; that of its node where it is folded; -1 where neither is shown. */
export function indexOfInstance(rows: readonly Row[], instanceId: string): number {
  const exact = rows.findIndex((row) => row.group === null && row.instanceId === instanceId);
  if (exact >= 0) return exact;
  const nodeId = parseInstance(instanceId)?.nodeId;
  return rows.findIndex((row) => row.key === nodeId);
}

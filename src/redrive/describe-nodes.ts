import { allNodes, isTaskMap } from "../definition/bodies";
import type { DefinitionSnapshot, GraphNode, MapNode, TaskCall } from "../definition/graph-types";
import { viewNodes } from "../engine/engine";
import type { NodeStatus } from "../engine/engine-types";
import { instanceId } from "../engine/instance-id";
import type { NodeChanges } from "./changed-nodes";
import { nodesLeft } from "./nodes-left";
import type { PastNode } from "./past-run";
import type { PlannedNode, RedriveAction, RedriveQuestion } from "./redrive-types";
import { bodiesOf, handlerNodes, idOf, type Trial } from "./trial-run";

/** Instances that a plan names of one node; more do not help. */
const MAX_NAMED = 100;

interface Planned {
  readonly question: RedriveQuestion;
  readonly changes: NodeChanges;
  readonly trial: Trial;
}

/** What becomes of each node. */
export function describeNodes(planned: Planned): readonly PlannedNode[] {
  const { question, changes } = planned;
  const { after, before } = question;
  const describer = new Describer(planned);
  const present = allNodes(after.definition).map(({ node }) => describer.node(node));
  const gone = allNodes(before.definition)
    .filter(({ node }) => changes.removed.has(node.id))
    .map(({ node }) => ({ ...BARE, nodeId: node.id, nodeType: node.type, action: "DISAPPEARS" as const }));
  return [...present, ...gone];
}

const BARE = { reused: 0, again: [], repeatsEffects: false, reason: "" } as const;

class Describer {
  readonly #planned: Planned;
  /** By node. */
  readonly #past: ReadonlyMap<string, readonly PastNode[]>;
  /** Instance ids that end as they did, with what was in them. */
  readonly #reused: ReadonlySet<string>;
  /** How nodes of whole graphs stood at the end of the trial. */
  readonly #reached: ReadonlyMap<string, NodeStatus>;
  /** Of which something runs, or may yet be entered. */
  readonly #left: ReadonlySet<string>;
  /** Of which an instance is entered that was not started before, be it that it ends at once. */
  readonly #first: ReadonlySet<string>;
  readonly #handlers: ReadonlyMap<string, "on_failure" | "finally">;
  readonly #bodies: ReadonlyMap<string, ReadonlySet<string>>;
  /** Of nodes in bodies: the map or loop of a whole graph that they are in. */
  readonly #owners: ReadonlyMap<string, string>;

  constructor(planned: Planned) {
    const { question, trial } = planned;
    this.#planned = planned;
    this.#past = byNode(question.past.nodes);
    // Whole graphs come first, and an id is in one graph only.
    this.#reached = new Map(
      viewNodes(trial.state)
        .toReversed()
        .map(({ id, status }) => [idOf(id), status]),
    );
    this.#left = nodesLeft(question.after.definition, trial.state);
    const started = new Set(question.past.nodes.filter(({ wasStarted }) => wasStarted).map(({ id }) => id));
    this.#first = new Set([...trial.entered].filter((id) => !started.has(id) && !trial.taken.has(id)).map(idOf));
    this.#handlers = handlerNodes(question.after.definition);
    this.#bodies = bodiesOf(question.after.definition);
    // From the outermost inwards, so that the first word holds.
    const owners = [...this.#bodies].flatMap(([owner, inside]) => [...inside].map((id) => [id, owner] as const));
    this.#owners = new Map(owners.filter(([id, owner]) => id !== owner).toReversed());
    this.#reused = withContents(planned, this.#bodies, this.#past);
  }

  node(node: GraphNode): PlannedNode {
    const { question, changes } = this.#planned;
    const past = this.#past.get(node.id) ?? [];
    const reused = past.filter(({ id }) => this.#reused.has(id));
    const again = past.filter(({ id, wasStarted }) => wasStarted && !this.#reused.has(id) && !question.outputs.has(id));
    const isInjected = [...question.outputs.keys()].some((name) => idOf(name) === node.id);
    const action = this.#action(node, { reused, again, isInjected });
    const repeats = action === "RUNS_AGAIN" && actsOnTheWorld(node, question.after);
    return {
      nodeId: node.id,
      nodeType: node.type,
      action,
      reused: reused.length,
      again: action === "RUNS_AGAIN" ? again.slice(0, MAX_NAMED).map(({ id }) => id) : [],
      repeatsEffects: repeats && again.some((one) => hasActed(node, one)),
      reason: changes.added.has(node.id) ? "" : this.#reason(node, action, again),
    };
  }

  #action(
    node: GraphNode,
    { reused, again, isInjected }: { reused: readonly PastNode[]; again: readonly PastNode[]; isInjected: boolean },
  ): RedriveAction {
    const { changes } = this.#planned;
    if (isInjected && again.length === 0) return "INJECTED";
    if (changes.added.has(node.id)) return "NEW";
    if (this.#handlers.has(node.id)) return again.length > 0 ? "RUNS_AGAIN" : "RUNS";
    const reached = this.#reached.get(this.#owners.get(node.id) ?? node.id);
    if (reached === "skipped" || reached === "cancelled") return "SKIPPED";
    const wasThere = again.length > 0 || reused.length > 0;
    const isLeft = this.#left.has(node.id) || this.#first.has(node.id);
    // Reused whole, or gone through once more by what is reused.
    if ((reached === "completed" || reached === "failed") && wasThere && !isLeft) return "REUSED";
    if (again.length > 0) return "RUNS_AGAIN";
    // In a body that goes on without it.
    return reused.length > 0 && !isLeft ? "REUSED" : "RUNS";
  }

  #reason(node: GraphNode, action: RedriveAction, again: readonly PastNode[]): string {
    const { question, changes } = this.#planned;
    const handler = this.#handlers.get(node.id);
    if (handler === "finally") return "it runs at the end of each execution";
    if (handler === "on_failure") return "it runs where the graph fails";
    if (action === "REUSED") return this.#reusedReason(node, again);
    if (action !== "RUNS_AGAIN") return "";
    const { from } = question;
    const named = from.filter((name) => idOf(name) === node.id);
    if (named.length > 0) return named.includes(node.id) ? "redriven from here" : `redriven from ${named.join(", ")}`;
    if (changes.changed.has(node.id)) return "its definition has changed";
    const failed = again.find(({ status }) => status === "failed");
    if (failed?.failure !== undefined) return `it failed: ${failed.failure.code}`;
    if (again.some(({ id }) => question.past.compensated.has(id))) return "what it did was undone";
    if (again.some(({ status }) => status === "running")) return "it still runs";
    if (again.some(({ status }) => status === "cancelled")) return "it was cancelled";
    const isLost = again.some(({ status, output }) => status === "completed" && output === undefined);
    if (isLost && this.#reached.get(node.id) === "running") return "its output is not in the history";
    const inside = this.#bodies.get(node.id) ?? new Set();
    const isEntered = [...inside].some((id) => (this.#past.get(id) ?? []).some((one) => this.#reused.has(one.id)));
    if (isEntered || question.from.some((name) => inside.has(idOf(name)))) return "something in it runs";
    return "it comes after something that runs";
  }

  #reusedReason(node: GraphNode, again: readonly PastNode[]): string {
    const { question } = this.#planned;
    const parts: string[] = [];
    // Nothing was taken over of a switch, for one: it decides once more.
    if (again.length > 0) parts.push("it is evaluated once more");
    else if (question.isInputNew && /\binput\b/.test(JSON.stringify({ when: node.when, config: node.config })))
      parts.push("it may have seen the old input");
    if (node.type === "task" && node.compensate !== undefined) parts.push("undone if the new execution fails");
    return parts.join("; ");
  }
}

/** Of maps and loops that are reused whole, all that ran in them. */
function withContents(
  { trial }: Planned,
  bodies: ReadonlyMap<string, ReadonlySet<string>>,
  past: ReadonlyMap<string, readonly PastNode[]>,
): ReadonlySet<string> {
  const reused = new Set(trial.taken.keys());
  for (const [owner, inside] of bodies) {
    const owners = (past.get(owner) ?? []).filter(({ nodeType }) => nodeType === "map" || nodeType === "loop");
    const ids = new Set(owners.map(({ id }) => id));
    if (ids.size === 0) continue;
    for (const { id } of [...inside].flatMap((nodeId) => past.get(nodeId) ?? [])) {
      const around = innermost(owner, ids, id);
      if (around !== undefined && trial.taken.has(around)) reused.add(id);
    }
  }
  return reused;
}

/** The instance of a map or loop whose numbers those of an instance in it begin with. */
function innermost(owner: string, instances: ReadonlySet<string>, id: string): string | undefined {
  const numbers = id.slice(idOf(id).length).match(/[[#]\d+\]?/g) ?? [];
  for (let count = numbers.length; count >= 0; count -= 1) {
    const around = instanceId(owner, numbers.slice(0, count).join(""));
    if (around !== id && instances.has(around)) return around;
  }
  return undefined;
}

function byNode(nodes: readonly PastNode[]): ReadonlyMap<string, readonly PastNode[]> {
  const found = new Map<string, PastNode[]>();
  for (const one of nodes) {
    const others = found.get(one.nodeId);
    if (others === undefined) found.set(one.nodeId, [one]);
    else others.push(one);
  }
  return found;
}

/** A node of a kind that does something outside: it was started, so it may have done it. */
function actsOnTheWorld(node: GraphNode, snapshot: DefinitionSnapshot): boolean {
  switch (node.type) {
    case "task":
      return taskTypeOf(node.config, snapshot) !== "noop";
    case "map":
      return isTaskMap(node) && taskTypeOf((node as MapNode).config.task, snapshot) !== "noop";
    case "workflow":
      return true;
    case "transform":
    case "switch":
    case "loop":
    case "wait":
    case "signal":
    case "approval":
    case "fail":
    case "end":
      return false;
  }
}

function hasActed(node: GraphNode, one: PastNode): boolean {
  // Of a map's tasks, not of the map that has their id.
  return node.type !== "map" || one.nodeType !== "map";
}

function taskTypeOf(call: TaskCall | undefined, { tasks }: DefinitionSnapshot): string | undefined {
  if (call === undefined) return undefined;
  return "task_type" in call ? call.task_type : tasks[call.task_id]?.taskType;
}

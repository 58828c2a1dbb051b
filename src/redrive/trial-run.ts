import { allNodes, bodyOf, graphsOf } from "../definition/bodies";
import type { Definition, GraphNode } from "../definition/graph-types";
import { type EngineState, type StepResult, start, step } from "../engine/engine";
import type { RunOutcome } from "../engine/engine-types";
import { MAIN_FRAME } from "../engine/frame-ids";
import type { NodeSeed, SeededEnd } from "../engine/seeds";
import { tableEntries } from "../engine/table";
import type { NodeChanges } from "./changed-nodes";
import type { PastNode } from "./past-run";
import type { RedriveQuestion } from "./redrive-types";

/** How far the new run would come by what is there already: nothing runs, and what has to run stays where it is. */
export interface Trial {
  readonly state: EngineState;
  /** The seeds that nodes took. What was not reached depends on something that runs again, so it does too. */
  readonly taken: ReadonlyMap<string, SeededEnd>;
  /** Instance ids that were entered without a seed: they have ended where it takes no more than expressions. */
  readonly entered: ReadonlySet<string>;
}

/** More than the largest graph yields. */
const MAX_YIELDS = 100_000;

/** Plays the graph on what is known of the past run. */
export function tryRun(question: RedriveQuestion, stops: readonly string[], seeds: readonly NodeSeed[]): Trial {
  const { after, input, executionId, nowMs } = question;
  const seeded = { from: executionId, ends: seeds, held: stops };
  const entered = new Set<string>();
  const noted = (result: StepResult): StepResult => {
    for (const { kind, nodeId } of result.journal) if (kind === "entered") entered.add(nodeId);
    return result;
  };
  let result = noted(start(after, input, { id: executionId }, nowMs, {}, seeded));
  for (let yields = 0; result.commands.some(({ type }) => type === "yield") && yields < MAX_YIELDS; yields += 1)
    result = noted(step(result.state, { type: "go_on" }, nowMs));
  const left = new Set(tableEntries(result.state.seeds?.ends ?? {}).map(([id]) => id));
  const taken = seeds.filter(({ nodeId }) => !left.has(nodeId)).map(({ nodeId, ...end }) => [nodeId, end] as const);
  return { state: result.state, taken: new Map(taken), entered };
}

/** A node failed in the trial, so it would at once in the new run. */
export function hasFailed({ state }: Trial): boolean {
  return graphOutcome(state)?.status === "failed";
}

/** Instance id of the node by which the graph failed; undefined where it did not, or by its own output. */
export function failedNode({ state }: Trial): string | undefined {
  const outcome = graphOutcome(state);
  return outcome?.status === "failed" ? outcome.nodeId : undefined;
}

/** Something of the graph itself is left to be run. */
export function hasWork({ state }: Trial): boolean {
  return state.phase === "graph";
}

function graphOutcome({ outcome, frames }: EngineState): RunOutcome | undefined {
  return outcome ?? tableEntries(frames).find(([id]) => id === MAIN_FRAME)?.[1].ending;
}

/** How the instances of the past run end where they are not run again; what cannot be known of one is left out. */
export function seedsOf(question: RedriveQuestion, changes: NodeChanges, keepsFailures: boolean): readonly NodeSeed[] {
  const { past, after } = question;
  const nodes = new Map(allNodes(after.definition).map(({ node }) => [node.id, node]));
  const entered = ownersToEnter(question, changes);
  const handlers = handlerNodes(after.definition);
  return past.nodes.flatMap((one): NodeSeed[] => {
    const node = nodes.get(one.nodeId);
    if (node === undefined || handlers.has(node.id) || past.compensated.has(one.id)) return [];
    // A map's one task has the id of the map: the numbers tell them apart.
    if (entered.has(node.id) && isOwnerItself(node, one)) return [];
    const end = seededEnd(node, one, keepsFailures);
    return end === undefined ? [] : [{ nodeId: one.id, ...end }];
  });
}

function seededEnd(node: GraphNode, one: PastNode, keepsFailures: boolean): SeededEnd | undefined {
  // These decide from what they see, and nothing comes of deciding once more; what a switch picked is not in the stream.
  if (node.type === "switch" || node.type === "end" || node.type === "fail") return undefined;
  switch (one.status) {
    case "completed":
      if (one.output === undefined) return undefined;
      return { status: "completed", output: one.output, ...(one.isUndoable ? { isUndoable: true } : {}) };
    case "failed":
      return keepsFailures && one.failure !== undefined ? { status: "failed", failure: one.failure } : undefined;
    case "skipped":
      return one.isSkippedByPerson ? { status: "skipped" } : undefined;
    case "pending":
    case "running":
    case "cancelled":
      return undefined;
  }
}

/**
 * Maps and loops that are not reused whole: something in them runs again or has changed, or can be undone, and the new run has to know
 * of each of these.
 */
function ownersToEnter({ after, from, outputs }: RedriveQuestion, changes: NodeChanges): ReadonlySet<string> {
  const named = new Set([...from, ...outputs.keys()].map(idOf));
  const concerned = new Set([...named, ...changes.added, ...changes.changed, ...changes.bodies]);
  const canUndo = (node: GraphNode): boolean =>
    node.type === "map" || node.type === "loop"
      ? bodyOf(node).nodes.some(canUndo)
      : node.type === "task" && node.compensate !== undefined;
  const bodies = bodiesOf(after.definition);
  const isEntered = (node: GraphNode) =>
    canUndo(node) || concerned.has(node.id) || [...(bodies.get(node.id) ?? [])].some((id) => concerned.has(id));
  const owners = allNodes(after.definition).filter(({ node }) => node.type === "map" || node.type === "loop");
  return new Set(owners.filter(({ node }) => isEntered(node)).map(({ node }) => node.id));
}

function isOwnerItself(node: GraphNode, one: PastNode): boolean {
  return one.nodeType === node.type;
}

/** They run at the end of each run. */
export function handlerNodes(definition: Definition): ReadonlyMap<string, "on_failure" | "finally"> {
  const found = new Map<string, "on_failure" | "finally">();
  for (const { graph, pointer } of graphsOf(definition))
    for (const { id } of graph.nodes) {
      if (pointer.startsWith("/on_failure")) found.set(id, "on_failure");
      if (pointer.startsWith("/finally")) found.set(id, "finally");
    }
  return found;
}

/** Ids of all that maps and loops have in their bodies, theirs included where it is that of their one task. */
export function bodiesOf(definition: Definition): ReadonlyMap<string, ReadonlySet<string>> {
  const inside = (node: GraphNode): readonly string[] =>
    node.type === "map" || node.type === "loop"
      ? bodyOf(node).nodes.flatMap((inner) => [inner.id, ...inside(inner)])
      : [];
  return new Map(allNodes(definition).map(({ node }) => [node.id, new Set(inside(node))]));
}

/** The node of an instance. */
export function idOf(instance: string): string {
  return instance.split(/[[#]/)[0] ?? instance;
}

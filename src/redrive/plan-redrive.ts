import { err, ok, type Result } from "../core/result";
import { allNodes } from "../definition/bodies";
import { meantHint, nearName } from "../definition/near-name";
import { Draft } from "../engine/draft";
import { locateNode } from "../engine/locate-node";
import type { NodeSeed } from "../engine/seeds";
import { type NodeChanges, nodeChanges } from "./changed-nodes";
import { describeNodes } from "./describe-nodes";
import type { PastNode } from "./past-run";
import type { RedrivePlan, RedriveProblem, RedriveQuestion } from "./redrive-types";
import { bodiesOf, failedNode, handlerNodes, hasFailed, hasWork, idOf, seedsOf, type Trial, tryRun } from "./trial-run";

/**
 * Says what a redrive would reuse and what it would run. It plays the graph on the past run's results, stopped where something is to
 * run again: what the graph still comes to is reused, and whatever lies behind runs again.
 */
export function planRedrive(question: RedriveQuestion): Result<RedrivePlan, readonly RedriveProblem[]> {
  const problems = [...nameProblems(question)];
  if (problems.length > 0) return err(problems);
  const changes = nodeChanges(question.before, question.after);
  if (hasNothingToDo(question, changes)) return err([{ message: NOTHING }]);
  const trial = settledTrial(question, changes);
  const unreached = placeProblems(question, trial);
  if (unreached.length > 0) return err(unreached);
  const seeds: NodeSeed[] = [
    ...Array.from(trial.taken, ([nodeId, end]) => ({ nodeId, ...end })),
    ...Array.from(
      question.outputs,
      ([nodeId, output]) => ({ nodeId, status: "completed", output, isInjected: true }) as const,
    ),
  ];
  return ok({ seeds, nodes: describeNodes({ question, changes, trial }) });
}

const NOTHING =
  "nothing of the execution failed or was left undone: name the nodes to run again (`from`), or give it another input, " +
  "output or version of the definition";

function hasNothingToDo(
  { past, from, outputs, isInputNew }: RedriveQuestion,
  { added, removed, changed }: NodeChanges,
) {
  if (from.length + outputs.size + added.size + removed.size + changed.size > 0 || isInputNew) return false;
  return past.isOver && past.nodes.every(({ status }) => status === "completed" || status === "skipped");
}

/** Failures that keep a trial from going on, one after the other, before all are taken to be such. */
const MAX_TRIALS = 20;

/**
 * A failure that the graph handled is kept, and what came of it is reused; one by which the new run would fail at once runs again. Where
 * that leaves nothing to be run but what ended the run on purpose, all that failed runs again.
 */
function settledTrial(question: RedriveQuestion, changes: NodeChanges): Trial {
  const named = [...question.from, ...question.outputs.keys(), ...changes.added, ...changes.changed];
  const failed = question.past.nodes.filter(({ status }) => status === "failed");
  const kept = withHandledFailures(question, changes, { named, failed });
  if (kept !== undefined) return kept;
  const bodies = bodiesOf(question.after.definition);
  const leaves = failed.filter((one) => !isUnfinishedInside(one, bodies, question));
  const inner = tryWithout(question, changes, [...named, ...leaves.map(({ id }) => id)]);
  // A loop that went round too often fails by itself, whatever is in it.
  return hasFailed(inner) ? tryWithout(question, changes, [...named, ...failed.map(({ id }) => id)]) : inner;
}

function tryWithout(question: RedriveQuestion, changes: NodeChanges, stops: readonly string[]): Trial {
  return tryRun(question, stops, seedsOf(question, changes, false));
}

/** Undefined where that leaves nothing to be run. */
function withHandledFailures(
  question: RedriveQuestion,
  changes: NodeChanges,
  { named, failed }: { readonly named: readonly string[]; readonly failed: readonly PastNode[] },
): Trial | undefined {
  const seeds = seedsOf(question, changes, true);
  const types = new Map(allNodes(question.after.definition).map(({ node }) => [node.id, node.type]));
  const bodies = bodiesOf(question.after.definition);
  const stops = new Set(named);
  for (let trials = 0; trials < MAX_TRIALS; trials += 1) {
    const trial = tryRun(question, [...stops], seeds);
    if (!hasFailed(trial)) return failed.length > 0 && !hasWork(trial) ? undefined : trial;
    const culprit = failedNode(trial);
    // The graph's own output: no node is at fault.
    if (culprit === undefined) return failed.length > 0 ? undefined : trial;
    const id = idOf(culprit);
    if (types.get(id) === "fail") return undefined;
    const inside = bodies.get(id) ?? new Set();
    const causes = failed
      .filter((one) => one.id === culprit || inside.has(one.nodeId))
      .filter((one) => !isUnfinishedInside(one, bodies, question) && !stops.has(one.id));
    if (causes.length === 0) return undefined;
    for (const { id: cause } of causes) stops.add(cause);
  }
  return undefined;
}

/** A map or loop that failed by something in it goes on with what is left of it. */
function isUnfinishedInside(
  one: PastNode,
  owners: ReadonlyMap<string, ReadonlySet<string>>,
  question: RedriveQuestion,
) {
  const inside = one.nodeType === "map" || one.nodeType === "loop" ? owners.get(one.nodeId) : undefined;
  if (inside === undefined) return false;
  return question.past.nodes.some(
    ({ nodeId, status, id }) => id !== one.id && inside.has(nodeId) && status !== "completed" && status !== "skipped",
  );
}

function* nameProblems({ from, outputs, after, past }: RedriveQuestion): Generator<RedriveProblem> {
  const nodes = new Map(allNodes(after.definition).map(({ node }) => [node.id, node]));
  const handlers = handlerNodes(after.definition);
  const bodies = bodiesOf(after.definition);
  const named = [
    ...from.map((name) => ({ field: "from", name }) as const),
    ...Array.from(outputs.keys(), (name) => ({ field: "outputs", name }) as const),
  ];
  for (const { field, name } of named) {
    const id = idOf(name);
    const node = nodes.get(id);
    const shown = `'${name.slice(0, 100)}'`;
    const handler = handlers.get(id);
    if (node === undefined)
      yield { field, message: `there is no node ${shown}${meantHint(nearName(id, nodes.keys()))}` };
    else if (handler !== undefined)
      yield { field, message: `${shown} is in \`${handler}\`, which runs when the graph has ended` };
    else if (field === "outputs" && (node.type === "end" || node.type === "fail" || node.type === "switch"))
      yield { field, message: `${shown} is of type ${node.type}, which has no output to be given` };
    else if (field === "outputs" && from.some((other) => other === name || other === id))
      yield { field, message: `${shown} cannot both run again and be given an output` };
    else if (field === "from" && name !== id && !past.nodes.some((one) => one.id === name))
      yield {
        field,
        message: `the execution has no instance ${shown}${instancesOf(id, past.nodes)}${insideHint(name, bodies.get(id), past.nodes)}`,
      };
  }
}

/** Instances that a message lists; `aco execution show` has the others. */
const MAX_LISTED = 10;

function instancesOf(nodeId: string, nodes: readonly PastNode[]): string {
  const ids = nodes.filter((one) => one.nodeId === nodeId).map(({ id }) => id);
  if (ids.length === 0) return "";
  return `; there are: ${ids.slice(0, MAX_LISTED).join(", ")}${ids.length > MAX_LISTED ? ", ..." : ""}`;
}

/** An item of a map, or an iteration of a loop, is no instance: what runs in it is. */
function insideHint(name: string, inside: ReadonlySet<string> | undefined, nodes: readonly PastNode[]): string {
  const suffix = name.slice(idOf(name).length);
  const ids = nodes.filter(({ nodeId, id }) => inside?.has(nodeId) && id === nodeId + suffix).map(({ id }) => id);
  return ids.length === 0 ? "" : `; what runs in it has names of its own: ${ids.slice(0, MAX_LISTED).join(", ")}`;
}

/** What is named has to be where the new run comes by. */
function placeProblems({ from, outputs, after, nowMs }: RedriveQuestion, { state }: Trial): readonly RedriveProblem[] {
  const ids = new Set(allNodes(after.definition).map(({ node }) => node.id));
  const draft = new Draft(state, nowMs);
  // Of a node that is named by its id all instances are meant, of which there may be many or none.
  const instances = from.filter((name) => !ids.has(name)).map((name) => ({ field: "from", name }) as const);
  const given = Array.from(outputs.keys(), (name) => ({ field: "outputs", name }) as const);
  return [...instances, ...given].flatMap(({ field, name }): RedriveProblem[] => {
    const located = locateNode(draft, name);
    if (located.status === "unknown") return [{ field, message: located.message }];
    if (located.status === "over")
      return [{ message: `'${name}' would not be reached in the new execution: ${located.message}` }];
    return [];
  });
}

import { isOrchestratorError } from "../../../core/errors";
import { parseExecutionId } from "../../../core/ids";
import type { ChildSeed } from "../../../engine/seeds";
import type { PastNode } from "../../../redrive/past-run";
import { planRedrive } from "../../../redrive/plan-redrive";
import type { PlannedNode, RedrivePlan, RedriveQuestion } from "../../../redrive/redrive-types";
import { childSnapshot } from "../../../workflows/child-snapshot";
import type { ApiContext } from "../../api-context";
import { readSource } from "./redrive-source";

/** Child executions whose histories one plan reads; further ones begin anew. */
const MAX_CHILDREN = 50;

interface PlannedRedrive {
  readonly question: Pick<RedriveQuestion, "past" | "from" | "after">;
  readonly plan: RedrivePlan;
}

/**
 * What the child runs that a redrive starts again may take over: those whose earlier ones failed, were cancelled or still run, with their
 * own child runs. One whose history is gone, and one that was named to run again, begins anew.
 */
export async function childSeeds(
  context: ApiContext,
  { question, plan }: PlannedRedrive,
  budget = { children: MAX_CHILDREN },
): Promise<readonly ChildSeed[]> {
  const again = new Set(plan.nodes.filter(({ action }) => action === "RUNS_AGAIN").flatMap((node) => node.again));
  const seeds: ChildSeed[] = [];
  for (const node of question.past.nodes) {
    const isNamed = question.from.some((name) => name === node.id || name === node.nodeId);
    if (node.status === "completed" || isNamed || !again.has(node.id) || budget.children <= 0) continue;
    const seed = await childSeed(context, node, question.after, budget);
    if (seed !== undefined) seeds.push(seed);
  }
  return seeds;
}

async function childSeed(
  context: ApiContext,
  { id, childId }: PastNode,
  parent: RedriveQuestion["after"],
  budget: { children: number },
): Promise<ChildSeed | undefined> {
  const source = childId === undefined ? undefined : await readChild(context, childId, budget);
  if (source?.kind !== "workflow" || childId === undefined) return undefined;
  const { run, past } = source;
  const workflow = parent.workflows?.[run.workflowId];
  if (workflow === undefined) return undefined;
  const after = childSnapshot(parent, workflow);
  const asked = { executionId: childId, past, before: run.snapshot, after, input: run.input, isInputNew: false };
  const planned = planRedrive({ ...asked, from: [], outputs: new Map(), nowMs: Date.now() });
  if (!planned.ok) return undefined;
  const inner = { question: { past, from: [], after }, plan: planned.value };
  const children = await childSeeds(context, inner, budget);
  const ends = planned.value.seeds;
  if (ends.length + children.length === 0) return undefined;
  const more = children.length === 0 ? {} : { children };
  return { nodeId: id, input: run.input, seeds: { from: childId, ends, ...more } };
}

async function readChild(context: ApiContext, childId: string, budget: { children: number }) {
  budget.children -= 1;
  const record = await context.store.getExecution(parseExecutionId(childId));
  if (record === null) return undefined;
  try {
    return await readSource(context, record);
  } catch (error) {
    if (isOrchestratorError(error) && error.code !== "UNAVAILABLE") return undefined;
    throw error;
  }
}

/** Says of the nodes which child executions they go on from. */
export function withChildren(nodes: readonly PlannedNode[], children: readonly ChildSeed[]): readonly PlannedNode[] {
  return nodes.map((node) => {
    const own = children.filter(({ nodeId }) => node.again.includes(nodeId));
    const [first] = own;
    if (first === undefined) return node;
    const which = own.length === 1 ? `execution ${first.seeds.from}` : `${own.length} child executions`;
    return { ...node, reason: `${node.reason}; goes on from where ${which} stopped` };
  });
}

import { type GraphAt, graphsOf } from "../bodies";
import type { Definition, Graph, TaskNode } from "../graph-types";
import { type AtOnce, BODIES_AT_ONCE, TASKS_AT_ONCE } from "./bodies";
import { durationMs, longestOfTask, plus, shorter, type TaskContext } from "./durations";
import type { NodeWorstCase } from "./worst-case";

interface RunFacts {
  readonly nodes: readonly NodeWorstCase[];
  readonly facts: ReadonlyMap<Graph, { readonly longestMs: number | null; readonly atOnce: AtOnce }>;
  /** How often each graph runs. */
  readonly runs: ReadonlyMap<GraphAt, number>;
  readonly context: TaskContext;
}

/** The graph, cut off by the run's timeout; then what is undone, one after another; then `on_failure` and `finally`. */
export function longestOfRun(definition: Definition, known: RunFacts): number | null {
  const { nodes, context } = known;
  const runsOf = new Map(nodes.map(({ id, type, runs }) => [`${type} ${id}`, runs]));
  const undone = graphsOf(definition)
    .flatMap(({ graph }) => graph.nodes)
    .filter((node): node is TaskNode & Required<Pick<TaskNode, "compensate">> => "compensate" in node)
    .map(({ id, compensate }) => {
      const onceMs = longestOfTask(compensate, undefined, undefined, context);
      return onceMs === null ? null : onceMs * (runsOf.get(`task ${id}`) ?? 1);
    });
  const mainMs = shorter(longestOfPhase(definition, "", known), durationMs(definition.timeout));
  const handlers = (["on_failure", "finally"] as const).map((name) => longestOfPhase(definition[name], name, known));
  return [...undone, ...handlers].reduce(plus, mainMs);
}

/**
 * The longest way through a graph. Where more may be ready than the engine lets run at once, the work of all together, shared by as many as
 * run, comes on top: no order in which they are started takes longer (Graham's bound for list scheduling).
 */
function longestOfPhase(graph: Graph | undefined, name: string, { nodes, facts, runs }: RunFacts): number | null {
  const phase = graph === undefined ? undefined : facts.get(graph);
  if (phase === undefined) return 0;
  const isHere = ({ pointer }: { readonly pointer: string }) =>
    name === "" ? !/^\/(on_failure|finally)(\/|$)/.test(pointer) : pointer.startsWith(`/${name}`);
  const tasks = nodes.filter((node) => node.type === "task" && isHere(node));
  const bodies = [...runs].filter(([at]) => at.owner !== undefined && isHere(at));
  const { longestMs, atOnce } = phase;
  const shared = (total: number | null, count: number) => (total === null ? null : Math.ceil(total / count));
  const tasksMs = tasks.reduce<number | null>((sum, task) => plus(sum, times(task.longestMs, task.runs)), 0);
  const bodiesMs = bodies.reduce<number | null>(
    (sum, [{ graph: body }, count]) => plus(sum, times(facts.get(body)?.longestMs ?? null, count)),
    0,
  );
  return [
    atOnce.activities > TASKS_AT_ONCE ? shared(tasksMs, TASKS_AT_ONCE) : 0,
    atOnce.bodies > BODIES_AT_ONCE ? shared(bodiesMs, BODIES_AT_ONCE) : 0,
  ].reduce(plus, longestMs);
}

function times(ms: number | null, count: number): number | null {
  return ms === null ? null : ms * count;
}

import type { JsonObject } from "../../core/json";
import { jsonBytes } from "../../core/json-size";
import { bodyOf, type GraphAt, graphsOf, isTaskMap } from "../bodies";
import type { Definition, Graph, GraphNode, TaskSnapshot } from "../graph-types";
import { type Amounts, amountsOf } from "./amounts";
import {
  type AtOnce,
  bodiesAtOnce,
  graphAtOnce,
  heldBack,
  NONE_AT_ONCE,
  nodeAtOnce,
  roundsOf,
  timesOf,
  worseOf,
} from "./bodies";
import { BYTES_PER_EVENT, EVENTS, NODES_PER_WORKFLOW_TASK } from "./costs";
import { longestOfGraph, longestOfNode, type TaskContext } from "./durations";
import { longestOfRun } from "./longest";
import { graphOutputSize, outputSize, type SizeBound } from "./payloads";

/** One node of the definition: all of its instances together, without those of the nodes in its body. */
export interface NodeWorstCase extends Amounts {
  readonly id: string;
  readonly type: GraphNode["type"];
  /** From the definition's root. */
  readonly pointer: string;
  /** How many maps and loops it is in. */
  readonly depth: number;
  /** How often it may run. */
  readonly runs: number;
  /** Of all its activities, without those that are lost with their worker; null where a stored task decides. */
  readonly attempts: number | null;
  /** Of one instance, with what is in its body. */
  readonly atOnce: AtOnce;
  /** Output of one instance. */
  readonly output: SizeBound;
  /** Of one instance; null where nothing bounds it. */
  readonly longestMs: number | null;
}

/** The worst case of one run of a definition. */
export interface WorstCase {
  /** In the definition's order, each node followed by those of its body. */
  readonly nodes: readonly NodeWorstCase[];
  readonly total: Amounts;
  readonly atOnce: AtOnce;
  readonly output: SizeBound;
  /** Null where nothing bounds it. */
  readonly longestMs: number | null;
  /** The definition, and the stored tasks that are known, as they travel with the run. */
  readonly definitionBytes: number;
}

type Tasks = Readonly<Record<string, TaskSnapshot>>;

/** What is known of a graph once it is known of the bodies in it. */
interface GraphFacts {
  readonly nodes: readonly Pick<NodeWorstCase, "atOnce" | "output" | "longestMs">[];
  readonly atOnce: AtOnce;
  /** Without what its bodies have. */
  readonly own: AtOnce;
  readonly output: SizeBound;
  readonly longestMs: number | null;
}

/**
 * The worst case of a run of a checked definition: every list as long as it may be, every loop and back edge to its end,
 * every branch taken. Retries add attempts, no events. `tasks` are the stored tasks that it names, as far as they are known.
 */
export function worstCase(definition: Definition, tasks: Tasks = {}): WorstCase {
  const context: TaskContext = { tasks, defaults: definition.defaults };
  const facts = new Map<Graph, GraphFacts>();
  const graphs = graphsOf(definition);
  for (const { graph } of [...graphs].reverse()) facts.set(graph, factsOf(graph, context, facts));
  const runs = new Map<GraphAt, number>();
  const rows = new Map<Graph, readonly NodeWorstCase[]>();
  for (const at of graphs) {
    runs.set(at, runsOfGraph(at, runs));
    rows.set(at.graph, rowsOf(at, runs.get(at) ?? 1, facts.get(at.graph), context));
  }
  const nodes = graphs.flatMap(({ graph, owner }) => (owner === undefined ? inOrder(graph, rows) : []));
  const bodies = graphs.flatMap(({ graph, owner }) =>
    owner === undefined ? [] : [facts.get(graph)?.own ?? NONE_AT_ONCE],
  );
  const phases = [definition, definition.on_failure, definition.finally].flatMap((graph) => {
    const phase = graph === undefined ? undefined : facts.get(graph);
    return phase === undefined ? [] : [heldBack(phase.atOnce, phase.own, bodies)];
  });
  const main = facts.get(definition);
  const sizeBytes = definitionBytes(definition, tasks);
  return {
    nodes,
    total: totalOf(definition, nodes, sizeBytes),
    atOnce: withOwnTimers(definition, phases.reduce(worseOf, NONE_AT_ONCE)),
    output: main?.output ?? graphOutputSize(definition, []),
    longestMs: longestOfRun(definition, { nodes, facts, runs, context }),
    definitionBytes: sizeBytes,
  };
}

/** Of JSON, as both travel with a run. */
export function definitionBytes(definition: Definition, tasks: Tasks): number {
  return jsonBytes(definition as unknown as JsonObject) + jsonBytes(tasks as unknown as JsonObject);
}

/** The nodes of a graph, each followed by those of its body. */
function inOrder(graph: Graph, rows: ReadonlyMap<Graph, readonly NodeWorstCase[]>): readonly NodeWorstCase[] {
  const own = rows.get(graph) ?? [];
  return graph.nodes.flatMap((node, position) => {
    const row = own[position];
    const body = node.type === "map" || node.type === "loop" ? inOrder(bodyOf(node), rows) : [];
    return row === undefined ? body : [row, ...body];
  });
}

function factsOf(graph: Graph, context: TaskContext, known: ReadonlyMap<Graph, GraphFacts>): GraphFacts {
  const nodes = graph.nodes.map((node) => {
    const body = node.type === "map" || node.type === "loop" ? known.get(bodyOf(node)) : undefined;
    const times = timesOf(node);
    const rounds = times === 0 ? 0 : Math.ceil(times / bodiesAtOnce(node));
    return {
      atOnce: nodeAtOnce(node, body?.atOnce ?? NONE_AT_ONCE),
      output: outputSize(node, context.tasks, body?.output, times),
      longestMs: longestOfNode(node, context, body?.longestMs ?? null, rounds),
    };
  });
  return {
    nodes,
    atOnce: graphAtOnce(
      graph,
      nodes.map(({ atOnce }) => atOnce),
    ),
    own: graphAtOnce(
      graph,
      graph.nodes.map((node) => nodeAtOnce(node, NONE_AT_ONCE)),
    ),
    output: graphOutputSize(
      graph,
      nodes.map(({ output }) => output),
    ),
    longestMs: longestOfGraph(
      graph,
      nodes.map(({ longestMs }) => longestMs),
    ),
  };
}

/** How often a graph runs; the graph that it is in comes first. */
function runsOfGraph({ owner, outer }: GraphAt, runs: ReadonlyMap<GraphAt, number>): number {
  if (owner === undefined || outer === undefined) return 1;
  const rounds = roundsOf(outer.graph)[outer.graph.nodes.indexOf(owner.node)] ?? 1;
  return (runs.get(outer) ?? 1) * rounds * timesOf(owner.node);
}

function rowsOf(
  at: GraphAt,
  graphRuns: number,
  facts: GraphFacts | undefined,
  context: TaskContext,
): readonly NodeWorstCase[] {
  const rounds = roundsOf(at.graph);
  const depth = depthOf(at);
  return at.graph.nodes.map((node, position) => {
    const runs = graphRuns * (rounds[position] ?? 1);
    const { atOnce = NONE_AT_ONCE, output, longestMs = null } = facts?.nodes[position] ?? {};
    const bounded = output ?? outputSize(node, context.tasks, undefined, 0);
    return {
      id: node.id,
      type: node.type,
      pointer: pointerOf(at, position),
      depth,
      runs,
      ...amountsOf(node, runs, bounded, context),
      atOnce,
      output: bounded,
      longestMs,
    };
  });
}

function depthOf({ outer }: GraphAt): number {
  return outer === undefined ? 0 : depthOf(outer) + 1;
}

function pointerOf({ owner, pointer }: GraphAt, position: number): string {
  return owner !== undefined && isTaskMap(owner.node) ? `${owner.pointer}/config/task` : `${pointer}/nodes/${position}`;
}

function totalOf(definition: Definition, nodes: readonly NodeWorstCase[], sizeBytes: number): Amounts {
  const runs = nodes.reduce((total, node) => total + node.runs, 0);
  const pauses = Math.floor(runs / NODES_PER_WORKFLOW_TASK);
  const turns = definition.concurrency === undefined ? 0 : 1;
  const timers = pauses + turns + (definition.timeout === undefined ? 0 : 1);
  const own = EVENTS.run + turns * EVENTS.turn + (timers - turns) * EVENTS.timer;
  const sum = (amount: (node: NodeWorstCase) => number) => nodes.reduce((total, node) => total + amount(node), 0);
  return {
    events: own + sum(({ events }) => events),
    historyBytes: own * BYTES_PER_EVENT + sizeBytes + sum(({ historyBytes }) => historyBytes),
    activities: sum(({ activities }) => activities),
    timers: timers + sum((node) => node.timers),
    children: sum(({ children }) => children),
    compensations: sum(({ compensations }) => compensations),
  };
}

/** Those of the run itself: its timeout, and what it waits with for its turn. */
function withOwnTimers({ timeout, concurrency }: Definition, atOnce: AtOnce): AtOnce {
  const own = [timeout, concurrency].filter((each) => each !== undefined).length;
  return { ...atOnce, timers: atOnce.timers + own };
}

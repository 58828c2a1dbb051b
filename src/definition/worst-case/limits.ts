import { bodyOf, type GraphAt, graphsOf } from "../bodies";
import type { Definition, Graph, Problem, TaskSnapshot } from "../graph-types";
import { type AtOnce, bodiesAtOnce, MAX_MAP_ITEMS, NONE_AT_ONCE, nodeAtOnce, sumAtOnce, TASKS_AT_ONCE } from "./bodies";
import { MAX_PAYLOAD_BYTES } from "./payloads";
import { definitionBytes, type WorstCase, worstCase } from "./worst-case";

/**
 * Temporal's limits on one run, by default: `limit.historyCount.error`, `limit.historySize.error`,
 * `maxSignalsPerExecution`, `limit.numPendingActivities.error`, `limit.numPendingChildExecutions.error`,
 * `limit.blobSize.error`, and 4 MiB a gRPC message (https://docs.temporal.io/self-hosted-guide/defaults).
 */
export const TEMPORAL_LIMITS = {
  historyEvents: 51_200,
  historyBytes: 50 * 1_024 * 1_024,
  signals: 10_000,
  activitiesAtOnce: 2_000,
  childrenAtOnce: 2_000,
  payloadBytes: 2 * 1_024 * 1_024,
  messageBytes: 4 * 1_024 * 1_024,
} as const;

/** Where Temporal suggests to continue as new, and a run does once its tasks have ended. Measured; see `shared/design.md`. */
export const CONTINUE_AT = { events: 4_096, bytes: 4 * 1_024 * 1_024 } as const;

/** What the runners of one run may send together; `src/workflows/run-runner.ts` shares it out. */
export const RUNNER_SIGNALS = 8_000;

/** Commands that are sent in one message, at most: `MAX_COMMANDS_BYTES` of `src/workflows/payload-limits.ts`. */
const COMMANDS_BYTES = 3_000_000;

/**
 * Timers that may be open at once. Temporal has no limit, but each is started again when the run continues as new: with
 * more than this, half of the 20,000 events from which on a run waits for nothing but that would be gone at its start.
 */
export const TIMERS_AT_ONCE = 10_000;

/** Of the state, for one instance of a node without its output: status, counts and moments. */
const STATE_BYTES_PER_INSTANCE = 64;

/**
 * State that goes on to the next run is written and read as a whole. 16 MiB take some 0.2 s of a workflow task, which has
 * to end within one or two.
 */
const MAX_STATE_BYTES = 16 * 1_024 * 1_024;

export const INSTANCES_AT_ONCE = MAX_STATE_BYTES / STATE_BYTES_PER_INSTANCE;

/** Tasks that a run remembers how to undo; `src/engine/limits.ts` has the same. */
export const MAX_COMPENSATIONS = 10_000;

export interface LimitVerdict {
  readonly what: LimitName;
  /** At worst, over the whole execution. */
  readonly worst: number;
  readonly limit: number;
  /**
   * `fits` in one run; `continues_as_new` about every `every`; `held_back`: the engine starts no more than the limit at
   * once; `bounded`: hangs on the input, and what is more fails as `what` says; `refused` by the parser.
   */
  readonly verdict: "fits" | "continues_as_new" | "held_back" | "bounded" | "refused";
  readonly every?: number;
}

export type LimitName =
  | "history_events"
  | "history_bytes"
  | "signals"
  | "activities_at_once"
  | "children_at_once"
  | "timers_at_once"
  | "instances_at_once"
  | "compensations"
  | "payload_bytes"
  | "message_bytes";

/** The worst case beside Temporal's limits and our own. */
export function limitVerdicts(worst: WorstCase): readonly LimitVerdict[] {
  const { total, atOnce } = worst;
  const continued = (what: LimitName, amount: number, limit: number, every: number): LimitVerdict =>
    amount <= every
      ? { what, worst: amount, limit, verdict: "fits" }
      : { what, worst: amount, limit, verdict: "continues_as_new", every };
  const refusedPast = (what: LimitName, amount: number, limit: number): LimitVerdict => {
    return { what, worst: amount, limit, verdict: amount <= limit ? "fits" : "refused" };
  };
  const largest = largestPayload(worst);
  return [
    continued("history_events", total.events, TEMPORAL_LIMITS.historyEvents, CONTINUE_AT.events),
    continued("history_bytes", total.historyBytes, TEMPORAL_LIMITS.historyBytes, CONTINUE_AT.bytes),
    continued("signals", signalsOf(worst), TEMPORAL_LIMITS.signals, RUNNER_SIGNALS),
    {
      what: "activities_at_once",
      worst: atOnce.activities,
      limit: TEMPORAL_LIMITS.activitiesAtOnce,
      verdict: atOnce.activities <= TASKS_AT_ONCE ? "fits" : "held_back",
    },
    refusedPast("children_at_once", atOnce.children, TEMPORAL_LIMITS.childrenAtOnce),
    refusedPast("timers_at_once", atOnce.timers, TIMERS_AT_ONCE),
    refusedPast("instances_at_once", atOnce.instances, INSTANCES_AT_ONCE),
    {
      what: "compensations",
      worst: total.compensations,
      limit: MAX_COMPENSATIONS,
      verdict: total.compensations <= MAX_COMPENSATIONS ? "fits" : "bounded",
    },
    {
      what: "payload_bytes",
      worst: largest.bytes,
      limit: TEMPORAL_LIMITS.payloadBytes,
      verdict: largest.isKnown ? "fits" : "bounded",
    },
    {
      what: "message_bytes",
      worst: Math.max(largest.bytes, Math.min(COMMANDS_BYTES, total.historyBytes)),
      limit: TEMPORAL_LIMITS.messageBytes,
      verdict: "fits",
    },
  ];
}

/** One signal at least is left to each task; a run's tasks share the rest. */
function signalsOf({ total }: WorstCase): number {
  return total.activities === 0 ? 0 : Math.max(RUNNER_SIGNALS, total.activities);
}

function largestPayload({ nodes, output, definitionBytes }: WorstCase): {
  readonly bytes: number;
  readonly isKnown: boolean;
} {
  const all = [output, ...nodes.map((node) => node.output)];
  return {
    bytes: Math.max(definitionBytes, ...all.map(({ bytes }) => bytes)),
    isKnown: all.every(({ isKnown }) => isKnown),
  };
}

/**
 * What would exceed a limit and neither pages nor continuing as new helps with. Pointers start at the definition's root.
 * Quick for what is far from every limit, as each definition that is stored goes through it.
 */
export function limitProblems(
  definition: Definition,
  tasks: Readonly<Record<string, TaskSnapshot>> = {},
): readonly Problem[] {
  const problems = listProblems(definition);
  const sizeBytes = definitionBytes(definition, tasks);
  if (sizeBytes > MAX_PAYLOAD_BYTES) {
    const message = `takes ${sizeBytes} bytes with its stored tasks; at most ${MAX_PAYLOAD_BYTES}`;
    problems.push({ code: "LIMIT_EXCEEDED", pointer: "", message });
  }
  if (!isWithin(mostAtOnce(definition))) problems.push(...atOnceProblems(definition, worstCase(definition, tasks)));
  return problems;
}

const AT_ONCE = [
  { of: "children", limit: TEMPORAL_LIMITS.childrenAtOnce, what: "child workflows at once" },
  { of: "timers", limit: TIMERS_AT_ONCE, what: "timers open at once" },
  { of: "instances", limit: INSTANCES_AT_ONCE, what: "nodes under way at once" },
] as const;

function isWithin(atOnce: AtOnce): boolean {
  return AT_ONCE.every(({ of, limit }) => atOnce[of] <= limit);
}

/** More than the worst case has: as if nothing in the definition waited for anything. */
function mostAtOnce(definition: Definition): AtOnce {
  const known = new Map<Graph, AtOnce>();
  for (const { graph } of [...graphsOf(definition)].reverse()) {
    const nodes = graph.nodes.map((node) => {
      const body = node.type === "map" || node.type === "loop" ? known.get(bodyOf(node)) : undefined;
      return nodeAtOnce(node, body ?? NONE_AT_ONCE);
    });
    known.set(graph, sumAtOnce(nodes));
  }
  const phases = [definition, definition.on_failure, definition.finally].flatMap((graph) => graphIn(known, graph));
  // The run's own timers: its timeout, and what it waits with for its turn.
  return sumAtOnce([...phases, { ...NONE_AT_ONCE, timers: 2 }]);
}

function graphIn(known: ReadonlyMap<Graph, AtOnce>, graph: Graph | undefined): readonly AtOnce[] {
  const found = graph === undefined ? undefined : known.get(graph);
  return found === undefined ? [] : [found];
}

function atOnceProblems(definition: Definition, worst: WorstCase): readonly Problem[] {
  return AT_ONCE.filter(({ of, limit }) => worst.atOnce[of] > limit).map(({ of, limit, what }) => {
    const remedy = "lower a map's concurrency, or put nodes one after another";
    const message = `may have ${count(worst.atOnce[of])} ${what}; at most ${count(limit)}; ${remedy}`;
    return { code: "LIMIT_EXCEEDED", pointer: widest(definition, worst), message };
  });
}

function listProblems(definition: Definition): Problem[] {
  return graphsOf(definition).flatMap(({ graph, pointer }) =>
    graph.nodes.flatMap((node, position): readonly Problem[] => {
      if (node.type !== "map" || typeof node.config.items === "string") return [];
      const { length } = node.config.items;
      if (length <= MAX_MAP_ITEMS) return [];
      const message = `has ${count(length)} items; at most ${count(MAX_MAP_ITEMS)}`;
      return [{ code: "LIMIT_EXCEEDED", pointer: `${pointer}/nodes/${position}/config/items`, message }];
    }),
  );
}

/** The map that multiplies most, from the outside in: where to lower the concurrency. Without a map, the definition. */
function widest(definition: Definition, { nodes }: WorstCase): string {
  const owners = graphsOf(definition).flatMap(({ owner }: GraphAt) =>
    owner?.node.type === "map" ? [{ pointer: owner.pointer, bodies: bodiesAtOnce(owner.node) }] : [],
  );
  const reach = new Map(nodes.map(({ pointer, atOnce }) => [pointer, atOnce.instances]));
  const [first] = owners.sort(
    (left, right) => (reach.get(right.pointer) ?? 0) - (reach.get(left.pointer) ?? 0) || right.bodies - left.bodies,
  );
  return first === undefined ? "" : `${first.pointer}/config`;
}

function count(amount: number): string {
  return amount.toLocaleString("en");
}

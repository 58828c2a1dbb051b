import type { GraphAt } from "./bodies";
import { graphsOf } from "./bodies";
import type { Definition, Problem, TaskSnapshot } from "./graph-types";
import { type WorstCase, worstCase } from "./worst-case";
import { bodiesAtOnce, MAX_MAP_ITEMS } from "./worst-case-bodies";
import { MAX_PAYLOAD_BYTES } from "./worst-case-payloads";

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

/** Tasks that the engine lets run at once: half of what Temporal takes, as cancelled ones stay until they have stopped. */
export const TASKS_AT_ONCE = 1_000;

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

/** What would exceed a limit and neither pages nor continuing as new helps with. Pointers start at the definition's root. */
export function limitProblems(
  definition: Definition,
  tasks: Readonly<Record<string, TaskSnapshot>> = {},
): readonly Problem[] {
  const worst = worstCase(definition, tasks);
  const problems = listProblems(definition);
  const add = (pointer: string, message: string) => problems.push({ code: "LIMIT_EXCEEDED", pointer, message });
  const refused = new Set(limitVerdicts(worst).flatMap(({ what, verdict }) => (verdict === "refused" ? [what] : [])));
  const pointer = refused.size === 0 ? "" : widest(definition, worst);
  const { children, timers, instances } = worst.atOnce;
  const remedy = "; lower a map's concurrency, or put nodes one after another";
  if (refused.has("children_at_once"))
    add(
      pointer,
      `may have ${count(children)} child workflows at once; at most ${count(TEMPORAL_LIMITS.childrenAtOnce)}${remedy}`,
    );
  if (refused.has("timers_at_once"))
    add(pointer, `may have ${count(timers)} timers open at once; at most ${count(TIMERS_AT_ONCE)}${remedy}`);
  if (refused.has("instances_at_once"))
    add(pointer, `may have ${count(instances)} nodes under way at once; at most ${count(INSTANCES_AT_ONCE)}${remedy}`);
  if (worst.definitionBytes > MAX_PAYLOAD_BYTES)
    add("", `takes ${worst.definitionBytes} bytes with its stored tasks; at most ${MAX_PAYLOAD_BYTES}`);
  return problems;
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

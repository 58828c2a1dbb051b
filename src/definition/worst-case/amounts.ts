import type { GraphNode, TaskSnapshot } from "../graph-types";
import { BYTES_PER_EVENT, costOf, EVENTS, INPUT_BYTES } from "./costs";
import { attemptsOfTask, type TaskContext } from "./durations";
import { callSize, resultSize, type SizeBound, templateSize } from "./payloads";

/** What comes together over a run, at worst, without what runners say on the way. */
export interface Amounts {
  /** Of history. */
  readonly events: number;
  /** Of history: events, and the payloads in them. */
  readonly historyBytes: number;
  readonly activities: number;
  readonly timers: number;
  /** Child workflows. */
  readonly children: number;
  /** Completed tasks that are to be undone where the run fails. */
  readonly compensations: number;
}

/** Of all runs of one node, without those of the nodes in its body. */
export function amountsOf(
  node: GraphNode,
  runs: number,
  output: SizeBound,
  context: TaskContext,
): Amounts & { readonly attempts: number | null } {
  const cost = costOf(node);
  const undo = node.type === "task" ? node.compensate : undefined;
  const undone = undo === undefined ? NO_COST : { events: EVENTS.activity + EVENTS.journal, activities: 1 };
  const events = cost.events + undone.events;
  const payloads = output.bytes + inputBytes(node, context.tasks);
  const undoPayloads =
    undo === undefined ? 0 : callSize(undo, context.tasks).bytes + resultSize(undo, context.tasks).bytes + INPUT_BYTES;
  const attempts = node.type === "task" ? attemptsOfTask(node.config, node.retry, context) : 0;
  return {
    events: runs * events,
    historyBytes: runs * (events * BYTES_PER_EVENT + payloads + undoPayloads),
    activities: runs * (cost.activities + undone.activities),
    timers: runs * cost.timers,
    children: runs * cost.children,
    compensations: runs * undone.activities,
    attempts: attempts === null ? null : runs * attempts,
  };
}

const NO_COST = { events: 0, activities: 0 } as const;

/** What a node sends away with it. */
function inputBytes(node: GraphNode, tasks: Readonly<Record<string, TaskSnapshot>>): number {
  switch (node.type) {
    case "task":
      return callSize(node.config, tasks).bytes + INPUT_BYTES;
    case "workflow":
      return templateSize(node.config.input ?? {}).bytes + INPUT_BYTES;
    default:
      return 0;
  }
}

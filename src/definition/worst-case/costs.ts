import type { GraphNode, TimeoutConfig } from "../graph-types";

/**
 * What one thing adds to a run's history, at worst: alone in its workflow task, which takes three events (scheduled,
 * started, completed). Counted in the recorded histories of `tests/replay`, which `worst-case.test.ts` holds against these.
 */
const WORKFLOW_TASK = 3;

export const EVENTS = {
  /** Started with its first workflow task, a cancel with another, and the end. */
  run: 2 * WORKFLOW_TASK + 3,
  /**
   * Scheduled, started, a cancel that crosses with the end, the end, and the workflow task that hears of it. Retries add attempts
   * but no events: Temporal writes an activity's start with its end.
   */
  activity: 4 + WORKFLOW_TASK,
  /** Started, and fired or cancelled with the workflow task that hears of it. */
  timer: 2 + WORKFLOW_TASK,
  /** Initiated, started, a cancel asked for and passed on, the end; each but the first has a workflow task. */
  child: 5 + 4 * WORKFLOW_TASK,
  /** Signalled, and the workflow task that hears of it. */
  message: 1 + WORKFLOW_TASK,
  /** An update: accepted and completed in one workflow task. */
  answer: 2 + WORKFLOW_TASK,
  /**
   * A turn among runs with the same concurrency key: claimed and left by activities, a timer beside the wait, and word
   * twice. Every twelve hours of a long wait add a claim and a timer.
   */
  turn: 2 * (3 + WORKFLOW_TASK) + (2 + WORKFLOW_TASK) + 2 * (1 + WORKFLOW_TASK),
  /** One entry of the journal: an upsert of the memo. Entries of one workflow task share it. */
  journal: 1,
} as const;

/**
 * Bytes of one event without its payloads, its share of a workflow task included. In the recorded histories, as JSON, an
 * activity's seven events take 3.2 KiB; what Temporal counts is protobuf, about half as much.
 */
export const BYTES_PER_EVENT = 512;

/** Steps and commands after which the driver ends a workflow task by a timer: `MAX_WORK` of `src/workflows/workflow-task-budget.ts`. */
export const NODES_PER_WORKFLOW_TASK = 500;

/** An activity's input beside the config: ids and options. In the recorded histories 300 to 400 bytes. */
export const INPUT_BYTES = 512;

/** What one run of a node costs, without its body's nodes. */
export interface NodeCost {
  readonly events: number;
  readonly activities: number;
  readonly timers: number;
  readonly children: number;
}

export function costOf(node: GraphNode): NodeCost {
  const journal = 2 * EVENTS.journal;
  const timer = (has: boolean) => (has ? { events: EVENTS.timer, timers: 1 } : { events: 0, timers: 0 });
  switch (node.type) {
    case "task":
      return { ...NOTHING, activities: 1, events: EVENTS.activity + caught(node) };
    case "transform":
    case "switch":
    case "fail":
    case "end":
      return { ...NOTHING, events: journal };
    case "wait":
      return { ...NOTHING, timers: 1, events: EVENTS.timer + journal };
    case "signal": {
      const { events, timers } = timer(node.config.timeout !== undefined);
      return { ...NOTHING, timers, events: events + EVENTS.message + journal };
    }
    case "approval": {
      const { events, timers } = timer(node.config.timeout !== undefined);
      return { ...NOTHING, timers, events: events + EVENTS.answer + journal };
    }
    case "workflow": {
      const { events, timers } = timer(wholeTimeout(node.timeout) !== undefined);
      return { ...NOTHING, timers, children: 1, events: events + EVENTS.child + caught(node) };
    }
    case "map": {
      const { events, timers } = timer(wholeTimeout(node.timeout) !== undefined);
      return { ...NOTHING, timers, events: events + journal };
    }
    case "loop": {
      const { events, timers } = timer(wholeTimeout(node.timeout) !== undefined);
      const delays = node.config.delay === undefined ? 0 : Math.max(0, node.config.max_iterations - 1);
      return { ...NOTHING, timers: timers + delays, events: events + delays * EVENTS.timer + journal };
    }
  }
}

/** The timeout of a whole node that is no task: a bare duration, or `total`. */
export function wholeTimeout(timeout: TimeoutConfig | string | undefined): string | undefined {
  return typeof timeout === "string" ? timeout : timeout?.total;
}

const NOTHING: NodeCost = { events: 0, activities: 0, timers: 0, children: 0 };

/** What a `catch` makes of a failure is told by the journal, beside what the activity said. */
function caught(node: GraphNode): number {
  return node.catch === undefined ? 0 : EVENTS.journal;
}

/** Timers of one node that are open at the same time: a loop's delays come one after another. */
export function timersAtOnce(node: GraphNode): number {
  const { timers } = costOf(node);
  if (node.type !== "loop") return timers;
  return (wholeTimeout(node.timeout) === undefined ? 0 : 1) + (node.config.delay === undefined ? 0 : 1);
}

import { PersistentMap } from "./persistent-map";

/**
 * What the projection remembers between one item of history and the next. Plain data, never changed in place. It holds what
 * is open and a little of what just was, so that it stays small however long the execution.
 */
export interface ProjectionState {
  /** The execution's first run. */
  readonly firstRunId: string;
  /** Which run of the chain is being read, from 0. */
  readonly run: number;
  readonly runId: string;
  readonly executionId: string;
  readonly kind: "task" | "workflow";
  /** Nodes that were entered and have not ended, by instance id; of a task's execution its activity. */
  readonly open: PersistentMap<string, OpenNode>;
  /** How many were entered so far. */
  readonly entered: number;
  /** Instance ids of activities that have not closed in this run, by the id of the event that scheduled them. */
  readonly scheduled: PersistentMap<number, string>;
  readonly closed: RecentlyClosed;
  /** Nodes that ended since the last checkpoint, in order. */
  readonly endedNodes: readonly string[];
  /** The run waits for its turn among those with the same concurrency key. */
  readonly isQueued: boolean;
  /** What the last cancel request said; empty where there was none. */
  readonly cancelReason: string;
  /** The run closed; nothing follows. */
  readonly ended: boolean;
}

export interface OpenNode {
  readonly id: string;
  readonly type: string;
  readonly enteredAtMs: number;
  /** In which order they were entered, from 0. */
  readonly position: number;
  /** Known when its activity closes; 0 before, and of a node without one. */
  readonly attempt: number;
  /** The attempt that spoke last; 0 where none did. */
  readonly spoken: number;
}

/** How activities closed lately: the engine may have another word on their nodes, such as the value of a `catch`. */
export interface RecentlyClosed {
  readonly newer: PersistentMap<string, ClosedNode>;
  readonly older: PersistentMap<string, ClosedNode>;
}

export interface ClosedNode {
  readonly enteredAtMs: number;
  readonly attempt: number;
  readonly status: string;
  /** Of a failure. */
  readonly code?: string;
}

/** The engine runs 1,000 tasks at once at most, and has its word on one in the workflow task that hears of its end. */
const MIN_CLOSED_KEPT = 1_000;

/** The state before the first item of the execution's first run. */
export function emptyProjection(firstRunId: string): ProjectionState {
  return {
    firstRunId,
    run: 0,
    runId: firstRunId,
    executionId: "",
    kind: "task",
    open: PersistentMap.empty(),
    entered: 0,
    scheduled: PersistentMap.empty(),
    closed: { newer: PersistentMap.empty(), older: PersistentMap.empty() },
    endedNodes: [],
    isQueued: false,
    cancelReason: "",
    ended: false,
  };
}

/** The state with one more node open. One that is open already, as in the run before this, stays what it was. */
export function withOpened(state: ProjectionState, id: string, type: string, timeMs: number): ProjectionState {
  const node = state.open.get(id) ?? { id, type, enteredAtMs: timeMs, position: state.entered };
  const open = state.open.with(id, { ...node, attempt: 0, spoken: 0 });
  return { ...state, open, entered: state.entered + 1 };
}

export function closedNode({ closed }: ProjectionState, id: string): ClosedNode | undefined {
  return closed.newer.get(id) ?? closed.older.get(id);
}

/** Remembers how an activity's node ended; forgets what ended long before it. */
export function withClosed(state: ProjectionState, id: string, node: ClosedNode): ProjectionState {
  const { newer, older } = state.closed;
  const closed =
    newer.size < MIN_CLOSED_KEPT
      ? { newer: newer.with(id, node), older }
      : { newer: PersistentMap.empty<string, ClosedNode>().with(id, node), older: newer };
  return { ...state, closed };
}

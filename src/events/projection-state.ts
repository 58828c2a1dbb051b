/** What the projection remembers between one item of history and the next. Plain data, never changed in place. */
export interface ProjectionState {
  /** The execution's first run. */
  readonly firstRunId: string;
  /** Which run of the chain is being read, from 0. */
  readonly run: number;
  readonly runId: string;
  readonly executionId: string;
  readonly kind: "task" | "workflow";
  readonly nodeTypes: ReadonlyMap<string, string>;
  /** Activities that were scheduled and have not closed, by the id of the event that scheduled them. */
  readonly open: ReadonlyMap<number, OpenActivity>;
  /** When nodes that no activity speaks for were entered, by node id, until they end. */
  readonly enteredAtMs: ReadonlyMap<string, number>;
  /** The attempt that spoke last, by activity id. */
  readonly spoken: ReadonlyMap<string, number>;
  /** Nodes that ended since the last checkpoint, in order. */
  readonly endedNodes: readonly string[];
  /** What the last cancel request said; empty where there was none. */
  readonly cancelReason: string;
  /** The run closed; nothing follows. */
  readonly ended: boolean;
}

export interface OpenActivity {
  readonly activityId: string;
  /** Absent in the execution of a task. */
  readonly nodeId?: string;
  readonly scheduledAtMs: number;
  /** Known when it closes; 0 before. */
  readonly attempt: number;
}

/** The state before the first item of the execution's first run. */
export function emptyProjection(firstRunId: string): ProjectionState {
  return {
    firstRunId,
    run: 0,
    runId: firstRunId,
    executionId: "",
    kind: "task",
    nodeTypes: new Map(),
    open: new Map(),
    enteredAtMs: new Map(),
    spoken: new Map(),
    endedNodes: [],
    cancelReason: "",
    ended: false,
  };
}

export function withEntry<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return new Map(map).set(key, value);
}

export function withoutKey<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}

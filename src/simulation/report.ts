import type { Failure } from "../core/errors";
import type { JsonValue } from "../core/json";
import type { NodeWaiting, RunOutcome } from "../engine/engine-types";
import type { ExecutionEvent } from "../events/event-types";

export type { NodeWaiting } from "../engine/engine-types";

/** What came of a simulated run. */
export interface SimulationReport {
  readonly outcome: SimulatedOutcome;
  /** Of the run; null where it has none. */
  readonly output: JsonValue;
  /** Every run of a node, in the order in which they were entered or skipped. */
  readonly path: readonly PathStep[];
  /** What the run did not come to. */
  readonly untaken: { readonly nodes: readonly string[]; readonly edges: readonly UntakenEdge[] };
  /**
   * Nodes that were run and had no mock. Tasks and child runs completed with null, or failed where the simulation is strict;
   * approvals and signals waited.
   */
  readonly notMocked: readonly string[];
  /** Mocks that nothing asked for. */
  readonly unusedMocks: readonly string[];
  /** Messages and answers that the run would have refused. */
  readonly refused: readonly RefusedInput[];
  /** The whole stream of the run. */
  readonly events: readonly ExecutionEvent[];
  readonly cost: SimulationCost;
  readonly startedAtMs: number;
  /** Virtual time from start to end. */
  readonly durationMs: number;
}

export type SimulatedOutcome =
  | RunOutcome
  /** Nothing is to come, and these still wait: for messages or answers that no mock gives. */
  | { readonly status: "waiting"; readonly nodes: readonly { readonly id: string; readonly waiting?: NodeWaiting }[] }
  /** It took more steps than it may. */
  | { readonly status: "stopped"; readonly reason: string };

/** One run of a node. Times are virtual, from the start of the run. */
export interface PathStep {
  /** Instance id. */
  readonly id: string;
  readonly type: string;
  readonly status: "running" | "completed" | "failed" | "skipped" | "cancelled";
  readonly enteredMs: number;
  /** Absent where it still runs. */
  readonly endedMs?: number;
  /** Of a task. */
  readonly attempts?: number;
  /** Where it has one of at most 64 KiB. */
  readonly output?: JsonValue;
  readonly failure?: { readonly code: string; readonly message: string };
}

export interface UntakenEdge {
  readonly source: string;
  readonly target: string;
  /** In the definition. */
  readonly pointer: string;
}

export interface RefusedInput {
  /** The instance id of an approval, or the name of a message. */
  readonly to: string;
  readonly failure: Failure;
}

export interface SimulationCost {
  /** Of Temporal's history, all runs of a chain together. */
  readonly historyEvents: number;
  /** Near enough. */
  readonly historyBytes: number;
  readonly activities: number;
  readonly attempts: number;
  readonly timers: number;
  readonly children: number;
  /** Workflow tasks. */
  readonly workflowTasks: number;
}

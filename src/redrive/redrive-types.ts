import type { JsonValue } from "../core/json";
import type { DefinitionSnapshot } from "../definition/graph-types";
import type { NodeSeed } from "../engine/seeds";
import type { PastRun } from "./past-run";

/** What is asked for, with all that it takes to say what would come of it. */
export interface RedriveQuestion {
  /** The execution that is to be redriven. */
  readonly executionId: string;
  readonly past: PastRun;
  /** What it ran. */
  readonly before: DefinitionSnapshot;
  /** What is to run now. */
  readonly after: DefinitionSnapshot;
  readonly input: JsonValue;
  readonly isInputNew: boolean;
  /** Ids of nodes, or of instances, that run again with all that comes after them; empty: all that failed or had not ended. */
  readonly from: readonly string[];
  /** Outputs by instance id: these nodes do not run. */
  readonly outputs: ReadonlyMap<string, JsonValue>;
  readonly nowMs: number;
}

export interface RedrivePlan {
  readonly seeds: readonly NodeSeed[];
  /** In the order of the definition; nodes that are no longer in it come last. */
  readonly nodes: readonly PlannedNode[];
}

export const REDRIVE_ACTIONS = ["REUSED", "RUNS_AGAIN", "RUNS", "NEW", "DISAPPEARS", "INJECTED", "SKIPPED"] as const;

/** `RUNS`: it had not been started. `SKIPPED`: the graph does not lead to it. */
export type RedriveAction = (typeof REDRIVE_ACTIONS)[number];

export interface PlannedNode {
  /** As in the definition. */
  readonly nodeId: string;
  readonly nodeType: string;
  readonly action: RedriveAction;
  /** How many of its instances end as they did. */
  readonly reused: number;
  /** The instances that were started before and are run again, at most. */
  readonly again: readonly string[];
  /** What it did to the world, it does once more. */
  readonly repeatsEffects: boolean;
  /** Why; for a person. Empty where the action says it all. */
  readonly reason: string;
}

/** Why nothing can be planned. `field`: of the request; absent where the execution is not as it would have to be. */
export interface RedriveProblem {
  readonly field?: "from" | "outputs";
  readonly message: string;
}

import type { Failure } from "../core/errors";
import type { JsonObject, JsonValue } from "../core/json";
import type { DefinitionSnapshot } from "../definition/graph-types";
import type { NodeStatus, RunOutcome } from "./engine-types";

/** What expressions see as `execution`. */
export type ExecutionInfo = JsonObject & { readonly id: string };

/**
 * Everything that the engine knows of a run: plain JSON, never changed in place. It is carried into the next run by
 * continue-as-new, so fields are added, not renamed.
 */
export interface EngineState {
  readonly snapshot: DefinitionSnapshot;
  readonly input: JsonValue;
  readonly execution: ExecutionInfo;
  /** In the order of the definition's nodes. */
  readonly nodes: readonly NodeState[];
  /** In the order of the definition's edges. */
  readonly edges: readonly EdgeState[];
  /** Nodes that have a task running. */
  readonly running: number;
  /** Set once nothing new may start: what the run ends with when its last task has ended. */
  readonly ending?: RunOutcome;
  readonly isFinished: boolean;
}

/** Open until its source has ended. A dead edge is one that the run does not follow. */
export type EdgeState = "open" | "taken" | "dead";

export interface NodeState {
  readonly status: NodeStatus;
  /** Edges into the node that are open. */
  readonly undecided: number;
  /** Edges into the node that were taken. */
  readonly taken: number;
  /** Where completed. */
  readonly output?: JsonValue;
  /** Size of the output's JSON in UTF-16 units. */
  readonly outputSize?: number;
  /** Where failed. */
  readonly failure?: Failure;
}

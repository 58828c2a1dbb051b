import type { JsonObject, JsonValue } from "../core/json";
import type { Place } from "./engine-state";

/** How a run is steered from outside. Part of the state of a run, and so of histories: fields are added, not renamed. */
export interface Steering {
  /** Set while nothing new may start. */
  readonly pause?: Pause;
  /** Nodes whose turn came while the run was paused, in that order. */
  readonly held?: readonly Place[];
  /** Timers that fired while the run was paused, in that order. */
  readonly heldTimers?: readonly string[];
  /** A task was to be undone while the run was paused. */
  readonly holdsCompensation?: true;
  /** The run is paused before each node. */
  readonly isStepping?: true;
  /** Ids of nodes, or instance ids, before which the run is paused. */
  readonly breakpoints?: readonly string[];
  /** What nodes end with as soon as they are entered. */
  readonly planned?: readonly PlannedEnd[];
  /** The run's deadline was moved, and is no longer what the definition says. */
  readonly hasOwnDeadline?: true;
  /** Items at a time of maps, in place of what the definition says. */
  readonly concurrency?: readonly MapConcurrency[];
}

export interface Pause {
  readonly sinceMs: number;
  /** Who asked for it. */
  readonly by?: string;
  /** Instance id of the node before which a breakpoint, or a step, paused the run. */
  readonly nodeId?: string;
}

export interface PlannedEnd {
  /** Instance id. */
  readonly nodeId: string;
  /** Absent where the node is to be skipped. */
  readonly output?: JsonValue;
}

export interface MapConcurrency {
  /** As in the definition. */
  readonly nodeId: string;
  readonly items: number;
}

/** Where a run is to be paused, as it is known at its start. */
export interface Breakpoints {
  /** Ids of nodes, or instance ids. */
  readonly at?: readonly string[];
  /** Before each node. */
  readonly step?: true;
}

/** The steering of a run that has just begun; undefined where nothing is asked for. */
export function firstSteering({ at = [], step }: Breakpoints): Steering | undefined {
  if (at.length === 0 && step === undefined) return undefined;
  return { ...(at.length === 0 ? {} : { breakpoints: at }), ...(step === undefined ? {} : { isStepping: step }) };
}

/** What the stream of a run says of an act of steering. */
export type Control = JsonObject & {
  readonly action: ControlAction;
  readonly node_id?: string;
  readonly by?: string;
  readonly request_id?: string;
};

/** `break`: the run came to a breakpoint, or to the next node of a run that is stepped through. */
export type ControlAction = "pause" | "resume" | "skip" | "set_output" | "cancel_node" | "retry" | "update" | "break";

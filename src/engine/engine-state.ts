import type { Failure } from "../core/errors";
import type { JsonObject, JsonValue } from "../core/json";
import type { Tariff } from "../definition/expressions/fuel";
import type { DefinitionSnapshot } from "../definition/graph-types";
import type { NodeStatus, RunOutcome, StartChildCommand } from "./engine-types";
import type { NodeEvent } from "./nodes/node-behaviour";
import type { Seeds } from "./seeds";
import type { Steering } from "./steering";
import type { Table } from "./table";

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
  readonly startedAtMs: number;
  /** What its expressions are charged; the first where absent. */
  readonly tariff?: Tariff;
  readonly phase: Phase;
  /** Set once the main graph has ended: what the run ends with, as far as `finally` does not fail. */
  readonly outcome?: RunOutcome;
  /** One for each graph in progress, by frame id. That of the main graph stays to the end. */
  readonly frames: Table<FrameState>;
  /** Where each running node is, by instance id. */
  readonly running: Table<Place>;
  /** Counts what is entered and what ends, so that the order of two such moments can be told. */
  readonly clock: number;
  /** Tasks that run. */
  readonly tasks: number;
  /** Bodies that are open. */
  readonly bodies: number;
  /** What is to be done next and waits for nothing; more than none only after a `yield`. */
  readonly agenda: readonly Work[];
  /** Tasks that wait until fewer run. */
  readonly waitingTasks: readonly Place[];
  /** Nodes that have bodies to open once fewer are open. */
  readonly waitingBodies: readonly Place[];
  /** Messages that no node has taken yet, oldest first. */
  readonly inbox: readonly Message[];
  /** What undoes the completed tasks, first completed first. While compensating, the last one runs. */
  readonly compensations: readonly Compensation[];
  /** Absent where nobody has steered the run. */
  readonly steering?: Steering;
  /** What a redriven run has not taken over yet; absent of any other. */
  readonly seeds?: Seeds;
  /** When the run is out of time. */
  readonly timeoutAtMs?: number;
  /** True between a `yield` and its `go_on`. */
  readonly hasYielded: boolean;
  readonly isFinished: boolean;
}

/** The graph, then where it did not complete its compensations, where it failed `on_failure`, and then `finally`. */
export type Phase = "graph" | "compensating" | "on_failure" | "finally";

/** A node of a graph in progress. */
export interface Place {
  readonly frame: string;
  /** Position in the graph. */
  readonly node: number;
}

/** A graph in progress: the main graph, a body for one item or iteration, `on_failure` or `finally`. */
export interface FrameState {
  /** Position in `graphsOf` the definition. */
  readonly graph: number;
  /** Order in which frames were opened. */
  readonly openedAt: number;
  /** Of a body: the map or loop that it belongs to, and its suffix there. */
  readonly parent?: Place & { readonly suffix: string };
  /** What instance ids in it end in, with every number: `#1[3]`. */
  readonly suffix: string;
  /** Variables beside those of the frame around: item and index, iteration, or error. */
  readonly variables: JsonObject;
  /** In the order of the graph's nodes. */
  readonly nodes: readonly NodeState[];
  /** In the order of the graph's edges. */
  readonly edges: readonly EdgeState[];
  /** Nodes that are due or run. The frame ends when none is left. */
  readonly open: number;
  /** How often each back edge was taken, by the edge's position. */
  readonly taken?: Readonly<Record<string, number>>;
  /** Back edges that were taken and wait until what runs behind them has ended. */
  readonly restarts?: readonly number[];
  /** Set once nothing new may start: what the frame ends with when all that runs in it has ended. */
  readonly ending?: RunOutcome;
  /** Bodies leave the state when they have ended; the main graph and the handlers stay. */
  readonly hasEnded?: true;
}

/** Open until its source has ended. A dead edge is one that the run does not follow. */
export type EdgeState = "open" | "taken" | "dead";

export interface NodeState {
  readonly status: NodeStatus;
  /** Edges into the node that are open. */
  readonly undecided: number;
  /** Edges into the node that were taken. */
  readonly taken: number;
  /** Which run of the node this is; absent for the first one. Back edges start further ones. */
  readonly iteration?: number;
  /** Pending, and on its way to be entered or skipped. */
  readonly isDue?: true;
  /** A back edge leads here and was taken: the node is entered whatever its other edges say. */
  readonly isRestarted?: true;
  /** Moments on the state's clock. */
  readonly enteredAt?: number;
  readonly endedAt?: number;
  /** Where completed. After a restart, still that of the last iteration. */
  readonly output?: JsonValue;
  /** Size of the output's JSON in UTF-16 units. */
  readonly outputSize?: number;
  /** Where failed. */
  readonly failure?: Failure;
  /** It ended so in another run, or was given its output, and did not run in this one. */
  readonly isReused?: true;
  /** Where running. */
  readonly run?: NodeRun;
}

/** What a running node has going. */
export interface NodeRun {
  /** What its behaviour remembers. */
  readonly progress?: JsonValue;
  readonly hasTask?: true;
  /** When each of its timers is due, by name. */
  readonly timers?: Readonly<Record<string, number>>;
  /** Bodies that are open. */
  readonly bodies?: number;
  /** Bodies that wait until fewer are open. */
  readonly unopened?: readonly UnopenedBody[];
  readonly child?: Pick<StartChildCommand, "workflowId" | "input" | "seeds">;
  /** Decided already: what the node ends with when its task, bodies and child have ended. */
  readonly ending?: NodeEnd;
}

export interface UnopenedBody {
  readonly suffix: string;
  readonly variables: JsonObject;
}

export type NodeEnd =
  | { readonly status: "completed"; readonly output: JsonValue; readonly cases?: readonly string[] }
  /** `isCancelled`: it counts as cancelled, and `catch` and edges see the failure. */
  | { readonly status: "failed"; readonly failure: Failure; readonly isCancelled?: true }
  | { readonly status: "skipped" }
  | { readonly status: "cancelled" };

/** One thing to do. What has been overtaken when its turn comes is passed over. */
export type Work =
  /** `passes`: whatever breakpoint there is. */
  | { readonly type: "enter"; readonly place: Place; readonly passes?: true }
  | { readonly type: "resume"; readonly place: Place; readonly event: NodeEvent }
  | { readonly type: "end_frame"; readonly frame: string }
  /** Starts anew what a back edge leads to. */
  | { readonly type: "restart"; readonly frame: string; readonly edge: number };

export interface Message {
  readonly name: string;
  readonly payload: JsonValue;
}

/** A task that undoes another one; everything else about it stands in the definition. */
export interface Compensation {
  /** Instance id of the node whose task completed. */
  readonly instance: string;
  readonly nodeId: string;
  readonly config: JsonObject;
}

import type { Failure } from "../core/errors";
import type { JsonValue } from "../core/json";
import { Fuel } from "../definition/expressions/fuel";
import { type GraphIndex, graphIndex } from "../definition/graph-index";
import type { Edge, GraphNode } from "../definition/graph-types";
import type { EdgeState, EngineState, NodeState } from "./engine-state";
import type { EngineCommand, JournalEntry, RunOutcome } from "./engine-types";

/** What one input makes of a state. */
export interface StepResult {
  readonly state: EngineState;
  /** To be carried out in this order. */
  readonly commands: readonly EngineCommand[];
  readonly journal: readonly JournalEntry[];
}

/**
 * A state while a step works on it. Lists are copied once a step, entries are replaced, so the state that the step
 * started from stays as it was.
 */
export class Draft {
  readonly before: EngineState;
  readonly index: GraphIndex;
  /** Shared by all expressions of one step, as Temporal limits the time of a workflow task, not of an expression. */
  readonly fuel = new Fuel();
  readonly commands: EngineCommand[] = [];
  readonly journal: JournalEntry[] = [];
  /** Nodes whose incoming edges have all been decided, in that order. */
  readonly ready: number[] = [];
  readonly #nodes: NodeState[];
  readonly #edges: EdgeState[];
  #running: number;
  #ending: RunOutcome | undefined;
  #isFinished: boolean;

  constructor(before: EngineState) {
    this.before = before;
    this.index = graphIndex(before.snapshot.definition);
    this.#nodes = [...before.nodes];
    this.#edges = [...before.edges];
    this.#running = before.running;
    this.#ending = before.ending;
    this.#isFinished = before.isFinished;
  }

  get ending(): RunOutcome | undefined {
    return this.#ending;
  }

  get running(): number {
    return this.#running;
  }

  get nodeCount(): number {
    return this.#nodes.length;
  }

  /** The node of the definition at a position that the index gave. */
  node(position: number): GraphNode {
    return present(this.before.snapshot.definition.nodes[position]);
  }

  edge(position: number): Edge {
    return present(this.before.snapshot.definition.edges[position]);
  }

  state(position: number): NodeState {
    return present(this.#nodes[position]);
  }

  edgeState(position: number): EdgeState {
    return present(this.#edges[position]);
  }

  /** Position of the node whose task runs under this activity id; undefined where none does. */
  runningNode(activityId: string): number | undefined {
    const position = this.index.positions.get(activityId);
    return position !== undefined && this.state(position).status === "running" ? position : undefined;
  }

  markRunning(position: number): void {
    this.#nodes[position] = { ...this.state(position), status: "running" };
    this.#running += 1;
  }

  /** Back to where it was before this step started its task, which nobody has been told of yet. */
  unmarkRunning(position: number): void {
    this.#nodes[position] = { ...this.state(position), status: "pending" };
    this.#running -= 1;
  }

  markCompleted(position: number, output: JsonValue, outputSize: number): void {
    this.#end(position, { status: "completed", output, outputSize });
  }

  markFailed(position: number, failure: Failure): void {
    this.#end(position, { status: "failed", failure });
  }

  markEnded(position: number, status: "skipped" | "cancelled"): void {
    this.#end(position, { status });
  }

  #end(position: number, result: Pick<NodeState, "status" | "output" | "outputSize" | "failure">): void {
    const { status, undecided, taken } = this.state(position);
    if (status === "running") this.#running -= 1;
    this.#nodes[position] = { undecided, taken, ...result };
  }

  decideEdge(edge: number, isTaken: boolean): void {
    this.#edges[edge] = isTaken ? "taken" : "dead";
    const target = present(this.index.targets[edge]);
    const before = this.state(target);
    const undecided = before.undecided - 1;
    this.#nodes[target] = { ...before, undecided, taken: before.taken + (isTaken ? 1 : 0) };
    if (undecided === 0) this.ready.push(target);
  }

  /** From here on nothing new starts. The first reason stays. */
  endWith(outcome: RunOutcome): void {
    this.#ending ??= outcome;
  }

  finish(outcome: RunOutcome): void {
    this.#isFinished = true;
    this.commands.push({ type: "finish", outcome });
  }

  result(): StepResult {
    const state: EngineState = {
      ...this.before,
      nodes: this.#nodes,
      edges: this.#edges,
      running: this.#running,
      ...(this.#ending === undefined ? {} : { ending: this.#ending }),
      isFinished: this.#isFinished,
    };
    return { state, commands: this.commands, journal: this.journal };
  }
}

/** Positions come from the index of the same definition, so a missing entry is a defect. */
function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the state does not belong to its definition");
  return value;
}

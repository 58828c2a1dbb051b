import type { Failure } from "../core/errors";
import { FIRST_TARIFF, Fuel, MAX_STEPS } from "../definition/expressions/fuel";
import { CommandList } from "./command-list";
import type { Compensation, EngineState, FrameState, Message, Phase, Place, Work } from "./engine-state";
import type { EngineCommand, JournalEntry, RunOutcome } from "./engine-types";
import { FrameDraft } from "./frame-draft";
import { SeedsDraft } from "./seeds";
import { present, type Site, sites } from "./sites";
import type { Control, Steering } from "./steering";
import { TableDraft, tableEntries } from "./table";

/** What one input makes of a state. */
export interface StepResult {
  readonly state: EngineState;
  /** To be carried out in this order. */
  readonly commands: readonly EngineCommand[];
  readonly journal: readonly JournalEntry[];
  /** Steps that its expressions took (`fuel.ts`); absent where there was nothing to do. */
  readonly fuelUsed?: number;
  /** The edges that were taken, in that order. Simulations ask; the driver does not. */
  readonly followed?: readonly FollowedEdge[];
}

export interface FollowedEdge {
  /** Position in `graphsOf` the definition. */
  readonly graph: number;
  /** Position in the graph. */
  readonly edge: number;
}

/** A state while a step works on it. The state that the step started from stays as it was. */
export class Draft {
  readonly before: EngineState;
  readonly nowMs: number;
  readonly sites: readonly Site[];
  /** Shared by all expressions of one step, as Temporal limits the time of a workflow task, not of an expression. */
  readonly fuel: Fuel;
  readonly commands = new CommandList();
  readonly journal: JournalEntry[] = [];
  readonly followed: FollowedEdge[] = [];
  readonly running: TableDraft<Place>;
  /** Undefined where nothing is left to take over from another run. */
  readonly seeds: SeedsDraft | undefined;
  phase: Phase;
  outcome: RunOutcome | undefined;
  /** Tasks that run. */
  tasks: number;
  /** Bodies that are open. */
  bodies: number;
  timeoutAtMs: number | undefined;
  hasYielded: boolean;
  /** Undefined where nobody has steered the run. */
  steering: Steering | undefined;
  inbox: readonly Message[];
  compensations: readonly Compensation[];
  readonly agenda: Work[];
  waitingTasks: readonly Place[];
  waitingBodies: readonly Place[];
  readonly #frames: TableDraft<FrameState>;
  readonly #opened = new Map<string, FrameDraft>();
  #clock: number;
  #isFinished: boolean;

  constructor(before: EngineState, nowMs: number) {
    this.before = before;
    this.nowMs = nowMs;
    this.fuel = new Fuel(MAX_STEPS, before.tariff ?? FIRST_TARIFF);
    this.sites = sites(before.snapshot.definition);
    this.running = new TableDraft(before.running);
    this.seeds = before.seeds === undefined ? undefined : new SeedsDraft(before.seeds);
    this.#frames = new TableDraft(before.frames);
    this.phase = before.phase;
    this.outcome = before.outcome;
    this.tasks = before.tasks;
    this.bodies = before.bodies;
    this.timeoutAtMs = before.timeoutAtMs;
    this.hasYielded = before.hasYielded;
    this.steering = before.steering;
    this.inbox = before.inbox;
    this.compensations = before.compensations;
    this.agenda = [...before.agenda];
    this.waitingTasks = before.waitingTasks;
    this.waitingBodies = before.waitingBodies;
    this.#clock = before.clock;
    this.#isFinished = before.isFinished;
  }

  get isFinished(): boolean {
    return this.#isFinished;
  }

  /** A moment later than all before. */
  tick(): number {
    this.#clock += 1;
    return this.#clock;
  }

  /** Undefined for one that has ended, or that never was. */
  frame(id: string): FrameDraft | undefined {
    const opened = this.#opened.get(id);
    if (opened !== undefined) return opened;
    const state = this.#frames.get(id);
    return state === undefined ? undefined : this.#open(id, state);
  }

  /** The frame of something that is known to run. */
  frameOf({ frame }: Place): FrameDraft {
    return present(this.frame(frame));
  }

  addFrame(id: string, state: FrameState): FrameDraft {
    this.#frames.set(id, state);
    return this.#open(id, state);
  }

  dropFrame(id: string): void {
    this.#opened.delete(id);
    this.#frames.delete(id);
  }

  /** The bodies that a node has open, in the order in which they were opened. */
  bodiesOf({ frame, node }: Place): readonly FrameDraft[] {
    return tableEntries(this.#frames.result())
      .filter(([, { parent }]) => parent !== undefined && parent.frame === frame && parent.node === node)
      .toSorted(([, a], [, b]) => a.openedAt - b.openedAt)
      .map(([id]) => present(this.frame(id)));
  }

  site(graph: number): Site {
    return present(this.sites[graph]);
  }

  /** The node of an instance that runs; undefined for any other id. */
  runningAt(instance: string): Place | undefined {
    return this.running.get(instance);
  }

  note(entry: JournalEntry): void {
    this.journal.push(entry);
  }

  /** Says in the stream that the run was steered. */
  noteControl(control: Control): void {
    this.journal.push({ kind: "control", nodeId: control.node_id ?? "", nodeType: "", control });
  }

  noteFailed(nodeId: string, nodeType: string, failure: Failure): void {
    this.journal.push({ kind: "completed", nodeId, nodeType, status: "failed", failure });
  }

  finish(outcome: RunOutcome): void {
    this.#isFinished = true;
    this.commands.add({ type: "finish", outcome });
  }

  result(): StepResult {
    for (const [id, frame] of this.#opened) if (frame.hasChanged) this.#frames.set(id, frame.result());
    const { outcome, timeoutAtMs, phase, tasks, bodies, hasYielded, inbox, compensations, steering } = this;
    const seeds = this.seeds?.result();
    const { outcome: _outcome, timeoutAtMs: _timeout, steering: _steering, seeds: _seeds, ...before } = this.before;
    const state: EngineState = {
      ...before,
      phase,
      ...(outcome === undefined ? {} : { outcome }),
      frames: this.#frames.result(),
      running: this.running.result(),
      clock: this.#clock,
      tasks,
      bodies,
      agenda: this.agenda,
      waitingTasks: this.waitingTasks,
      waitingBodies: this.waitingBodies,
      inbox,
      compensations,
      ...(timeoutAtMs === undefined ? {} : { timeoutAtMs }),
      ...(steering === undefined ? {} : { steering }),
      ...(seeds === undefined ? {} : { seeds }),
      hasYielded,
      isFinished: this.#isFinished,
    };
    const { journal, followed, fuel } = this;
    return { state, commands: this.commands.all(), journal, followed, fuelUsed: fuel.used };
  }

  #open(id: string, state: FrameState): FrameDraft {
    const opened = new FrameDraft(id, state, this.site(state.graph));
    this.#opened.set(id, opened);
    return opened;
  }
}

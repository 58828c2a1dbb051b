import { CancellationScope, upsertMemo } from "@temporalio/workflow";
import { assertNever } from "../core/assert-never";
import type { Failure } from "../core/errors";
import { FIRST_TARIFF } from "../definition/expressions/fuel";
import type { EngineState, StepResult } from "../engine/engine";
import type { EngineCommand, JournalEntry, RunOutcome } from "../engine/engine-types";
import type { Pause } from "../engine/steering";
import { journalParts } from "../events/journal-parts";
import { announceWaits } from "./announce-waits";
import { announceApprovals, approvalsOf } from "./approvals-memo";
import { BeforeTurn } from "./before-turn";
import { MAX_QUERIED_APPROVALS_BYTES } from "./bound-approvals";
import { cancelReason } from "./cancel-reason";
import { announced, merged } from "./command-journal";
import { CommandRunner } from "./command-runner";
import type { ConcurrencySlot } from "./concurrency-slot";
import { showWhenAsked } from "./current-details";
import { Drain } from "./drain";
import { type GraphRunInput, MEMO_JOURNAL, MEMO_PAUSE, type WaitingApprovals } from "./history-contract";
import { InputQueue, type QueuedInput } from "./input-queue";
import type { LiveProgress } from "./live-progress";
import { listenToMessages } from "./message-handlers";
import type { OutsideInput } from "./message-inputs";
import { MAX_PAYLOAD_BYTES } from "./payload-limits";
import { RequestIds } from "./request-ids";
import { type ContinuedRun, handOver, takeOver } from "./run-chain";
import { sharedEngine } from "./shared-engine";
import { SignalBudget } from "./signal-budget";
import { freeParts } from "./state-parts";
import { detailsTable, type NodeStateView, withChildIds, withProgress } from "./state-view";
import { follow, settledValue, type Waits, waitFor } from "./waits";
import { WorkflowTaskBudget } from "./workflow-task-budget";

const ENDING: Failure = { code: "RUN_ENDING", message: "the run is ending and takes nothing more" };

/**
 * Carries out what the engine says and tells it what came of it; it decides nothing about the graph. What it does, in which
 * order, becomes history: a change here must keep `tests/replay` green.
 */
export class GraphDriver {
  readonly #run: GraphRunInput;
  readonly #progress: ReadonlyMap<string, LiveProgress>;
  readonly #slot: ConcurrencySlot;
  readonly #beforeTurn: BeforeTurn;
  readonly #queue = new InputQueue();
  readonly #budget = new WorkflowTaskBudget();
  readonly #signals: SignalBudget;
  readonly #commands: CommandRunner;
  readonly #requestIds = new RequestIds();
  readonly #drain: Drain;
  #defects: readonly unknown[] = [];
  #state: EngineState | undefined;
  /** What the engine said and nobody has done yet. */
  #journal: JournalEntry[] = [];
  #todo: EngineCommand[] = [];
  /** Blobs that hold what the run before handed on, and those of hand-overs that came to nothing. */
  #parts: readonly string[];
  #hasEnded = false;
  /** True in a run that nothing can follow. */
  #windsDown = false;

  constructor(run: GraphRunInput, progress: ReadonlyMap<string, LiveProgress>, slot: ConcurrencySlot) {
    const hears = {
      onDefect: (defect: unknown) => {
        this.#defects = [...this.#defects, defect];
      },
      onEnd: () => this.#queue.wake(),
    };
    this.#run = run;
    this.#progress = progress;
    this.#slot = slot;
    this.#beforeTurn = new BeforeTurn(run);
    slot.onQueued = () => this.#answerBeforeTurn();
    this.#signals = new SignalBudget(run.snapshot.definition);
    this.#commands = new CommandRunner({
      run,
      queue: this.#queue,
      budget: this.#budget,
      signals: this.#signals,
      hears,
    });
    this.#drain = new Drain(run, this.#commands, hears);
    this.#parts = run.resumed?.parts ?? [];
    listenToMessages({
      refusal: (message) => this.#refusal(message),
      deliver: (message) => this.#deliver(message),
    });
  }

  /** The nodes as they stand; none before `run`. */
  nodes(): readonly NodeStateView[] {
    if (this.#state === undefined) return [];
    const nodes = withChildIds(sharedEngine().viewNodes(this.#state), this.#commands.childIds);
    return withProgress(nodes, this.#progress);
  }

  /** What it waits for from people. */
  approvals(): WaitingApprovals {
    if (this.#state === undefined) return { total: 0, approvals: [] };
    return approvalsOf(this.#state, MAX_QUERIED_APPROVALS_BYTES);
  }

  /** Set while the run is paused. */
  get pause(): Pause | undefined {
    return this.#state?.steering?.pause;
  }

  /** A runner has sent a signal. */
  heard(activityId: string): void {
    this.#signals.heard(activityId);
  }

  /**
   * Runs the graph to its end, or to where a new run goes on with it. Throws only on a defect. A cancel is the engine's to
   * answer, so nothing is cancelled by scope.
   */
  async run(): Promise<RunOutcome | ContinuedRun> {
    showWhenAsked(() => detailsTable(this.nodes(), this.pause));
    CancellationScope.current().cancelRequested.catch(() =>
      this.#queue.push({ input: { type: "cancel", reason: cancelReason() } }),
    );
    return await CancellationScope.nonCancellable(() => follow(this.#loop()));
  }

  /** To be called when the run ends: turns away what nobody will read, and frees what the chain of runs has kept. */
  async close(): Promise<void> {
    this.#hasEnded = true;
    for (const { answer } of this.#queue.takeAll()) answer?.(ENDING);
    await CancellationScope.nonCancellable(() => freeParts(this.#parts));
  }

  *#loop(): Waits<RunOutcome | ContinuedRun> {
    yield* this.#begin();
    for (;;) {
      const outcome = yield* this.#carryOut();
      if (outcome !== undefined) return outcome;
      // A graph that never waits must not outgrow the history of one run either.
      const continuedEarly = this.#queue.length > 0 ? yield* this.#lookAtHistory() : undefined;
      if (continuedEarly !== undefined) return continuedEarly;
      yield* this.#tellEngine();
      if (this.#todo.length > 0 || this.#journal.length > 0) continue;
      const continued = yield* this.#lookAtHistory();
      if (continued !== undefined) return continued;
      if (this.#todo.length === 0) yield* this.#somethingToDo();
      if (this.#defects.length > 0) throw this.#defects[0];
    }
  }

  *#begin(): Waits<void> {
    const { snapshot, input, executionId, resumed, breakpoints, redriven, tariff = FIRST_TARIFF } = this.#run;
    if (resumed === undefined) {
      const { executionId: from, ends = [], children = [] } = redriven ?? { executionId: "" };
      const seeds = { from, ends, children };
      const info = { id: executionId };
      this.#take(sharedEngine().start(snapshot, input, info, Date.now(), breakpoints, seeds, tariff));
      return;
    }
    const { state, held, requestIds } = yield* settledValue(takeOver(this.#run, resumed));
    this.#drain.begin(this.#run);
    for (const id of requestIds) this.#requestIds.add(id);
    this.#todo.push(...sharedEngine().outstanding(state), ...held);
    // What came to this run while it was loading comes after what the run before it had heard.
    const later = this.#queue.takeAll();
    for (const item of [...resumed.inputs, ...later]) this.#queue.push(item);
    this.#state = state;
  }

  #take(result: StepResult): void {
    const { state, journal, commands } = result;
    this.#drain.spend(result);
    this.#state = state;
    this.#journal.push(...journal);
    this.#todo.push(...commands);
  }

  *#carryOut(): Waits<RunOutcome | undefined> {
    const commands = this.#commands.admit(this.#todo.splice(0));
    yield* this.#writeJournal(announced(this.#journal.splice(0), this.#commands.childIds));
    for (const command of commands) {
      if (command.type === "finish") {
        // It goes to the server with all else that this workflow task sends.
        yield* waitFor(this.#budget.take(MAX_PAYLOAD_BYTES));
        return command.outcome;
      }
      yield* this.#commands.carryOut(command);
    }
    return undefined;
  }

  /** Nothing where nothing moved: an upsert costs visibility work. */
  *#writeJournal(entries: readonly JournalEntry[]): Waits<void> {
    if (this.#state !== undefined && this.#run.announcesWaits === true) announceWaits(this.#state, entries);
    const parts = journalParts(entries);
    for (const [index, part] of parts.entries()) {
      yield* waitFor(this.#budget.take(part.bytes));
      // Of approvals only the last state matters; it costs no command of its own.
      const approvals = index === parts.length - 1 ? this.#announceApprovals(entries) : {};
      upsertMemo({ [MEMO_JOURNAL]: part.entries, ...this.#pauseMemo(part.entries), ...approvals });
    }
  }

  /** Whoever asks how the run stands need not ask a worker whether it is paused. */
  #pauseMemo(entries: readonly JournalEntry[]): Readonly<Record<string, unknown>> {
    return entries.some(({ kind }) => kind === "control") ? { [MEMO_PAUSE]: this.pause ?? null } : {};
  }

  #announceApprovals(entries: readonly JournalEntry[]): Readonly<Record<string, unknown>> {
    if (this.#state === undefined || this.#run.announcesApprovals !== true) return {};
    return announceApprovals(this.#state, entries, this.#run.announcesWaits !== true);
  }

  /** All that has come is told before anything of it is carried out. */
  *#tellEngine(): Waits<void> {
    for (const item of this.#queue.takeAll()) {
      yield* waitFor(this.#budget.take(0));
      this.#tell(item);
    }
  }

  /** True where the engine has taken it. */
  #tell({ input, requestId, answer, isStale, entries = [] }: QueuedInput): boolean {
    const engine = sharedEngine();
    const state = this.#state;
    if (state === undefined) throw new Error("the engine has not started");
    const isKnown = isStale?.() ?? this.#requestIds.has(requestId);
    const isOutside = input.type === "message" || input.type === "answer" || input.type === "steer";
    const refusal = isOutside && !isKnown ? engine.refusal(state, input) : null;
    if (!isKnown && refusal === null) {
      const result = engine.step(state, input, Date.now());
      this.#budget.spend(result);
      this.#take({ ...result, journal: merged(entries, result.journal) });
      this.#requestIds.add(requestId);
    }
    answer?.(refusal);
    return !isKnown && refusal === null;
  }

  #refusal({ input, requestId }: OutsideInput): Failure | null {
    if (this.#hasEnded) return ENDING;
    const turn = this.#turn;
    if (turn !== undefined) return this.#beforeTurn.refusal(turn, { input }, this.#queue.items);
    if (this.#state === undefined || this.#requestIds.has(requestId)) return null;
    return sharedEngine().refusal(this.#state, input);
  }

  #deliver(message: OutsideInput): Promise<Failure | null> {
    if (this.#hasEnded) return Promise.resolve(ENDING);
    const delivered = this.#queue.deliver(message);
    if (this.#turn !== undefined) this.#answerBeforeTurn();
    return delivered;
  }

  /** Set while the run waits for its turn. */
  get #turn() {
    return this.#state === undefined ? this.#slot.view().waitsForTurn : undefined;
  }

  /** Nobody is left waiting for an answer until the run's turn comes. */
  #answerBeforeTurn(): void {
    const turn = this.#turn;
    if (turn === undefined) return;
    const kept: QueuedInput[] = [];
    for (const { answer, ...item } of this.#queue.takeAll()) {
      const { input } = item;
      const isOutside = input.type === "message" || input.type === "answer" || input.type === "steer";
      const refusal = isOutside ? this.#beforeTurn.refusal(turn, { input }, kept) : null;
      if (refusal === null) kept.push(item);
      answer?.(refusal);
    }
    for (const item of kept) this.#queue.push(item);
  }

  *#somethingToDo(): Waits<void> {
    const isThere = () => this.#queue.length > 0 || this.#defects.length > 0 || this.#drain.isOver;
    while (!isThere()) yield this.#queue.more();
  }

  /** Ends this run where its history is long enough and nothing runs that a new run could not take over. */
  *#lookAtHistory(): Waits<ContinuedRun | RunOutcome | undefined> {
    if (this.#state === undefined || !this.#queue.isOnlyGoOn) return undefined;
    const { verdict, todo } = this.#drain.look();
    this.#todo.push(...todo);
    return verdict === "continue_as_new" ? yield* this.#handOver(this.#state) : undefined;
  }

  *#handOver(state: EngineState): Waits<ContinuedRun | RunOutcome | undefined> {
    yield* waitFor(this.#budget.take(MAX_PAYLOAD_BYTES));
    const handingOver = handOver({
      run: this.#run,
      state,
      held: this.#commands.held,
      requestIds: this.#requestIds.all(),
      oldParts: this.#parts,
      hear: () => this.#queue.takeAll().filter((item) => this.#tell(item)),
    });
    const result = yield* settledValue(handingOver);
    switch (result.status) {
      case "continued":
        return result;
      case "again":
        this.#parts = result.parts;
        return undefined;
      case "too_large":
        return this.#windDown(result.failure);
      default:
        return assertNever(result, "end of a hand-over");
    }
  }

  /** What the run did is undone, and its handlers run, in what is left of this run. A second time it ends as it is. */
  #windDown(failure: Failure): RunOutcome | undefined {
    if (this.#windsDown) return { status: "failed", failure };
    this.#windsDown = true;
    this.#tell({ input: { type: "fail", failure } });
    this.#drain.postpone();
    return undefined;
  }
}

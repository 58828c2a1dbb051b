import { CancellationScope, condition, setCurrentDetails, sleep, upsertMemo } from "@temporalio/workflow";
import { jsonBytes } from "../core/json-size";
import type { StepResult } from "../engine/engine";
import type { EngineCommand, EngineInput, JournalEntry, RunOutcome, RunTaskCommand } from "../engine/engine-types";
import { endOfActivity } from "./activity-error";
import { type GraphRunInput, type Journal, MEMO_JOURNAL, type RunnerInput } from "./history-contract";
import type { LiveProgress } from "./live-progress";
import { boundJournal, MAX_COMMANDS_BYTES, MAX_PAYLOAD_BYTES } from "./payload-limits";
import { runRunner, SIGNALS_PER_RUN } from "./run-runner";
import { sharedEngine } from "./shared-engine";
import { detailsTable, type NodeStateView, withProgress } from "./state-view";

/**
 * Carries out what the engine says and tells it what came of it; it decides nothing. What it does, in which order,
 * becomes history: a change here must keep `tests/replay` green.
 */
export class GraphDriver {
  readonly #input: GraphRunInput;
  readonly #progress: ReadonlyMap<string, LiveProgress>;
  readonly #scopes = new Map<string, CancellationScope>();
  /** What the engine has not been told yet. All that one workflow task brings is told before anything is carried out. */
  readonly #inputs: EngineInput[] = [];
  /** What the driver itself has to add to the journal: tasks that it refused to schedule. */
  readonly #refused: JournalEntry[] = [];
  #defects: readonly unknown[] = [];
  #result: StepResult | undefined;
  #commandsBytes = 0;

  constructor(input: GraphRunInput, progress: ReadonlyMap<string, LiveProgress>) {
    this.#input = input;
    this.#progress = progress;
  }

  /** The nodes as they stand; none before `run`. */
  nodes(): readonly NodeStateView[] {
    return this.#result === undefined ? [] : withProgress(sharedEngine().viewNodes(this.#result.state), this.#progress);
  }

  showDetails(): void {
    setCurrentDetails(detailsTable(this.nodes()));
  }

  /** Runs the graph to its end. Throws only on a defect. A cancel is the engine's to answer, so nothing is cancelled by scope. */
  async run(): Promise<RunOutcome> {
    CancellationScope.current().cancelRequested.catch(() => this.#inputs.push({ type: "cancel", reason: "cancelled" }));
    return await CancellationScope.nonCancellable(() => this.#loop());
  }

  async #loop(): Promise<RunOutcome> {
    const { snapshot, input, executionId } = this.#input;
    let result = sharedEngine().start(snapshot, input, { id: executionId });
    for (;;) {
      this.#result = result;
      this.#writeJournal(result.journal);
      this.showDetails();
      for (const command of result.commands) {
        const outcome = await this.#carryOut(command);
        if (outcome !== undefined) return outcome;
      }
      await this.#somethingToTell();
      result = this.#tellEngine(result);
    }
  }

  async #somethingToTell(): Promise<void> {
    if (this.#inputs.length === 0 && this.#defects.length === 0) {
      await condition(() => this.#inputs.length > 0 || this.#defects.length > 0);
      this.#commandsBytes = 0;
    }
    if (this.#defects.length > 0) throw this.#defects[0];
  }

  #tellEngine(before: StepResult): StepResult {
    let state = before.state;
    const commands: EngineCommand[] = [];
    const journal: JournalEntry[] = this.#refused.splice(0);
    for (const input of this.#inputs.splice(0)) {
      const result = sharedEngine().step(state, input);
      state = result.state;
      commands.push(...result.commands);
      journal.push(...result.journal);
    }
    return { state, commands, journal };
  }

  /** One upsert for all that moved in this workflow task, and none where nothing did: an upsert costs visibility work. */
  #writeJournal(entries: readonly JournalEntry[]): void {
    const journal: Journal = boundJournal(entries);
    if (journal.length > 0) upsertMemo({ [MEMO_JOURNAL]: journal });
  }

  async #carryOut(command: EngineCommand): Promise<RunOutcome | undefined> {
    switch (command.type) {
      case "run_task":
        await this.#runTask(command);
        return undefined;
      case "cancel_task":
        this.#scopes.get(command.activityId)?.cancel();
        return undefined;
      case "finish":
        return command.outcome;
    }
  }

  async #runTask(command: RunTaskCommand): Promise<void> {
    const configBytes = jsonBytes(command.config);
    if (configBytes > MAX_PAYLOAD_BYTES) {
      this.#refuse(command, configBytes);
      return;
    }
    if (this.#commandsBytes + configBytes > MAX_COMMANDS_BYTES) {
      // Ends this workflow task, so that the next commands go in a message of their own.
      await sleep(1);
      this.#commandsBytes = 0;
    }
    this.#commandsBytes += configBytes;
    this.#launch(command);
  }

  #refuse({ activityId, nodeId }: RunTaskCommand, configBytes: number): void {
    const message = `the rendered config is ${configBytes} bytes; at most ${MAX_PAYLOAD_BYTES} can be sent to a worker`;
    const failure = { code: "CONFIG_INVALID", message };
    this.#refused.push({ kind: "entered", nodeId, nodeType: "task" });
    this.#refused.push({ kind: "completed", nodeId, nodeType: "task", status: "failed", failure });
    this.#inputs.push({ type: "task_failed", activityId, failure });
  }

  #launch(command: RunTaskCommand): void {
    const { activityId, taskType, summary } = command;
    const scope = new CancellationScope();
    this.#scopes.set(activityId, scope);
    scope
      .run(() => runRunner({ taskType, activityId, summary, input: this.#runnerInput(command) }))
      .then(
        (output) => this.#inputs.push({ type: "task_completed", activityId, output }),
        (error: unknown) => {
          const end = endOfActivity(error);
          if (end.cancelled) this.#inputs.push({ type: "task_cancelled", activityId });
          else this.#inputs.push({ type: "task_failed", activityId, failure: end.failure });
        },
      )
      .catch((defect: unknown) => {
        this.#defects = [...this.#defects, defect];
      })
      .finally(() => this.#scopes.delete(activityId));
  }

  #runnerInput({ nodeId, taskId, config, workspacePath, options }: RunTaskCommand): RunnerInput {
    return {
      executionId: this.#input.executionId,
      nodeId,
      ...(taskId === undefined ? {} : { taskId }),
      config,
      ...(workspacePath === undefined ? {} : { workspacePath }),
      options,
      signalBudget: this.#signalBudget(),
    };
  }

  /** An equal share for every task of the graph, as if each ran once. */
  #signalBudget(): number {
    const tasks = this.#input.snapshot.definition.nodes.filter((node) => node.type === "task").length;
    return Math.max(1, Math.floor(SIGNALS_PER_RUN / tasks));
  }
}

import { isCancellation, sleep } from "@temporalio/workflow";
import { assertNever } from "../core/assert-never";
import type { Failure } from "../core/errors";
import { jsonBytes, utf8Bytes } from "../core/json-size";
import type {
  EngineCommand,
  EngineInput,
  JournalEntry,
  RunTaskCommand,
  StartChildCommand,
} from "../engine/engine-types";
import { endOfTask } from "./activity-error";
import { MAX_SUMMARY_LENGTH } from "./activity-options";
import { childRunInput, newChildExecutionId, runChild } from "./child-runs";
import { taskEnded, taskEntered } from "./command-journal";
import type { GraphRunInput, RunnerInput } from "./history-contract";
import type { InputQueue } from "./input-queue";
import { MAX_PAYLOAD_BYTES } from "./payload-limits";
import { runRunner } from "./run-runner";
import { RunningWork, type WorkListener } from "./running-work";
import type { SignalBudget } from "./signal-budget";
import { type Waits, waitFor } from "./waits";
import type { WorkflowTaskBudget } from "./workflow-task-budget";

/** Ids, summary and what else a command holds beside its payload; generous. */
const COMMAND_BYTES = 1_000;

type StartCommand = RunTaskCommand | StartChildCommand;

export interface CommandRunnerOptions {
  readonly run: GraphRunInput;
  /** Where what comes of the commands goes. */
  readonly queue: InputQueue;
  readonly budget: WorkflowTaskBudget;
  readonly signals: SignalBudget;
  readonly hears: WorkListener;
}

/** Carries out what the engine says with Temporal's means: activities, timers and child runs. */
export class CommandRunner {
  readonly #options: CommandRunnerOptions;
  readonly #tasks: RunningWork;
  readonly #children: RunningWork;
  readonly #timers: RunningWork;
  readonly #childIds = new Map<string, string>();
  /** Counts the timers that were started and cancelled, by id: one may be started again under the id of one that fired. */
  readonly #timerTurns = new Map<string, number>();
  #held: StartCommand[] = [];
  #isHolding = false;

  constructor(options: CommandRunnerOptions) {
    this.#options = options;
    this.#tasks = new RunningWork(options.hears);
    this.#children = new RunningWork(options.hears);
    this.#timers = new RunningWork(options.hears);
  }

  /** Neither a task nor a child run is under way. Timers may be: they can be started again at any time. */
  get isIdle(): boolean {
    return this.#tasks.size === 0 && this.#children.size === 0;
  }

  /** Execution ids of the child runs that are under way or about to be started, by the node's instance id. */
  get childIds(): ReadonlyMap<string, string> {
    return this.#childIds;
  }

  /** From now on tasks and child runs are not started but kept. */
  hold(): void {
    this.#isHolding = true;
  }

  /** What is kept. */
  get held(): readonly EngineCommand[] {
    return this.#held;
  }

  /** Gives back what was kept. */
  release(): readonly EngineCommand[] {
    this.#isHolding = false;
    return this.#held.splice(0);
  }

  /** Keeps what may not be started now, gives child runs their execution ids, and returns what is to be carried out. */
  admit(commands: readonly EngineCommand[]): readonly EngineCommand[] {
    const admitted: EngineCommand[] = [];
    for (const command of commands) {
      const isStart = command.type === "run_task" || command.type === "start_child";
      if (isStart && this.#isHolding) this.#held.push(command);
      else if (!this.#cancelHeld(command)) admitted.push(command);
      if (command.type === "start_child" && !this.#isHolding)
        this.#childIds.set(command.childId, newChildExecutionId());
    }
    return admitted;
  }

  /** Done when the command is issued, not when what it started has ended. */
  *carryOut(command: Exclude<EngineCommand, { readonly type: "finish" }>): Waits<void> {
    const { queue, budget } = this.#options;
    switch (command.type) {
      case "run_task":
        return yield* this.#runTask(command);
      case "cancel_task":
        return this.#tasks.cancel(command.activityId);
      case "start_child":
        return yield* this.#startChild(command);
      case "cancel_child":
        return this.#children.cancel(command.childId);
      case "start_timer":
        yield* waitFor(budget.take(COMMAND_BYTES));
        return this.#startTimer(command.timerId, command.dueAtMs, command.summary);
      case "cancel_timer":
        this.#turnOf(command.timerId, 1);
        return this.#timers.cancel(command.timerId);
      case "yield":
        yield sleep(1);
        return queue.push({ input: { type: "go_on" } });
      default:
        return assertNever(command, "command of the engine");
    }
  }

  /** True where the command took back something that was only kept to be started. */
  #cancelHeld(command: EngineCommand): boolean {
    const position = this.#held.findIndex(
      (held) =>
        (command.type === "cancel_task" && held.type === "run_task" && held.activityId === command.activityId) ||
        (command.type === "cancel_child" && held.type === "start_child" && held.childId === command.childId),
    );
    const [held] = position < 0 ? [] : this.#held.splice(position, 1);
    if (held === undefined) return false;
    if (held.type === "start_child") this.#tell({ type: "child_cancelled", childId: held.childId });
    else this.#tellUnstarted(held, { type: "task_cancelled", activityId: held.activityId });
    return true;
  }

  *#runTask(command: RunTaskCommand): Waits<void> {
    const { budget, signals } = this.#options;
    const { activityId, taskType, summary, lane, priority } = command;
    // A budget of nothing makes it silent.
    const input = this.#runnerInput(command, lane === "fast" ? 0 : signals.grant(activityId));
    const inputBytes = jsonBytes({ ...input, options: null });
    if (inputBytes > MAX_PAYLOAD_BYTES)
      return this.#tellUnstarted(command, {
        type: "task_failed",
        activityId,
        failure: tooLarge("rendered config", inputBytes),
      });
    yield* waitFor(budget.take(COMMAND_BYTES + inputBytes));
    this.#tasks.start(activityId, () => {
      const output = runRunner({ taskType, activityId, summary, input, lane, priority });
      return endOfTask(activityId, output, (end) => {
        signals.giveBack(activityId);
        this.#tell(end);
      });
    });
  }

  #runnerInput(command: RunTaskCommand, signalBudget: number): RunnerInput {
    const { nodeId, taskId, config, workspacePath, options, cache } = command;
    return {
      executionId: this.#options.run.executionId,
      nodeId,
      ...(taskId === undefined ? {} : { taskId }),
      config,
      ...(workspacePath === undefined ? {} : { workspacePath }),
      options,
      signalBudget,
      ...(cache === undefined ? {} : { cache }),
    };
  }

  *#startChild(command: StartChildCommand): Waits<void> {
    const { run, budget } = this.#options;
    const { childId, workflowId } = command;
    const input = childRunInput(run, command, this.#childIds.get(childId) ?? newChildExecutionId());
    if (input === null) return this.#refuseChild(childId, notInSnapshot(workflowId));
    const inputBytes = utf8Bytes(JSON.stringify(input));
    if (inputBytes > MAX_PAYLOAD_BYTES)
      return this.#refuseChild(childId, tooLarge("child run's definition, tasks and input", inputBytes));
    yield* waitFor(budget.take(COMMAND_BYTES + inputBytes));
    this.#children.start(childId, async () => {
      const end = await runChild(childId, input);
      this.#childIds.delete(childId);
      this.#tell(end);
    });
  }

  #refuseChild(childId: string, failure: Failure): void {
    this.#childIds.delete(childId);
    this.#tell({ type: "child_failed", childId, failure });
  }

  #startTimer(timerId: string, dueAtMs: number, summary: string): void {
    const turn = this.#turnOf(timerId, 1);
    this.#timers.start(timerId, async () => {
      try {
        await sleep(Math.max(1, Math.ceil(dueAtMs - Date.now())), { summary: summary.slice(0, MAX_SUMMARY_LENGTH) });
      } catch (error) {
        if (isCancellation(error)) return;
        throw error;
      }
      const isStale = () => this.#turnOf(timerId, 0) !== turn;
      this.#options.queue.push({ input: { type: "timer_fired", timerId }, isStale });
    });
  }

  #turnOf(timerId: string, step: 0 | 1): number {
    const turn = (this.#timerTurns.get(timerId) ?? 0) + step;
    this.#timerTurns.set(timerId, turn);
    return turn;
  }

  #tell(input: EngineInput, entries: readonly JournalEntry[] = []): void {
    this.#options.queue.push(entries.length === 0 ? { input } : { input, entries });
  }

  /** Of a task that never became an activity, so that only the journal tells of it. */
  #tellUnstarted(command: RunTaskCommand, input: EngineInput): void {
    this.#options.signals.giveBack(command.activityId);
    this.#tell(input, [taskEntered(command), ...taskEnded(input)]);
  }
}

function tooLarge(what: string, bytes: number): Failure {
  return {
    code: "CONFIG_INVALID",
    message: `the ${what} takes ${bytes} bytes; at most ${MAX_PAYLOAD_BYTES} can be sent to a worker`,
  };
}

function notInSnapshot(workflowId: string): Failure {
  return { code: "WORKFLOW_NOT_FOUND", message: `workflow ${workflowId} was not there when the run was started` };
}

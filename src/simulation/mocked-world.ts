import type { Failure } from "../core/errors";
import type { JsonObject, JsonValue } from "../core/json";
import { INPUT_BYTES } from "../definition/worst-case/costs";
import type {
  EngineCommand,
  EngineInput,
  JournalEntry,
  RunTaskCommand,
  StartChildCommand,
} from "../engine/engine-types";
import { Agenda } from "./agenda";
import { CachedResults } from "./cached-results";
import { COMPENSATE } from "./instance";
import { MockSource } from "./mock-source";
import type { AnswerMock, CheckedMocks, MessageMock, TaskMock } from "./mocks";
import type { SimulationCost } from "./report";
import { afterMs, mockedFailure, runAttempts } from "./task-attempts";
import { VirtualHistory } from "./virtual-history";

/** What happens at its time: writes itself to the history, and says what the engine is told. */
type Happening = () => readonly EngineInput[];

/** Something under way that may be cancelled before its time. */
interface Pending {
  readonly scheduledEventId: number;
  isCancelled: boolean;
}

export interface MockedWorldSettings {
  readonly executionId: string;
  readonly mocks: CheckedMocks;
  readonly nowMs: number;
  /** Tasks and child runs without a mock fail. */
  readonly isStrict: boolean;
}

/** Everything outside the engine: tasks, timers, children and people, as mocks have them, in virtual time. */
export class MockedWorld {
  readonly history: VirtualHistory;
  readonly source: MockSource;
  readonly #isStrict: boolean;
  readonly #agenda = new Agenda<Happening>();
  readonly #results = new CachedResults();
  /** Activities, timers and children under way, by kind and id. */
  readonly #pending = new Map<string, Pending>();
  readonly #counts = { activities: 0, attempts: 0, timers: 0, children: 0, workflowTasks: 0 };
  #nowMs: number;

  constructor({ executionId, mocks, nowMs, isStrict }: MockedWorldSettings) {
    this.history = new VirtualHistory(executionId);
    this.source = new MockSource(mocks.nodes);
    this.#isStrict = isStrict;
    this.#nowMs = nowMs;
    for (const { name, payload = null, after } of mocks.messages)
      this.#agenda.add(nowMs + afterMs(after), () => this.#message(name, payload));
    const { cancel } = mocks;
    if (cancel !== undefined)
      this.#agenda.add(nowMs + afterMs(cancel.after), () => this.#cancelRun(cancel.reason ?? "cancelled"));
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  get cost(): SimulationCost {
    const { eventCount, sizeBytes } = this.history;
    return { historyEvents: eventCount, historyBytes: sizeBytes, ...this.#counts };
  }

  /** Goes to the next time at which something happens. Null where nothing is to come. */
  next(): readonly EngineInput[] | null {
    const beforeMs = this.#nowMs;
    for (let { nextMs } = this.#agenda; nextMs !== undefined; { nextMs } = this.#agenda) {
      this.#nowMs = nextMs;
      const inputs = this.#agenda.takeAt(nextMs).flatMap((happening) => happening());
      if (inputs.length > 0) return inputs;
    }
    // What was left had been cancelled, and its time never comes.
    this.#nowMs = beforeMs;
    return null;
  }

  workflowTask(journal: readonly JournalEntry[]): void {
    this.#counts.workflowTasks += 1;
    this.history.workflowTask(this.#nowMs, journal);
  }

  begin(command: Exclude<EngineCommand, { type: "finish" }>): void {
    switch (command.type) {
      case "run_task":
        this.#beginTask(command);
        break;
      case "start_child":
        this.#beginChild(command);
        break;
      case "start_timer":
        this.#beginTimer(command.timerId, command.dueAtMs);
        break;
      case "cancel_task":
        this.#cancelTask(command.activityId);
        break;
      case "cancel_child":
        this.#cancelChild(command.childId);
        break;
      case "cancel_timer":
        if (this.#drop(`timer ${command.timerId}`) !== undefined) this.history.skip(1);
        break;
      case "yield":
        this.#agenda.add(this.#nowMs, () => [{ type: "go_on" }]);
        break;
    }
  }

  #beginTask(command: RunTaskCommand): void {
    const { activityId, nodeId, config, options } = command;
    const given = { nodeId, config };
    const scheduled = { type: "activity_scheduled", activityId, input: given } as const;
    const scheduledEventId = this.history.add(this.#nowMs, scheduled, given);
    this.history.addBytes(INPUT_BYTES);
    const { durationMs, attempts, result } =
      this.#results.find(command, this.#nowMs) ?? runAttempts(options, () => this.#nextTaskMock(activityId, nodeId));
    this.#counts.activities += 1;
    this.#counts.attempts += attempts;
    this.#plan(`task ${activityId}`, scheduledEventId, this.#nowMs + durationMs, () => {
      this.history.add(this.#nowMs, { type: "activity_started", scheduledEventId, attempt: attempts });
      if (result.ok) {
        const { output } = result;
        this.#results.keep(command, output, this.#nowMs);
        this.history.add(this.#nowMs, { type: "activity_completed", scheduledEventId, output }, output);
        return [{ type: "task_completed", activityId, output }];
      }
      const { failure } = result;
      this.history.add(this.#nowMs, { type: "activity_failed", scheduledEventId, failure }, ofFailure(failure));
      return [{ type: "task_failed", activityId, failure }];
    });
  }

  #cancelTask(activityId: string): void {
    const pending = this.#drop(`task ${activityId}`);
    if (pending === undefined) return;
    this.history.skip(1);
    this.#agenda.add(this.#nowMs, () => {
      const { scheduledEventId } = pending;
      this.history.add(this.#nowMs, { type: "activity_started", scheduledEventId, attempt: 1 });
      this.history.add(this.#nowMs, { type: "activity_cancelled", scheduledEventId });
      return [{ type: "task_cancelled", activityId }];
    });
  }

  #beginTimer(timerId: string, dueAtMs: number): void {
    this.#counts.timers += 1;
    this.history.skip(1);
    this.#plan(`timer ${timerId}`, this.history.eventCount, Math.max(this.#nowMs, dueAtMs), () => {
      this.history.skip(1);
      return [{ type: "timer_fired", timerId }];
    });
  }

  /** A child is initiated, and started at once, which takes a workflow task of its own. */
  #beginChild({ childId, nodeId, input }: StartChildCommand): void {
    this.#counts.children += 1;
    this.history.skip(5, input);
    const mock = this.#nextTaskMock(childId, nodeId);
    this.#plan(`child ${childId}`, this.history.eventCount, this.#nowMs + afterMs(mock.after), () => {
      const { output = null, error } = mock;
      this.history.skip(1, error === undefined ? output : null);
      if (error === undefined) return [{ type: "child_completed", childId, output }];
      return [{ type: "child_failed", childId, failure: mockedFailure(error) }];
    });
  }

  #cancelChild(childId: string): void {
    if (this.#drop(`child ${childId}`) === undefined) return;
    this.history.skip(3);
    this.#agenda.add(this.#nowMs, () => [{ type: "child_cancelled", childId }]);
  }

  #plan(key: string, scheduledEventId: number, atMs: number, happening: Happening): void {
    const pending: Pending = { scheduledEventId, isCancelled: false };
    this.#pending.set(key, pending);
    this.#agenda.add(atMs, () => {
      if (pending.isCancelled) return [];
      this.#pending.delete(key);
      return happening();
    });
  }

  /** Takes something back that has not come to its end; undefined where there is nothing to take back. */
  #drop(key: string): Pending | undefined {
    const pending = this.#pending.get(key);
    if (pending === undefined) return undefined;
    pending.isCancelled = true;
    this.#pending.delete(key);
    return pending;
  }

  /** A compensation has mocks of its own, so that what a task gives is not taken for what undoing it gives. */
  #nextTaskMock(instanceId: string, nodeId: string): TaskMock {
    const mock = this.source.next(instanceId) as TaskMock | undefined;
    if (mock !== undefined) return mock;
    if (!this.#isStrict) return {};
    const id = instanceId.endsWith(COMPENSATE) ? `${nodeId}${COMPENSATE}` : nodeId;
    const message = `there is no mock for '${id}', and the simulation is strict`;
    return { error: { code: "NOT_MOCKED", message, retryable: false } };
  }

  /** Plans what a mock has to say to a signal or an approval that has been entered. */
  answer({ nodeId, nodeType, input }: JournalEntry): void {
    const mock = this.source.next(nodeId);
    if (mock === undefined) return;
    const dueAtMs = this.#nowMs + afterMs(mock.after);
    if (nodeType === "signal") {
      const name = String((input as JsonObject | undefined)?.["name"] ?? "");
      this.#agenda.add(dueAtMs, () => this.#message(name, (mock as MessageMock).payload));
      return;
    }
    const { after: _, ...answer } = mock as AnswerMock;
    this.#agenda.add(dueAtMs, () => {
      // An update: accepted and completed.
      this.history.skip(2, { ...answer });
      return [{ type: "answer", nodeId, ...answer }];
    });
  }

  #message(name: string, payload: JsonValue): readonly EngineInput[] {
    this.history.skip(1, payload);
    return [{ type: "message", name, payload }];
  }

  #cancelRun(reason: string): readonly EngineInput[] {
    this.history.add(this.#nowMs, { type: "cancel_requested", reason });
    return [{ type: "cancel", reason }];
  }
}

function ofFailure({ code, message, details = null }: Failure): JsonObject {
  return { code, message, details };
}

import type { JsonObject, JsonValue } from "../src/core/json";
import { type EngineState, type StepResult, start, step } from "../src/engine/engine";
import type { EngineCommand, EngineInput, JournalEntry, RunOutcome } from "../src/engine/engine-types";
import type { Breakpoints } from "../src/engine/steering";
import { EXECUTION, NOW_MS, snapshotOf } from "./run-graph";

/** A run without its outside world: the test says what happens, and sees what is going on. */
export class Play {
  state: EngineState;
  nowMs = NOW_MS;
  /** Of the last step and the `go_on`s after it. */
  commands: readonly EngineCommand[] = [];
  readonly journal: JournalEntry[] = [];
  /** Activities that run, those being cancelled included. */
  readonly tasks = new Map<string, JsonObject>();
  readonly cancelled = new Set<string>();
  /** Timers by id, and when they are due. */
  readonly timers = new Map<string, number>();
  readonly children = new Set<string>();
  outcome: RunOutcome | undefined;
  yields = 0;

  constructor(definition: JsonObject, input: JsonValue = {}, breakpoints: Breakpoints = {}) {
    const first = start(snapshotOf(definition), input, EXECUTION, this.nowMs, breakpoints);
    this.state = first.state;
    this.#note(first);
  }

  feed(input: EngineInput): this {
    this.#note(step(this.state, input, this.nowMs));
    return this;
  }

  /** Completes tasks, one after the other. */
  complete(...activityIds: readonly string[]): this {
    for (const activityId of activityIds) this.completeWith(activityId, null);
    return this;
  }

  completeWith(activityId: string, output: JsonValue): this {
    this.#end(activityId);
    return this.feed({ type: "task_completed", activityId, output });
  }

  fail(activityId: string, code = "HTTP_STATUS"): this {
    this.#end(activityId);
    return this.feed({ type: "task_failed", activityId, failure: { code, message: "it failed" } });
  }

  /** Ends all tasks that are being cancelled. */
  endCancelled(): this {
    for (const activityId of [...this.cancelled]) this.cancelOne(activityId);
    return this;
  }

  cancelOne(activityId: string): this {
    this.#end(activityId);
    return this.feed({ type: "task_cancelled", activityId });
  }

  fire(timerId: string): this {
    const dueAtMs = this.timers.get(timerId);
    if (dueAtMs === undefined)
      throw new Error(`no timer '${timerId}'; there are ${[...this.timers.keys()].join(", ")}`);
    this.timers.delete(timerId);
    this.nowMs = dueAtMs;
    return this.feed({ type: "timer_fired", timerId });
  }

  get running(): readonly string[] {
    return [...this.tasks.keys()];
  }

  /** `id status` of each entry that tells an end. */
  get ends(): readonly string[] {
    return this.journal.flatMap(({ kind, nodeId, status }) => (kind === "completed" ? [`${nodeId} ${status}`] : []));
  }

  #end(activityId: string): void {
    if (!this.tasks.delete(activityId))
      throw new Error(`no task '${activityId}'; there are ${this.running.join(", ")}`);
    this.cancelled.delete(activityId);
  }

  #note(result: StepResult): void {
    const commands: EngineCommand[] = [];
    let last = result;
    for (;;) {
      commands.push(...last.commands);
      this.journal.push(...last.journal);
      for (const command of last.commands) this.#carryOut(command);
      this.state = last.state;
      if (!last.commands.some(({ type }) => type === "yield")) break;
      this.yields += 1;
      last = step(this.state, { type: "go_on" }, this.nowMs);
    }
    this.commands = commands;
  }

  #carryOut(command: EngineCommand): void {
    switch (command.type) {
      case "run_task":
        if (this.tasks.has(command.activityId)) throw new Error(`'${command.activityId}' runs already`);
        this.tasks.set(command.activityId, command.config);
        break;
      case "cancel_task":
        this.cancelled.add(command.activityId);
        break;
      case "start_timer":
        this.timers.set(command.timerId, command.dueAtMs);
        break;
      case "cancel_timer":
        this.timers.delete(command.timerId);
        break;
      case "start_child":
        this.children.add(command.childId);
        break;
      case "cancel_child":
      case "yield":
        break;
      case "finish":
        this.outcome = command.outcome;
    }
  }
}

/** A node that runs a task whose output is whatever the test says; so its template is one of which nothing can be told. */
export function work(id: string, more: JsonObject = {}): JsonObject {
  return { id, type: "task", config: { task_type: "noop", config: { output: "${{ input }}" } }, ...more };
}

/** Edges one after the other: `path("a", "b", "c")`. */
export function path(...ids: readonly string[]): JsonObject[] {
  return ids.slice(1).map((target, index) => ({ source: ids[index] ?? "", target }));
}

/** A task whose rendered config shows what expressions see where it stands. */
export function show(id: string, output: JsonValue): JsonObject {
  return work(id, { config: { task_type: "noop", config: { output } } });
}

import { isCancellation, sleep, workflowInfo } from "@temporalio/workflow";
import type { StepResult } from "../engine/engine";
import type { EngineCommand } from "../engine/engine-types";
import type { CommandRunner } from "./command-runner";
import { Continuation, type ContinuationVerdict, type HistoryView, MAX_DRAIN_MS } from "./continuation";
import type { GraphRunInput } from "./history-contract";
import { RunningWork, type WorkListener } from "./running-work";

const ALARM = "drain";

/** Of the journal: a node that was entered or has ended takes about 20 µs. */
const FUEL_PER_ENTRY = 50;

/** Brings a run to where it can end so that a new one goes on in its place. */
export class Drain {
  readonly #commands: CommandRunner;
  readonly #alarm: RunningWork;
  #continuation: Continuation;
  #alarmRang = false;
  readonly #counts: boolean;
  #fuel = 0;

  constructor(run: GraphRunInput, commands: CommandRunner, hears: WorkListener) {
    this.#commands = commands;
    this.#counts = run.tariff !== undefined;
    this.#continuation = new Continuation(run.continueAfterEvents);
    this.#alarm = new RunningWork(hears);
  }

  /** To be called in a later run of a chain once it has loaded what it was handed. */
  begin({ continueAfterEvents }: GraphRunInput): void {
    this.#continuation = new Continuation(continueAfterEvents, this.#history());
  }

  /** Counts what a step of the engine took, which a replay takes again. */
  spend({ fuelUsed = 0, journal }: StepResult): void {
    if (this.#counts) this.#fuel += fuelUsed + journal.length * FUEL_PER_ENTRY;
  }

  /** True when there may be another verdict than the last one. */
  get isOver(): boolean {
    return this.#alarmRang || (this.#continuation.isDraining && this.#commands.isIdle);
  }

  /** `todo`: what was not started while there was hope that the run would soon end. */
  look(): { readonly verdict: ContinuationVerdict; readonly todo: readonly EngineCommand[] } {
    const wasDraining = this.#continuation.isDraining;
    const how = { isIdle: this.#commands.isIdle, isLate: this.#alarmRang };
    const verdict = this.#continuation.look(this.#history(), how);
    this.#alarmRang = false;
    if (verdict !== "go_on") this.#commands.hold();
    if (verdict === "drain" && !wasDraining) this.#startAlarm();
    if (verdict !== "go_on" || !wasDraining) return { verdict, todo: [] };
    this.#alarm.cancel(ALARM);
    return { verdict, todo: this.#commands.release() };
  }

  /** To be called when there is nothing that a new run could be started with. */
  postpone(): void {
    this.#continuation.postpone(this.#history());
  }

  #startAlarm(): void {
    this.#alarm.start(ALARM, async () => {
      try {
        await sleep(MAX_DRAIN_MS);
        this.#alarmRang = true;
      } catch (error) {
        if (!isCancellation(error)) throw error;
      }
    });
  }

  #history(): HistoryView {
    const { historyLength: events, historySize: bytes, continueAsNewSuggested: isSuggested } = workflowInfo();
    return { events, bytes, fuel: this.#fuel, isSuggested };
  }
}

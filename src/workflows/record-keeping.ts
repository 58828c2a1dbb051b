import {
  CancellationScope,
  isCancellation,
  log,
  proxyLocalActivities,
  proxySinks,
  type Sinks,
  sleep,
  workflowInfo,
} from "@temporalio/workflow";
import type { RunOutcome } from "../engine/engine-types";
import type { EndRecord, StartRecord } from "./history-contract";
import { endRecordOf } from "./run-end";

interface RecordActivities {
  recordStarted(record: StartRecord): Promise<void>;
}

/** Not in history: the worker calls these itself, before it sends what the workflow task decided. */
export interface RecordSinks extends Sinks {
  readonly records: { ended(record: EndRecord): void };
}

const { records: sink } = proxySinks<RecordSinks>();

/**
 * A local activity costs no task of its own. A failed try waits in a server timer (`localRetryThreshold`), so that a
 * database that is down never holds up a workflow task. A start that is still missing after a minute comes with the end.
 */
const records = proxyLocalActivities<RecordActivities>({
  startToCloseTimeout: "3s",
  scheduleToCloseTimeout: "60s",
  localRetryThreshold: "1ms",
  retry: { initialInterval: "1s", backoffCoefficient: 2, maximumInterval: "10s" },
});

/**
 * When the run records its start itself. The API records it too, at once; this is for when the API was killed in between.
 * A local activity in the run's first workflow task would hold up the first task until it is done (measured: 8 to 10 ms
 * of 60), so a run that ends earlier writes both records in one go at its end.
 */
export const START_RECORD_DELAY_MS = 1_000;

export type StartedSubject = Omit<StartRecord, "temporalWorkflowId" | "temporalRunId" | "startedAt">;

/** Keeps the records of one run, beside what it does and also after it was cancelled. Never rejects. */
export class RecordKeeper {
  readonly #start: StartRecord;
  readonly #delay: CancellationScope;
  readonly #settled: Promise<void>;

  constructor(subject: StartedSubject) {
    const { workflowId, firstExecutionRunId, startTime } = workflowInfo();
    const startedAt = startTime.toISOString();
    this.#start = { ...subject, temporalWorkflowId: workflowId, temporalRunId: firstExecutionRunId, startedAt };
    // A cancel of the run must not stop its records, so the delay's scope does not hang below the run's.
    this.#delay = new CancellationScope({ cancellable: true, parent: new CancellationScope({ cancellable: false }) });
    this.#settled = this.#keepStart();
  }

  /**
   * Records the end as of now. The worker writes it before Temporal hears of the end, so whoever sees the run closed finds
   * the record; where the database is away, it tries on, and the API's sweep makes up for the rest.
   */
  async end(outcome: RunOutcome): Promise<void> {
    const completedAt = new Date().toISOString();
    this.#delay.cancel();
    // One that is under way must not come after the end.
    await this.#settled;
    sink.ended({ ...endRecordOf(this.#start.executionId, outcome), completedAt, started: this.#start });
  }

  async #keepStart(): Promise<void> {
    try {
      await this.#delay.run(() => sleep(START_RECORD_DELAY_MS));
      await CancellationScope.nonCancellable(() => records.recordStarted(this.#start));
    } catch (error) {
      // Cancelled: the run ended before, and its end's record brings the start along.
      if (!isCancellation(error)) log.warn("The start was not recorded; the end's record brings it along.", { error });
    }
  }
}

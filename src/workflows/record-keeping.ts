import { CancellationScope, log, proxyLocalActivities, sleep, workflowInfo } from "@temporalio/workflow";
import type { RunOutcome } from "../engine/engine-types";
import type { EndRecord, StartRecord } from "./history-contract";
import { endRecordOf } from "./run-end";

interface RecordActivities {
  recordStarted(record: StartRecord): Promise<void>;
  recordEnded(record: EndRecord): Promise<void>;
}

/**
 * Records are kept by local activities: they cost no task of their own. A failed try waits in a server timer
 * (`localRetryThreshold`), so that a database that is down never holds up a workflow task. A record that is still missing
 * after a minute is made up for by the API and its sweep.
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

  async #keepStart(): Promise<void> {
    try {
      await this.#delay.run(() => sleep(START_RECORD_DELAY_MS));
    } catch {
      // The run ended before: the end's record brings the start along.
      return;
    }
    await keep("start", () => records.recordStarted(this.#start));
  }

  /** Records the end as of now; resolves when that is done or was given up. */
  async end(outcome: RunOutcome): Promise<void> {
    const completedAt = new Date().toISOString();
    this.#delay.cancel();
    // One that is under way must not come after the end.
    await this.#settled;
    const record = { ...endRecordOf(this.#start.executionId, outcome), completedAt, started: this.#start };
    await keep("end", () => records.recordEnded(record));
  }
}

async function keep(what: string, write: () => Promise<void>): Promise<void> {
  try {
    await CancellationScope.nonCancellable(write);
  } catch (error) {
    log.warn("The record was not written; the API's sweep makes up for it.", { what, error });
  }
}

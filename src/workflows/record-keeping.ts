import { CancellationScope, log, proxyLocalActivities, workflowInfo } from "@temporalio/workflow";
import type { EndRecord, StartRecord } from "./history-contract";

interface RecordActivities {
  recordStarted(record: StartRecord): Promise<void>;
  recordEnded(record: EndRecord): Promise<void>;
}

/**
 * Records are kept by local activities: they cost no task of their own. A failed try waits in a server timer
 * (`localRetryThreshold`), so that a database that is down never holds up the workflow task that the first task is
 * scheduled by. A record that is still missing after a minute is made up for by the API and its sweep.
 */
const records = proxyLocalActivities<RecordActivities>({
  startToCloseTimeout: "3s",
  scheduleToCloseTimeout: "60s",
  localRetryThreshold: "1ms",
  retry: { initialInterval: "1s", backoffCoefficient: 2, maximumInterval: "10s" },
});

/** Records the start. Never rejects, and goes on when the run is cancelled. */
export async function recordStart(
  record: Omit<StartRecord, "temporalWorkflowId" | "temporalRunId" | "startedAt">,
): Promise<void> {
  const { workflowId, firstExecutionRunId, startTime } = workflowInfo();
  await keep("start", () =>
    records.recordStarted({
      ...record,
      temporalWorkflowId: workflowId,
      temporalRunId: firstExecutionRunId,
      startedAt: startTime.toISOString(),
    }),
  );
}

/** Records the end, as of now. Never rejects, and goes on when the run is cancelled. */
export async function recordEnd(record: Omit<EndRecord, "completedAt">): Promise<void> {
  const completedAt = new Date().toISOString();
  await keep("end", () => records.recordEnded({ ...record, completedAt }));
}

async function keep(what: string, write: () => Promise<void>): Promise<void> {
  try {
    await CancellationScope.nonCancellable(write);
  } catch (error) {
    log.warn("The record was not written; the API's sweep makes up for it.", { what, error });
  }
}

import { parseExecutionId } from "../core/ids";
import type { EndedExecution, StartedExecution, Store } from "../store/store-port";
import { type EndRecord, RECORD_ENDED, RECORD_STARTED, type StartRecord } from "../workflows/history-contract";

/**
 * What keeps the records of runs: `recordStarted` as a local activity, `recordEnded` as a sink. Idempotent, as the store is;
 * they throw what the store throws, and are tried again.
 */
export function createRecordActivities(store: Pick<Store, "recordStarted" | "recordEnded">) {
  return {
    [RECORD_STARTED]: async (record: StartRecord): Promise<void> => store.recordStarted(startedExecution(record)),
    [RECORD_ENDED]: async (record: EndRecord): Promise<void> => store.recordEnded(endedExecution(record)),
  };
}

function startedExecution({ executionId, startedAt, ...record }: StartRecord): StartedExecution {
  return { ...record, id: parseExecutionId(executionId), startedAt: new Date(startedAt) };
}

function endedExecution({ executionId, completedAt, started, ...record }: EndRecord): EndedExecution {
  return {
    ...record,
    id: parseExecutionId(executionId),
    completedAt: new Date(completedAt),
    ...(started === undefined ? {} : { started: startedExecution(started) }),
  };
}

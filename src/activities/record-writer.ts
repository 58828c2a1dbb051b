import { parseExecutionId } from "../core/ids";
import type { EndedExecution, StartedExecution, Store } from "../store/store-port";
import type { RecordWriter } from "../temporal/record-sinks";
import type { EndRecord, StartRecord } from "../workflows/run-records";

/** Writes what runs say of themselves. Idempotent, as the store is; throws what the store throws. */
export function createRecordWriter(store: Pick<Store, "recordStarted" | "recordEnded">): RecordWriter {
  return {
    started: async (record) => store.recordStarted(startedExecution(record)),
    ended: async (record) => store.recordEnded(endedExecution(record)),
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

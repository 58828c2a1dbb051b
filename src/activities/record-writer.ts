import { type ExecutionId, parseExecutionId } from "../core/ids";
import type { EndedExecution, StartedExecution, Store } from "../store/store-port";
import type { RecordWriter } from "../temporal/record-sinks";
import type { EndRecord, StartRecord } from "../workflows/run-records";

/**
 * Writes what runs say of themselves. Idempotent, as the store is; throws what the store throws. `onReactions` is called where
 * something is to happen because of an end, and is not waited for.
 */
export function createRecordWriter(
  store: Pick<Store, "recordStarted" | "recordEnded">,
  onReactions: (executionId: ExecutionId) => void = () => undefined,
): RecordWriter {
  return {
    started: async (record) => store.recordStarted(startedExecution(record)),
    ended: async (record) => {
      const execution = endedExecution(record);
      if ((await store.recordEnded(execution)) > 0) onReactions(execution.id);
    },
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

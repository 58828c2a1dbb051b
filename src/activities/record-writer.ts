import { type ExecutionId, parseExecutionId } from "../core/ids";
import type { EndedExecution, StartedExecution, Store } from "../store/store-port";
import type { RecordWriter } from "../temporal/record-sinks";
import type { EndRecord, StartRecord } from "../workflows/run-records";

/** Called, and not waited for, once an end is in the store. */
export interface EndListeners {
  readonly onEnd?: (executionId: ExecutionId) => void;
  /** Something is to happen because of the end. */
  readonly onReactions?: (executionId: ExecutionId) => void;
}

/** Writes what runs say of themselves. Idempotent, as the store is; throws what the store throws. */
export function createRecordWriter(
  store: Pick<Store, "recordStarted" | "recordEnded">,
  { onEnd, onReactions }: EndListeners = {},
): RecordWriter {
  return {
    started: async (record) => store.recordStarted(startedExecution(record)),
    ended: async (record) => {
      const execution = endedExecution(record);
      const deliveries = await store.recordEnded(execution);
      onEnd?.(execution.id);
      if (deliveries > 0) onReactions?.(execution.id);
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

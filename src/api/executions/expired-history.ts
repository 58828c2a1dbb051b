import { invalidArgument, OrchestratorError } from "../../core/errors";
import { parseExecutionId, parseTaskId } from "../../core/ids";
import type { JsonObject } from "../../core/json";
import type { ExecutionEvent } from "../../events/event-types";
import type { ExecutionRecord } from "../../store/records";
import type { RunReference } from "../../temporal/runs-port";
import type { ApiContext } from "../api-context";
import { encodeTimestamp } from "../convert/timestamps";
import { notFound } from "../requests/not-found";
import { repairExecution } from "./repair-execution";

/** Clients give these back as `after_offset`, so they are never renamed; no offset of a history starts like this. */
const STARTED_OFFSET = "expired-1";
const ENDED_OFFSET = "expired-2";

/** Outputs up to this are inline in events, larger ones are fetched by GetExecution: the same in `src/events`. */
const MAX_INLINE_OUTPUT_BYTES = 64 * 1024;

export function isExpiredOffset(offset: string): boolean {
  return offset === STARTED_OFFSET || offset === ENDED_OFFSET;
}

/**
 * The stream of an execution whose history Temporal no longer has: STARTED and its end, from the record, marked
 * `"history": "expired"`. After any offset there is only the end left to say, and after that nothing.
 */
export async function expiredEvents(
  context: ApiContext,
  run: RunReference,
  after: string | undefined,
): Promise<readonly ExecutionEvent[]> {
  const id = parseExecutionId(run.executionId);
  let execution = await context.store.getExecution(id);
  if (execution !== null && (await repairExecution(context, execution))) {
    execution = await context.store.getExecution(id);
  }
  if (execution === null) throw notFound("execution", id);
  if (execution.completedAt === null) {
    // These are given out for executions that have ended, so trying again will not help.
    if (after !== undefined && isExpiredOffset(after)) {
      throw invalidArgument([{ field: "after_offset", description: "is an offset of another execution" }]);
    }
    throw new OrchestratorError("UNAVAILABLE", `the history of execution ${id} cannot be read just now; try again`);
  }
  if (after === ENDED_OFFSET) return [];
  const end = endedEvent(execution, execution.completedAt);
  return after === undefined ? [await startedEvent(context, execution), end] : [end];
}

async function startedEvent({ store }: ApiContext, execution: ExecutionRecord): Promise<ExecutionEvent> {
  const task = execution.kind === "task" ? await store.getTask(parseTaskId(execution.subjectId)) : null;
  return {
    offset: STARTED_OFFSET,
    type: "STARTED",
    timestamp: encodeTimestamp(execution.startedAt ?? execution.createdAt),
    data: {
      ...commonData(execution),
      // Null where the task was deleted since.
      ...(execution.kind === "task"
        ? { task_type: task?.taskType ?? null }
        : { definition_hash: execution.definitionHash }),
      input: execution.input ?? null,
    },
  };
}

function endedEvent(execution: ExecutionRecord, completedAt: Date): ExecutionEvent {
  const shared = { offset: ENDED_OFFSET, timestamp: encodeTimestamp(completedAt) };
  const data = { ...commonData(execution), ...outputData(execution) };
  if (execution.status === "COMPLETED") return { ...shared, type: "COMPLETED", data };
  const { errorCode, errorNodeId, error } = execution;
  return {
    ...shared,
    type: "FAILED",
    data: { ...data, code: errorCode ?? "INTERNAL", ...(errorNodeId === null ? {} : { node_id: errorNodeId }) },
    error: error ?? execution.status.toLowerCase(),
  };
}

function commonData(execution: ExecutionRecord): JsonObject {
  return { execution_id: execution.id, history: "expired" };
}

function outputData({ output, outputBytes }: ExecutionRecord): JsonObject {
  if (output === undefined) return {};
  if (outputBytes !== null && outputBytes > MAX_INLINE_OUTPUT_BYTES) return { output_bytes: outputBytes };
  return { output };
}

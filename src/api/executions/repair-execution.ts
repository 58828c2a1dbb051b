import { setTimeout as sleep } from "node:timers/promises";
import { isOrchestratorError } from "../../core/errors";
import type { Pause } from "../../engine/steering";
import type { ExecutionRecord } from "../../store/records";
import type { EndedExecution } from "../../store/store-port";
import type { RunReference, RunState } from "../../temporal/runs-port";
import type { ApiContext } from "../api-context";

/** A read of a record does not wait longer than this for a Temporal that does not answer. */
const STATE_TIMEOUT_MS = 2_000;

/**
 * Temporal is asked again after this before a run counts as lost, because that record cannot be mended. Its embedded server
 * has been seen to find nothing in a table for a moment; it looked again within 2 s.
 */
const LOST_PAUSE_MS = 2_500;

/** Where the execution's run is in Temporal; undefined before it was started. */
export function runReference(execution: ExecutionRecord): RunReference | undefined {
  const { id, temporalWorkflowId, temporalRunId } = execution;
  if (temporalRunId === null) return undefined;
  return { executionId: id, temporalWorkflowId, temporalRunId };
}

/**
 * Records the end of a run that ended behind our back: terminated in the Web UI, timed out while no worker was up, or
 * deleted. Returns whether the record changed. Records stay readable while Temporal is down, so that is not an error.
 */
export async function repairExecution(
  context: Pick<ApiContext, "store" | "runs" | "logger">,
  execution: ExecutionRecord,
  lostPauseMs = LOST_PAUSE_MS,
): Promise<boolean> {
  return (await lookAtRun(context, execution, lostPauseMs)).isRepaired;
}

/** As `repairExecution`, with the pause of a run that is paused: Temporal tells it in the same answer. */
export async function lookAtRun(
  { store, runs, logger }: Pick<ApiContext, "store" | "runs" | "logger">,
  execution: ExecutionRecord,
  lostPauseMs = LOST_PAUSE_MS,
): Promise<{ readonly isRepaired: boolean; readonly pause?: Pause }> {
  const run = runReference(execution);
  if (execution.status !== "RUNNING" || run === undefined) return { isRepaired: false };
  let state = await runState(runs, run);
  if (state === null) {
    await sleep(lostPauseMs);
    state = await runState(runs, run);
  }
  if (state === "unknown") return { isRepaired: false };
  if (state?.status === "RUNNING")
    return { isRepaired: false, ...(state.pause === undefined ? {} : { pause: state.pause }) };
  const ended: EndedExecution = state === null ? lostRun(execution) : endOf(execution, state);
  logger.info({ execution_id: execution.id, status: ended.status }, "recording the end of a run that was missed");
  await store.recordEnded(ended);
  return { isRepaired: true };
}

/** `unknown`: Temporal did not answer in time. */
async function runState(runs: ApiContext["runs"], run: RunReference): Promise<RunState | null | "unknown"> {
  const timeout = new AbortController();
  try {
    return await Promise.race([
      runs.state(run),
      sleep(STATE_TIMEOUT_MS, "unknown" as const, { signal: timeout.signal, ref: false }),
    ]);
  } catch (error) {
    if (isOrchestratorError(error) && error.code === "UNAVAILABLE") return "unknown";
    throw error;
  } finally {
    timeout.abort();
  }
}

function endOf(execution: ExecutionRecord, state: Exclude<RunState, { status: "RUNNING" }>): EndedExecution {
  return {
    id: execution.id,
    status: state.status,
    completedAt: state.closedAt,
    ...(state.output === undefined ? {} : { output: state.output }),
    ...(state.failure === undefined ? {} : { failure: state.failure }),
    ...(state.nodeId === undefined ? {} : { nodeId: state.nodeId }),
  };
}

/** Temporal has no such run any more: it was deleted, or its retention passed before its end could be recorded. */
function lostRun(execution: ExecutionRecord): EndedExecution {
  return {
    id: execution.id,
    status: "FAILED",
    completedAt: new Date(),
    failure: { code: "TERMINATED", message: "Temporal no longer knows this run; how it ended is not known" },
  };
}

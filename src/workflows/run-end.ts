import { ApplicationFailure, CancelledFailure, type TemporalFailure } from "@temporalio/common";
import type { Failure } from "../core/errors";
import type { JsonValue } from "../core/json";
import type { RunOutcome } from "../engine/engine-types";
import { withReason } from "../events/run-closed";
import { ENGINE_VERSION } from "./history-contract";
import { fitsPayload, MAX_PAYLOAD_BYTES } from "./payload-limits";
import type { EndRecord } from "./run-records";
import { wellFormed } from "./well-formed";

/** What a failed run's `ApplicationFailure` carries as its one detail; the projection reads it back. */
export interface RunFailureDetails {
  readonly nodeId?: string;
  readonly output?: JsonValue;
  readonly details?: JsonValue;
}

/**
 * Refuses a run of a later engine by failing the workflow task, not the run: during a rolling upgrade Temporal then
 * offers it to the next worker, until one that knows the engine takes it.
 */
export function requireKnownEngine(engineVersion: number): void {
  if (engineVersion > ENGINE_VERSION)
    throw new Error(`this worker knows engines up to ${ENGINE_VERSION}; the run was started on ${engineVersion}`);
}

/**
 * Turns a defect into a failed run. Thrown on as it is, a plain error would fail the workflow task, which Temporal tries
 * again for ever. `whoseFault` may know of something wrong with what was to be run. What the SDK throws about determinism must stay what it is: that is about this worker, not the run.
 */
export async function failRunOnDefect<End>(
  run: () => Promise<End>,
  whoseFault?: () => Failure | null,
): Promise<End | RunOutcome> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof Error && error.name === "DeterminismViolationError") throw error;
    const known = whoseFault?.() ?? null;
    if (known !== null) return { status: "failed", failure: known };
    const message = error instanceof Error ? error.message : String(error);
    return { status: "failed", failure: { code: "INTERNAL", message: `a defect of the orchestrator: ${message}` } };
  }
}

/** The outcome with everything in it small enough for Temporal: a run whose output is too large fails, and says so. */
export function boundOutcome(outcome: RunOutcome): RunOutcome {
  switch (outcome.status) {
    case "completed": {
      if (fitsPayload(outcome.output)) return outcome;
      const message = `the output is larger than ${MAX_PAYLOAD_BYTES} bytes, or nested too deeply`;
      return { status: "failed", failure: { code: "OUTPUT_TOO_LARGE", message } };
    }
    case "failed": {
      const { failure, output, ...rest } = outcome;
      if (fitsPayload([failure.details ?? null, output ?? null])) return outcome;
      return { ...rest, failure: { code: failure.code, message: failure.message } };
    }
    case "cancelled":
      return outcome;
  }
}

/** What the record of the end says of an outcome. */
export function endRecordOf(executionId: string, outcome: RunOutcome): Omit<EndRecord, "completedAt"> {
  switch (outcome.status) {
    case "completed":
      return { executionId, status: "COMPLETED", output: outcome.output };
    case "failed":
      return {
        executionId,
        status: "FAILED",
        failure: outcome.failure,
        ...(outcome.nodeId === undefined ? {} : { nodeId: outcome.nodeId }),
        ...(outcome.output === undefined ? {} : { output: outcome.output }),
      };
    case "cancelled":
      return { executionId, status: "CANCELLED", failure: cancelFailure(outcome.reason) };
  }
}

/** Ends the workflow function: returns the output, or throws what makes Temporal close the run as failed or cancelled. */
export function endRun(outcome: RunOutcome): JsonValue {
  switch (outcome.status) {
    case "completed":
      return outcome.output;
    case "failed":
      throw runFailure(outcome);
    case "cancelled":
      throw new CancelledFailure(cancelFailure(outcome.reason).message);
  }
}

function runFailure({ failure, nodeId, output }: Extract<RunOutcome, { status: "failed" }>): TemporalFailure {
  const details: RunFailureDetails = {
    ...(nodeId === undefined ? {} : { nodeId }),
    ...(output === undefined ? {} : { output }),
    ...(failure.details === undefined ? {} : { details: failure.details }),
  };
  return ApplicationFailure.create({
    message: wellFormed(failure.message),
    type: failure.code,
    nonRetryable: true,
    details: [details],
  });
}

function cancelFailure(reason: string): Failure {
  return { code: "CANCELLED", message: withReason("cancelled", reason) };
}

import { setTimeout as sleep } from "node:timers/promises";
import { v7 as uuidv7 } from "uuid";
import { isOrchestratorError, OrchestratorError } from "../../core/errors";
import { type ExecutionId, parseExecutionId } from "../../core/ids";
import type { JsonValue } from "../../core/json";
import type { RunOrigin } from "../../core/run-origin";
import type { ExecutionKind, IdempotencyRecord, Labels } from "../../store/records";
import type { RunReference, StartedRun } from "../../temporal/runs-port";
import type { ApiContext } from "../api-context";
import { runReference } from "./repair-execution";
import { addCallbacks, type StartCallback } from "./start-callbacks";

/** How long the record of a start waits, so that it does not take the database from the start of the run itself. */
const RECORD_PAUSE_MS = 15;

/**
 * The same where API and worker share a process: longer than the shortest runs take. The worker records these as a whole, and their
 * history is read once (measured: 8 % of such a run).
 */
const SHARED_RECORD_PAUSE_MS = 50;

/** What is asked for. */
export interface RunRequest {
  readonly kind: ExecutionKind;
  readonly subjectId: string;
  /** SHA-256 of what the client asked for; the same idempotency key must come with the same. */
  readonly requestHash: string;
}

/** What the start of a task and that of a workflow differ in. */
export interface RunPlan extends RunRequest {
  /** For the record: the task's merged config, or the workflow's input. */
  readonly input: JsonValue;
  readonly definitionHash?: string;
  readonly workflowVersion?: number;
  /** Not part of the request's hash: whoever attaches gets the execution as it was called when it was started. */
  readonly displayName?: string;
  readonly labels?: Labels;
  readonly origin?: RunOrigin;
  /** Id of the execution that it is a redrive of. */
  readonly redrivenFrom?: string;
  /** Starts the run under this id, or attaches to the one that is under way. Throws where that one is another request's. */
  start(executionId: ExecutionId): Promise<StartedRun>;
}

/** A run to follow. */
export interface ExecutionRun {
  readonly run: RunReference;
  /** Settles when the execution can be found by its id; never rejects. */
  readonly recorded: Promise<void>;
}

/** Starts the run, or attaches to the one that this request or an equal one started. */
export async function startExecution(
  context: ApiContext,
  plan: RunPlan,
  key: string | undefined,
  callbacks: readonly StartCallback[] = [],
): Promise<ExecutionRun> {
  const newId = parseExecutionId(uuidv7());
  if (key === undefined) return startRun(context, plan, newId, callbacks);
  const { store } = context;
  const { kind, subjectId, requestHash } = plan;
  // The key is written before the start: whoever repeats the call then starts under the same id, or finds what started.
  const claimed = await store.claimIdempotencyKey({ kind, subjectId, key, requestHash, executionId: newId });
  const earlier = claimed.executionId === newId ? undefined : await earlierRun(context, plan, claimed, callbacks);
  if (earlier !== undefined) return earlier;
  const execution = await startRun(context, plan, claimed.executionId, callbacks);
  const executionId = parseExecutionId(execution.run.executionId);
  if (executionId !== claimed.executionId) await store.moveIdempotencyKey({ ...claimed, executionId });
  return execution;
}

/**
 * The run that the key's first call started, whatever has become of its task or workflow since; undefined where there is none. Throws
 * ALREADY_EXISTS where that call was another.
 */
export async function findStarted(
  context: ApiContext,
  request: RunRequest,
  key: string | undefined,
  callbacks: readonly StartCallback[] = [],
): Promise<ExecutionRun | undefined> {
  if (key === undefined) return undefined;
  const { kind, subjectId } = request;
  const claimed = await context.store.getIdempotencyKey({ kind, subjectId, key });
  return claimed === null ? undefined : await earlierRun(context, request, claimed, callbacks);
}

async function earlierRun(
  context: ApiContext,
  { kind, requestHash }: RunRequest,
  claimed: IdempotencyRecord,
  callbacks: readonly StartCallback[],
): Promise<ExecutionRun | undefined> {
  if (claimed.requestHash !== requestHash) {
    const field = kind === "task" ? "config_override" : "input";
    throw new OrchestratorError(
      "ALREADY_EXISTS",
      `the idempotency key ${JSON.stringify(claimed.key)} was used for this ${kind} with another \`${field}\` (execution ` +
        `${claimed.executionId}); use a new key for a new request`,
    );
  }
  const earlier = await context.store.getExecution(claimed.executionId);
  const run = earlier === null ? undefined : runReference(earlier);
  if (run === undefined) return undefined;
  await addCallbacks(context, claimed.executionId, callbacks);
  return { run, recorded: Promise.resolve() };
}

/** Starts the run under this id, or attaches; records the start. */
export async function startRun(
  context: ApiContext,
  plan: RunPlan,
  executionId: ExecutionId,
  callbacks: readonly StartCallback[] = [],
): Promise<ExecutionRun> {
  await addCallbacks(context, executionId, callbacks);
  // Taken before the start: a short run may have ended, and a record must not say that it did so before it started.
  const startedAt = new Date();
  const run = await plan.start(executionId).catch(async (error: unknown) => {
    if (callbacks.length > 0 && !mayHaveStarted(error)) await context.store.removeExecutionReactions(executionId);
    throw error;
  });
  if (callbacks.length > 0 && run.executionId !== executionId) {
    // The task runs already: whoever asks to be told of its end is told of that of the run that is under way.
    await addCallbacks(context, parseExecutionId(run.executionId), callbacks);
    await context.store.removeExecutionReactions(executionId);
  }
  // Another execution's start is its own to record: we do not know its input.
  const recorded = run.executionId === executionId ? recordStart(context, plan, run, startedAt) : Promise.resolve();
  return { run, recorded };
}

/** Whoever repeats the call with its key then finds the run, and its callbacks. */
function mayHaveStarted(error: unknown): boolean {
  return !isOrchestratorError(error) || error.code === "UNAVAILABLE";
}

/** The run records its start too, so a failure here is repaired there, and does not end the call. */
async function recordStart(
  { store, ends, logger }: ApiContext,
  plan: RunPlan,
  run: RunReference,
  startedAt: Date,
): Promise<void> {
  const id = parseExecutionId(run.executionId);
  if (ends === undefined) await sleep(RECORD_PAUSE_MS);
  else if (await ends.within(SHARED_RECORD_PAUSE_MS, id)) return;
  try {
    await store.recordStarted({
      id,
      kind: plan.kind,
      subjectId: plan.subjectId,
      temporalWorkflowId: run.temporalWorkflowId,
      temporalRunId: run.temporalRunId,
      input: plan.input,
      startedAt,
      ...(plan.labels === undefined ? {} : { labels: plan.labels }),
      ...(plan.origin === undefined ? {} : { origin: plan.origin }),
      ...(plan.redrivenFrom === undefined ? {} : { redrivenFrom: plan.redrivenFrom }),
      ...(plan.displayName === undefined ? {} : { displayName: plan.displayName }),
      ...(plan.definitionHash === undefined ? {} : { definitionHash: plan.definitionHash }),
      ...(plan.workflowVersion === undefined ? {} : { workflowVersion: plan.workflowVersion }),
    });
  } catch (error) {
    logger.warn({ execution_id: run.executionId, err: error }, "could not record the start; the run does it later");
  }
}

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { CancelledFailure, Context, type Info } from "@temporalio/activity";
import type { Client } from "@temporalio/client";
import { parseExecutionId } from "../core/ids";
import type { JsonObject, JsonValue } from "../core/json";
import { jsonBytes } from "../core/json-size";
import type { Logger } from "../core/logger";
import { parseTaskConfig } from "../definition/task-types/registry";
import type { Store } from "../store/store-port";
import type { RunnerInput } from "../workflows/history-contract";
import { MAX_PAYLOAD_BYTES } from "../workflows/payload-limits";
import { runnerError, toApplicationFailure, toRunnerError } from "./activity-failure";
import { type AttemptState, readAttemptState } from "./attempt-state";
import { EventSink } from "./event-sink";
import { GROUP_GRACE_MS } from "./process-group";
import type { Runner } from "./runner";
import { createSignalSender } from "./send-signal";

/** How long after an abort a runner may take: the grace of a process group and a little more. Then it is left behind. */
const ABORT_GRACE_MS = GROUP_GRACE_MS + 3_000;

export interface RunnerDependencies {
  readonly store: Pick<Store, "putBlob">;
  readonly client: Client;
  readonly dataDir: string;
  readonly logger: Logger;
}

/**
 * Makes a runner an activity: heartbeats, the attempt's time limit, the workspace folder, the event stream, and what its
 * failures mean to Temporal. An attempt that fails counts against `maxAttempts`; one whose worker was lost or stopped does
 * not. Cancellation and worker shutdown end it as cancelled; Temporal starts it again after a shutdown.
 */
export function runActivity<Config>(
  runner: Runner<Config>,
  dependencies: RunnerDependencies,
): (input: RunnerInput) => Promise<JsonValue> {
  return async (input) => {
    const context = Context.current();
    const earlier = readAttemptState(context.info.heartbeatDetails);
    const sink = openSink(input, context.info, earlier, dependencies);
    const state = (): AttemptState => ({ failures: earlier.failures, ...sink.use });
    const stopHeartbeat = startHeartbeat(context, input.options.heartbeatTimeoutMs, state);
    try {
      const output = await runAttempt(runner, input, context, sink, dependencies);
      await sink.close();
      return output;
    } catch (error) {
      await sink.close();
      if (context.cancellationSignal.aborted) throw cancelledBy(context);
      const { executionId, nodeId } = input;
      const fields = { executionId, nodeId, taskType: runner.taskType, attempt: context.info.attempt };
      const failures = earlier.failures + 1;
      const failure = toApplicationFailure(toRunnerError(error, dependencies.logger, fields), failures, input.options);
      // The SDK hands the last heartbeat over with the failure, so the next attempt sees this one counted.
      if (failure.nonRetryable !== true) context.heartbeat({ ...state(), failures } satisfies AttemptState);
      throw failure;
    } finally {
      stopHeartbeat();
    }
  };
}

/** Runs the runner until it ends, or until an abort and what it may take to stop. */
async function runAttempt<Config>(
  runner: Runner<Config>,
  input: RunnerInput,
  context: Context,
  sink: EventSink,
  dependencies: RunnerDependencies,
): Promise<JsonValue> {
  const { executionId, nodeId } = input;
  const config = checkedConfig<Config>(runner.taskType, input.config);
  const workspacePath = input.workspacePath ?? join(dependencies.dataDir, "workspaces", "executions", executionId);
  const limit = limitAttempt(context, input.options.attemptTimeoutMs);
  try {
    const running = runner.run(config, {
      executionId,
      ...(nodeId === undefined ? {} : { nodeId }),
      attempt: context.info.attempt,
      workspace: () => createFolder(workspacePath),
      signal: limit.signal,
      emit: (type, data) => sink.emit(type, data),
      drained: () => sink.drained(),
    });
    const output = await Promise.race([running, overdue(limit.signal)]);
    return checkedOutput(output);
  } catch (error) {
    // Whatever the runner made of the abort, this is why it happened.
    throw limit.timedOut() ?? error;
  } finally {
    limit.clear();
  }
}

function checkedConfig<Config>(taskType: string, config: JsonObject): Config {
  const parsed = parseTaskConfig(taskType, config);
  if (parsed.ok) return parsed.value.config as Config;
  const problems = parsed.error.map((problem) => ({ ...problem }) as unknown as JsonObject);
  const message = parsed.error.map(({ pointer, message }) => `${pointer === "" ? "config" : pointer} ${message}`);
  throw runnerError("CONFIG_INVALID", message.join("; "), { retryable: false, details: problems });
}

async function createFolder(path: string): Promise<string> {
  try {
    await mkdir(path, { recursive: true });
    return path;
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    // Another worker, or this one after somebody made room, may succeed.
    throw runnerError("INTERNAL", `the workspace folder ${path} cannot be created: ${reason}`, {
      retryable: true,
      cause,
    });
  }
}

function checkedOutput(output: JsonValue): JsonValue {
  const bytes = jsonBytes(output);
  if (bytes <= MAX_PAYLOAD_BYTES) return output;
  const message = `the output is ${bytes} bytes of JSON; at most ${MAX_PAYLOAD_BYTES} can be passed on`;
  throw runnerError("OUTPUT_TOO_LARGE", message, { retryable: false, details: { output_bytes: bytes } });
}

/** A signal that aborts with the activity's cancellation and when the attempt's time is over. */
function limitAttempt(context: Context, timeoutMs: number) {
  const timeout = new AbortController();
  let error: Error | undefined;
  const timer = setTimeout(() => {
    error = runnerError("TIMEOUT", `the attempt took longer than ${timeoutMs} ms`, { retryable: true });
    timeout.abort(error);
  }, timeoutMs);
  return {
    signal: AbortSignal.any([context.cancellationSignal, timeout.signal]),
    timedOut: () => (context.cancellationSignal.aborted ? undefined : error),
    clear: () => clearTimeout(timer),
  };
}

/** Rejects when a runner did not stop in time after an abort. */
function overdue(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const startGrace = () => setTimeout(() => reject(signal.reason), ABORT_GRACE_MS).unref();
    if (signal.aborted) startGrace();
    else signal.addEventListener("abort", startGrace, { once: true });
  });
}

/** The SDK's own cancellation, which tells cancel, shutdown and a run that is gone apart for Temporal. */
function cancelledBy(context: Context): Error {
  const reason: unknown = context.cancellationSignal.reason;
  return reason instanceof Error ? reason : new CancelledFailure("cancelled");
}

/**
 * Heartbeats at a third of the timeout, so that one may be late and another lost. Cancellation reaches the activity with a
 * heartbeat's answer.
 */
function startHeartbeat(context: Context, timeoutMs: number, state: () => AttemptState): () => void {
  const timer = setInterval(() => context.heartbeat(state()), timeoutMs / 3);
  return () => clearInterval(timer);
}

function openSink(
  input: RunnerInput,
  info: Info,
  use: AttemptState,
  { store, client, logger }: RunnerDependencies,
): EventSink {
  if (info.workflowExecution === undefined) throw new Error("a runner's activity belongs to a workflow");
  return new EventSink({
    send: createSignalSender(client, info.workflowExecution),
    store,
    logger,
    executionId: parseExecutionId(input.executionId),
    activityId: info.activityId,
    nodeId: input.nodeId,
    attempt: info.attempt,
    signalBudget: input.signalBudget,
    use: { signals: use.signals, bytes: use.bytes },
  });
}

import { Context, type Info } from "@temporalio/activity";
import type { Client } from "@temporalio/client";
import { parseExecutionId } from "../core/ids";
import type { JsonValue } from "../core/json";
import type { Logger } from "../core/logger";
import type { Store } from "../store/store-port";
import type { RunnerInput } from "../workflows/history-contract";
import { toApplicationFailure, toRunnerError } from "./activity-failure";
import { type AttemptState, readAttemptState } from "./attempt-state";
import { EventSink } from "./event-sink";
import { ResultCache } from "./result-cache";
import { cancelledBy, type RunnerSink, runAttempt } from "./run-attempt";
import type { Runner, RunnerError } from "./runner";
import { createSignalSender } from "./send-signal";

/** Where a task speaks that may send no signals. */
const SILENT: RunnerSink & Pick<EventSink, "close" | "use"> = {
  emit: () => true,
  drained: () => Promise.resolve(),
  close: () => Promise.resolve(),
  use: { signals: 0, bytes: 0 },
};

export interface RunnerDependencies {
  readonly store: Pick<Store, "putBlob" | "getCachedResult" | "putCachedResult">;
  readonly client: Client;
  readonly dataDir: string;
  readonly logger: Logger;
}

/**
 * Makes a runner an activity: heartbeats, the attempt's time limit, the workspace folder, the event stream, the cache of
 * results, and what its failures mean to Temporal. An attempt that fails counts against `maxAttempts`; one whose worker was
 * lost or stopped does not. Cancellation and worker shutdown end it as cancelled; Temporal starts it again after a shutdown.
 */
export function runActivity<Config>(
  runner: Runner<Config>,
  dependencies: RunnerDependencies,
): (input: RunnerInput) => Promise<JsonValue> {
  const cache = new ResultCache(dependencies.store, dependencies.logger);
  return async (input) => {
    const context = Context.current();
    return await runCall({ runner, input, context, cache, dependencies });
  };
}

/** One attempt at an activity, with what it takes. */
interface Call<Config> {
  readonly runner: Runner<Config>;
  readonly input: RunnerInput;
  readonly context: Context;
  readonly cache: ResultCache;
  readonly dependencies: RunnerDependencies;
}

async function runCall<Config>(call: Call<Config>): Promise<JsonValue> {
  const { input, context, dependencies } = call;
  const earlier = readAttemptState(context.info.heartbeatDetails);
  const sink = input.signalBudget === 0 ? SILENT : openSink(input, context.info, earlier, dependencies);
  const state = (): AttemptState => ({ failures: earlier.failures, ...sink.use });
  const stopHeartbeat = startHeartbeat(context, input.options.heartbeatTimeoutMs, state);
  try {
    const output = await runOrTake(call, sink);
    await sink.close();
    return output;
  } catch (error) {
    await sink.close();
    if (context.cancellationSignal.aborted) throw cancelledBy(context);
    const failures = earlier.failures + 1;
    const failure = toApplicationFailure(namedError(error, call), failures, input.options);
    // The SDK hands the last heartbeat over with the failure, so the next attempt sees this one counted.
    if (failure.nonRetryable !== true) context.heartbeat({ ...state(), failures } satisfies AttemptState);
    throw failure;
  } finally {
    stopHeartbeat();
  }
}

/** Takes the result from the cache where the task allows it and it is there. */
async function runOrTake<Config>(call: Call<Config>, sink: RunnerSink): Promise<JsonValue> {
  const { runner, input, context, cache, dependencies } = call;
  const cached = await cache.find(runner.taskType, input);
  if (cached !== undefined) {
    sink.emit("PROGRESS", { message: "the result was taken from the cache", cached: true });
    return cached.value;
  }
  const output = await runAttempt(runner, input, context, sink, dependencies.dataDir);
  await cache.keep(runner.taskType, input, output);
  return output;
}

function namedError<Config>(error: unknown, { runner, input, context, dependencies }: Call<Config>): RunnerError {
  const { executionId, nodeId } = input;
  const fields = { executionId, nodeId, taskType: runner.taskType, attempt: context.info.attempt };
  return toRunnerError(error, dependencies.logger, fields);
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

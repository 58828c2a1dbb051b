import { join } from "node:path";
import { CancelledFailure, type Context } from "@temporalio/activity";
import type { JsonObject, JsonValue } from "../core/json";
import { isDeeperThan } from "../core/json-depth";
import { jsonBytes } from "../core/json-size";
import { parseTaskConfig } from "../definition/task-types/registry";
import type { RunnerInput } from "../workflows/history-contract";
import { MAX_PAYLOAD_BYTES } from "../workflows/payload-limits";
import { runnerError } from "./activity-failure";
import type { EventSink } from "./event-sink";
import { makeFolder } from "./make-folder";
import { GROUP_GRACE_MS } from "./process-group";
import type { Runner } from "./runner";

/** How long after an abort a runner may take: the grace of a process group and a little more. Then it is left behind. */
const ABORT_GRACE_MS = GROUP_GRACE_MS + 3_000;

/** What is written as JSON is gone through level by level, here and wherever it goes; some thousands would exhaust a stack. */
const MAX_OUTPUT_LEVELS = 500;

/** A file stands in the way, or no folder can be made there at all. */
const LASTING_REASONS: ReadonlySet<string> = new Set(["EEXIST", "ENOTDIR", "ENOENT"]);

/** Where what a runner says goes. */
export type RunnerSink = Pick<EventSink, "emit" | "drained">;

/** Runs the runner until it ends, or until an abort and what it may take to stop. */
export async function runAttempt<Config>(
  runner: Runner<Config>,
  input: RunnerInput,
  context: Context,
  sink: RunnerSink,
  dataDir: string,
): Promise<JsonValue> {
  const { executionId, nodeId } = input;
  const config = checkedConfig<Config>(runner.taskType, input.config);
  const workspacePath = input.workspacePath ?? join(dataDir, "workspaces", "executions", executionId);
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
    await makeFolder(path);
    return path;
  } catch (cause) {
    const { code = String(cause) } = cause as NodeJS.ErrnoException;
    throw runnerError("WORKSPACE_UNAVAILABLE", `the workspace folder ${path} cannot be created: ${code}`, {
      // Otherwise another worker, or this one after somebody made room, may succeed.
      retryable: !LASTING_REASONS.has(code),
      cause,
    });
  }
}

function checkedOutput(output: JsonValue): JsonValue {
  if (isDeeperThan(output, MAX_OUTPUT_LEVELS)) {
    const message = `the output is nested deeper than ${MAX_OUTPUT_LEVELS} levels`;
    throw runnerError("OUTPUT_TOO_LARGE", message, { retryable: false });
  }
  const bytes = jsonBytes(output);
  if (bytes <= MAX_PAYLOAD_BYTES) return output;
  const message = `the output is ${bytes} bytes of JSON; at most ${MAX_PAYLOAD_BYTES} can be passed on`;
  throw runnerError("OUTPUT_TOO_LARGE", message, { retryable: false, details: { output_bytes: bytes } });
}

/** A signal that aborts with the activity's cancellation and when the attempt's time is over. */
function limitAttempt({ cancellationSignal }: Context, timeoutMs: number) {
  const end = new AbortController();
  const onCancel = () => end.abort(cancellationSignal.reason);
  let error: Error | undefined;
  const timer = setTimeout(() => {
    error = runnerError("TIMEOUT", `the attempt took longer than ${timeoutMs} ms`, { retryable: true });
    end.abort(error);
  }, timeoutMs);
  if (cancellationSignal.aborted) onCancel();
  else cancellationSignal.addEventListener("abort", onCancel, { once: true });
  return {
    signal: end.signal,
    timedOut: () => (cancellationSignal.aborted ? undefined : error),
    clear: () => {
      clearTimeout(timer);
      cancellationSignal.removeEventListener("abort", onCancel);
    },
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
export function cancelledBy(context: Context): Error {
  const reason: unknown = context.cancellationSignal.reason;
  return reason instanceof Error ? reason : new CancelledFailure("cancelled");
}

import { setTimeout as sleep } from "node:timers/promises";
import { OrchestratorError } from "../../core/errors";
import { parseExecutionId } from "../../core/ids";
import type { JsonObject } from "../../core/json";
import { contentHash } from "../../starting/content-hash";
import { prepareTaskRun } from "../../starting/prepare-task-run";
import type { RunNames } from "../../starting/run-names";
import type { TaskRecord } from "../../store/records";
import type { StartedRun } from "../../temporal/runs-port";
import type { TaskRunInput } from "../../workflows/history-contract";
import type { ApiContext } from "../api-context";
import { MAX_CONFIG_BYTES } from "../limits";
import { RequestCheck } from "../requests/request-check";
import type { RunPlan, RunRequest } from "./start-execution";

/** A run closes within one workflow task of recording its end; this is many times that on a busy machine. */
const CLOSING_TIMEOUT_MS = 5_000;
const CLOSING_POLL_MS = 20;

/** Checks the override and the config that comes of it. Throws INVALID_ARGUMENT. */
export function planTaskRun(
  context: ApiContext,
  task: TaskRecord,
  overrideText: string | undefined,
  names: RunNames,
): RunPlan {
  const override = decodeOverride(overrideText);
  const { run: input, requestHash: runHash } = prepareTaskRun(task, override, names);
  return {
    ...taskRequest(task.id, override),
    input: input.config,
    ...names,
    start: async (executionId) => {
      const run = await startUnlessClosing(context, { ...input, executionId }, runHash);
      if (run.attached && override !== undefined && run.requestHash !== runHash) throw runsWithAnother(task, run);
      return run;
    },
  };
}

/** The same of a call that is not planned yet. Throws INVALID_ARGUMENT. */
export function readTaskRequest(taskId: string, overrideText: string | undefined): RunRequest {
  return taskRequest(taskId, decodeOverride(overrideText));
}

/** Not of the merged config: a repeated call is the same request even if the task was edited in between. */
function taskRequest(subjectId: string, override: JsonObject | undefined): RunRequest {
  return { kind: "task", subjectId, requestHash: contentHash({ config_override: override ?? {} }) };
}

function decodeOverride(text: string | undefined): JsonObject | undefined {
  if (text === undefined) return undefined;
  const check = new RequestCheck();
  const override = check.jsonObject("config_override", text, MAX_CONFIG_BYTES);
  check.finish();
  return override;
}

/**
 * Temporal attaches to a run that has recorded its end and is about to close. Somebody who saw that end and executes
 * again wants a new run, so we wait the few milliseconds until it has closed.
 */
export async function startUnlessClosing(
  context: ApiContext,
  input: TaskRunInput,
  runHash: string,
): Promise<StartedRun> {
  for (const deadline = Date.now() + CLOSING_TIMEOUT_MS; ; await sleep(CLOSING_POLL_MS)) {
    const run = await context.runs.startTask(input, runHash);
    if (!run.attached || run.executionId === input.executionId || Date.now() > deadline) return run;
    const execution = await context.store.getExecution(parseExecutionId(run.executionId));
    if (execution === null || execution.status === "RUNNING" || execution.status === "PENDING") return run;
  }
}

function runsWithAnother(task: TaskRecord, run: StartedRun): OrchestratorError {
  return new OrchestratorError(
    "FAILED_PRECONDITION",
    `task ${task.id} is running (execution ${run.executionId}) with another config than this config_override gives; ` +
      "execute it without config_override to follow that run, or wait for its end",
  );
}

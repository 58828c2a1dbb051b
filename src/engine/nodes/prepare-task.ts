import type { Failure } from "../../core/errors";
import { isJsonObject, type JsonObject, type JsonValue } from "../../core/json";
import { err, ok, type Result } from "../../core/result";
import { isLargerThan } from "../../core/utf8-size";
import type {
  Defaults,
  InlineTask,
  Lane,
  RetryConfig,
  StoredTask,
  TaskCall,
  TimeoutConfig,
} from "../../definition/graph-types";
import { mergePatch } from "../../definition/merge-patch";
import { overrideTaskOptions } from "../../definition/retry-and-timeout";
import type { TaskOptions } from "../../definition/task-options";
import { parseTaskConfig } from "../../definition/task-types/registry";
import { problemsFailure, renderFailure } from "../failures";
import { MAX_CONFIG_BYTES } from "../limits";
import type { NodeContext } from "./node-behaviour";

/** A task as it can be run. */
export interface PreparedTask {
  readonly taskType: string;
  /** Rendered and checked, defaults filled in. */
  readonly config: JsonObject;
  readonly options: TaskOptions;
  readonly workspacePath?: string;
  readonly taskId?: string;
  /** The definition's default, as is `lane`. */
  readonly priority?: number;
  readonly lane?: Lane;
}

type TaskContext = Pick<NodeContext, "task" | "render" | "defaults">;

/** What is left to check once everything is rendered. */
interface RenderedTask {
  readonly taskType: string;
  readonly config: JsonValue;
  readonly workspacePath?: string;
  readonly taskId?: string;
}

/** Renders and checks what a task is to do; `pointer` is the call's place in its node. */
export function prepareTask(call: TaskCall, context: TaskContext, pointer: string): Result<PreparedTask, Failure> {
  const rendered = "task_type" in call ? renderInline(call, context, pointer) : renderStored(call, context, pointer);
  return rendered.ok ? checkTask(rendered.value, context.defaults) : rendered;
}

/** Checks a rendered task. Its own `retry` and `timeout` go before the definition's `defaults`, and these before its type's. */
export function checkTask(task: RenderedTask, defaults: Defaults = {}): Result<PreparedTask, Failure> {
  const { config, ...rest } = task;
  if (isTooLarge(config)) return err(configInvalid(`config is larger than ${MAX_CONFIG_BYTES} bytes`));
  const parsed = parseTaskConfig(task.taskType, config);
  if (!parsed.ok) {
    const code = parsed.error[0]?.code === "TASK_TYPE_UNKNOWN" ? "TASK_TYPE_UNKNOWN" : "CONFIG_INVALID";
    return err(problemsFailure(code, parsed.error));
  }
  const { config: checked, options } = parsed.value;
  const own = checked as { readonly retry?: RetryConfig; readonly timeout?: TimeoutConfig | string };
  const { retry, timeout, priority, lane } = defaults;
  const withDefaults = overrideTaskOptions(options, retry, timeout);
  return ok({
    ...rest,
    config: checked,
    options: overrideTaskOptions(withDefaults, own.retry, own.timeout),
    ...(priority === undefined ? {} : { priority }),
    ...(lane === undefined ? {} : { lane }),
  });
}

function isTooLarge(config: JsonValue): boolean {
  try {
    return isLargerThan(JSON.stringify(config), MAX_CONFIG_BYTES);
  } catch {
    // Nested too deeply to be written; no task type takes that either.
    return true;
  }
}

function configInvalid(message: string): Failure {
  return { code: "CONFIG_INVALID", message };
}

function renderInline(task: InlineTask, context: TaskContext, pointer: string): Result<RenderedTask, Failure> {
  const config = context.render(task.config, `${pointer}/config`);
  if (!config.ok) return err(renderFailure(config.error));
  return ok({ taskType: task.task_type, config: config.value });
}

/** The override is rendered; the stored config is not, so a stored task does the same wherever it is used. */
function renderStored(task: StoredTask, context: TaskContext, pointer: string): Result<RenderedTask, Failure> {
  const stored = context.task(task.task_id);
  if (stored === undefined) return err(configInvalid(`task ${task.task_id} was not there when the run was started`));
  const { taskType, workspacePath } = stored;
  const config = mergedConfig(stored.config, task.override, context, pointer);
  return config.ok ? ok({ taskType, workspacePath, taskId: task.task_id, config: config.value }) : config;
}

function mergedConfig(
  stored: JsonObject,
  override: JsonObject | undefined,
  context: TaskContext,
  pointer: string,
): Result<JsonValue, Failure> {
  if (override === undefined) return ok(stored);
  const patch = context.render(override, `${pointer}/override`);
  if (!patch.ok) return err(renderFailure(patch.error));
  return isJsonObject(patch.value) ? ok(mergePatch(stored, patch.value)) : err(configInvalid("override is no object"));
}

import type { Failure } from "../../core/errors";
import type { JsonObject, JsonValue } from "../../core/json";
import { isJsonObject } from "../../core/json";
import { err, ok, type Result } from "../../core/result";
import { isLargerThan } from "../../core/utf8-size";
import type { GraphNode, InlineTask, StoredTask } from "../../definition/graph-types";
import { mergePatch } from "../../definition/merge-patch";
import { overrideTaskOptions } from "../../definition/retry-and-timeout";
import { parseTaskConfig } from "../../definition/task-types/registry";
import { problemsFailure, renderFailure } from "../failures";
import { MAX_CONFIG_BYTES } from "../limits";
import type { NodeBehaviour, NodeContext } from "./node-behaviour";

/** What is left to check once everything is rendered. */
interface RenderedTask {
  readonly taskType: string;
  readonly config: JsonValue;
  readonly workspacePath?: string;
  readonly taskId?: string;
}

/** Runs one task as one activity and takes its output as the node's. */
export const taskBehaviour: NodeBehaviour = {
  type: "task",
  enter: (node: GraphNode, context) => {
    const rendered =
      "task_type" in node.config ? renderInline(node.config, context) : renderStored(node.config, context);
    if (!rendered.ok) return { type: "fail", failure: rendered.error };
    const { config, ...task } = rendered.value;
    if (isLargerThan(JSON.stringify(config), MAX_CONFIG_BYTES))
      return { type: "fail", failure: configInvalid(`config is larger than ${MAX_CONFIG_BYTES} bytes`) };
    const parsed = parseTaskConfig(task.taskType, config);
    if (!parsed.ok) {
      const code = parsed.error[0]?.code === "TASK_TYPE_UNKNOWN" ? "TASK_TYPE_UNKNOWN" : "CONFIG_INVALID";
      return { type: "fail", failure: problemsFailure(code, parsed.error) };
    }
    const options = overrideTaskOptions(parsed.value.options, node.retry, node.timeout);
    return { type: "run", command: { ...task, config: parsed.value.config, options } };
  },
};

function configInvalid(message: string): Failure {
  return { code: "CONFIG_INVALID", message };
}

function renderInline(task: InlineTask, context: NodeContext): Result<RenderedTask, Failure> {
  const config = context.render(task.config, "/config/config");
  if (!config.ok) return err(renderFailure(config.error));
  return ok({ taskType: task.task_type, config: config.value });
}

/** The override is rendered; the stored config is not, so a stored task does the same wherever it is used. */
function renderStored(task: StoredTask, context: NodeContext): Result<RenderedTask, Failure> {
  const stored = context.task(task.task_id);
  if (stored === undefined) return err(configInvalid(`task ${task.task_id} was not there when the run was started`));
  const { taskType, workspacePath } = stored;
  const config = mergedConfig(stored.config, task.override, context);
  return config.ok ? ok({ taskType, workspacePath, taskId: task.task_id, config: config.value }) : config;
}

function mergedConfig(
  stored: JsonObject,
  override: JsonObject | undefined,
  context: NodeContext,
): Result<JsonValue, Failure> {
  if (override === undefined) return ok(stored);
  const patch = context.render(override, "/config/override");
  if (!patch.ok) return err(renderFailure(patch.error));
  return isJsonObject(patch.value) ? ok(mergePatch(stored, patch.value)) : err(configInvalid("override is no object"));
}

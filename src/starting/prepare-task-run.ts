import type { JsonObject } from "../core/json";
import { mergePatch } from "../definition/merge-patch";
import { type ParsedTaskConfig, parseTaskConfig } from "../definition/task-types/registry";
import type { TaskRecord } from "../store/records";
import { ENGINE_VERSION, type TaskRunInput } from "../workflows/history-contract";
import { contentHash } from "./content-hash";
import { problemsRefused } from "./refused-problems";
import type { RunNames } from "./run-names";

/** All that a run of a task is started with, but the execution's id. */
export interface PreparedTaskRun {
  readonly run: Omit<TaskRunInput, "executionId">;
  /** By which a later start tells whether it asks for the same. */
  readonly requestHash: string;
}

/** Merges the override into the task's config as it stands now, and checks what comes of it. Throws INVALID_ARGUMENT. */
export function prepareTaskRun(
  task: TaskRecord,
  override: JsonObject | undefined,
  names: RunNames = {},
): PreparedTaskRun {
  const { config, options } = mergeConfig(task, override);
  const run = {
    engineVersion: ENGINE_VERSION,
    taskId: task.id,
    title: task.title,
    taskType: task.taskType,
    config,
    workspacePath: task.workspacePath,
    options,
    ...names,
  };
  return { run, requestHash: contentHash(config) };
}

/** Config and override are merged as their clients wrote them; defaults are filled in after that. */
function mergeConfig(task: TaskRecord, override: JsonObject | undefined): ParsedTaskConfig {
  const merged = override === undefined ? task.config : mergePatch(task.config, override);
  const parsed = parseTaskConfig(task.taskType, merged);
  if (parsed.ok) return parsed.value;
  throw problemsRefused(override === undefined ? "config" : "config_override", parsed.error);
}

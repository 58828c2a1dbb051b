import type { JsonObject, JsonValue } from "../src/core/json";
import type { DefinitionSnapshot } from "../src/definition/graph-types";
import { parseDefinition } from "../src/definition/parse-definition";
import { type EngineState, type StepResult, start, step, viewNodes } from "../src/engine/engine";
import type { EngineInput } from "../src/engine/engine-types";

export const EXECUTION = { id: "01900000-0000-7000-8000-000000000001" };
export const TASK_ID = "01900000-0000-7000-8000-0000000000aa";

/** 2026-01-01T00:00:00Z, at which all happens. */
export const NOW_MS = 1_767_225_600_000;

export function task(id: string, config: JsonObject = { command: "true" }): JsonObject {
  return { id, type: "task", config: { task_type: "shell", config } };
}

export function snapshotOf(definition: JsonObject): DefinitionSnapshot {
  const parsed = parseDefinition(definition);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const stored = { taskType: "shell", title: "Build", config: { command: "make", env: { A: "1", B: "2" } } };
  return { definition: parsed.value, hash: "0", tasks: { [TASK_ID]: { ...stored, workspacePath: "/w/build" } } };
}

/** Starts a run and feeds it inputs; what is returned is the last step's result. */
export function run(definition: JsonObject, inputs: readonly EngineInput[] = [], input: JsonValue = {}): StepResult {
  let result = start(snapshotOf(definition), input, EXECUTION, NOW_MS);
  for (const next of inputs) result = step(result.state, next, NOW_MS);
  return result;
}

export const completed = (activityId: string, output: JsonValue = null): EngineInput => ({
  type: "task_completed",
  activityId,
  output,
});
export const failed = (activityId: string, code = "SHELL_EXIT_CODE"): EngineInput => ({
  type: "task_failed",
  activityId,
  failure: { code, message: "exit code 1", details: { exit_code: 1 } },
});
export const cancelled = (activityId: string): EngineInput => ({ type: "task_cancelled", activityId });

export const started = ({ commands }: StepResult) =>
  commands.flatMap((command) => (command.type === "run_task" ? [command.nodeId] : []));
export const outcome = ({ commands }: StepResult) =>
  commands.flatMap((command) => (command.type === "finish" ? [command.outcome] : []))[0];
export const statuses = (state: EngineState) =>
  Object.fromEntries(viewNodes(state).map(({ id, status }) => [id, status]));
export const configOf = ({ commands }: StepResult, nodeId: string) =>
  commands.flatMap((command) => (command.type === "run_task" && command.nodeId === nodeId ? [command.config] : []))[0];

import { OrchestratorError } from "../core/errors";
import { parseTaskId, parseWorkflowId } from "../core/ids";
import { isJsonObject, type JsonObject, type JsonValue } from "../core/json";
import type { Problem } from "../definition/graph-types";
import { renderScheduledInput } from "../schedules/input-template";
import type { Store } from "../store/store-port";
import type { PlanScheduledInput, ScheduledPlan } from "../workflows/history-contract";
import { type PlanStore, prepareGraphRun } from "./prepare-graph-run";
import { prepareTaskRun } from "./prepare-task-run";
import { problemsRefused } from "./refused-problems";

export type ScheduledStore = PlanStore & Pick<Store, "getTask" | "getWorkflow">;

/**
 * What a schedule's execution for one time is started with: the task or workflow as it stands now, and the input for that
 * time. Throws NOT_FOUND where it is gone, else as `prepareTaskRun` and `prepareGraphRun` do.
 */
export async function prepareScheduledRun(store: ScheduledStore, plan: PlanScheduledInput): Promise<ScheduledPlan> {
  const { kind, subjectId } = plan;
  const input = renderInput(plan);
  const names = { origin: { scheduleId: plan.scheduleId } };
  if (kind === "task") {
    const task = await store.getTask(parseTaskId(subjectId, "task_id"));
    if (task === null) throw gone(kind, subjectId);
    return { kind, ...prepareTaskRun(task, overrideOf(input), names) };
  }
  const workflow = await store.getWorkflow(parseWorkflowId(subjectId, "workflow_id"));
  if (workflow === null) throw gone(kind, subjectId);
  return { kind, ...(await prepareGraphRun(store, workflow, input ?? {}, names)) };
}

function renderInput({ input, scheduleId, scheduledTime }: PlanScheduledInput): JsonValue | undefined {
  if (input === undefined) return undefined;
  const rendered = renderScheduledInput(input, { id: scheduleId, time: scheduledTime });
  if (rendered.ok) return rendered.value;
  const { pointer, message, column } = rendered.error;
  throw problemsRefused("input", [expressionFailed(pointer, `${message} (column ${column})`)]);
}

function expressionFailed(pointer: string, message: string): Problem {
  return { code: "EXPRESSION_FAILED", pointer, message };
}

function overrideOf(input: JsonValue | undefined): JsonObject | undefined {
  if (input === undefined || isJsonObject(input)) return input;
  throw problemsRefused("input", [
    { code: "INPUT_INVALID", pointer: "", message: "must be a JSON object, the config override" },
  ]);
}

function gone(kind: "task" | "workflow", id: string): OrchestratorError {
  return new OrchestratorError("NOT_FOUND", `there is no ${kind} ${id}`);
}

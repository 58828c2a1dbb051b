import type { Failure } from "../core/errors";
import { err, ok, type Result } from "../core/result";
import type { TaskCall } from "../definition/graph-types";
import type { Draft } from "./draft";
import type { Compensation } from "./engine-state";
import type { RunTaskCommand } from "./engine-types";
import type { FrameDraft } from "./frame-draft";
import { compensationId } from "./frame-ids";
import { MAX_COMPENSATIONS } from "./limits";
import { contextOf } from "./node-context";
import { checkTask, prepareTask } from "./nodes/prepare-task";
import type { Site } from "./sites";

/** Renders what would undo a task that has just completed, with what its graph knows at this moment. */
export function keepCompensation(draft: Draft, frame: FrameDraft, position: number): void {
  const node = frame.node(position);
  if (draft.phase !== "graph" || node.type !== "task" || node.compensate === undefined) return;
  const instance = frame.instance(position);
  const task = prepareTask(node.compensate, contextOf(draft, frame, position), "/compensate");
  const isFull = draft.compensations.length >= MAX_COMPENSATIONS;
  if (!task.ok) noteLost(draft, instance, task.error);
  else if (isFull) noteLost(draft, instance, { code: "STATE_TOO_LARGE", message: TOO_MANY });
  else draft.compensations = [...draft.compensations, { instance, nodeId: node.id, config: task.value.config }];
}

const TOO_MANY = `${MAX_COMPENSATIONS} completed tasks are to be undone already; this one is not`;

/** Says in the journal why a task will not be undone. */
export function noteLost(draft: Draft, instance: string, failure: Failure): void {
  const nodeId = compensationId(instance);
  draft.note({ kind: "entered", nodeId, nodeType: "task" });
  draft.note({ kind: "completed", nodeId, nodeType: "task", status: "failed", failure });
}

/** The command that undoes a task. */
export function compensationCommand(draft: Draft, compensation: Compensation): Result<RunTaskCommand, Failure> {
  const { instance, nodeId, config } = compensation;
  const found = compensationOf(draft.sites, nodeId);
  const called = found === undefined ? undefined : calledTask(draft, found.call);
  if (found === undefined || called === undefined)
    return err({ code: "CONFIG_INVALID", message: `there is nothing that undoes '${nodeId}'` });
  const task = checkTask({ ...called, config }, draft.before.snapshot.definition.defaults);
  if (!task.ok) return task;
  const summary = `${found.name}: compensate`;
  return ok({ type: "run_task", activityId: compensationId(instance), nodeId, summary, ...task.value });
}

function compensationOf(
  sites: readonly Site[],
  nodeId: string,
): { readonly call: TaskCall; readonly name: string } | undefined {
  for (const { graph, index } of sites) {
    const node = graph.nodes[index.positions.get(nodeId) ?? -1];
    if (node?.type === "task" && node.compensate !== undefined)
      return { call: node.compensate, name: node.name ?? node.id };
  }
  return undefined;
}

function calledTask(
  draft: Draft,
  call: TaskCall,
): { readonly taskType: string; readonly workspacePath?: string; readonly taskId?: string } | undefined {
  if ("task_type" in call) return { taskType: call.task_type };
  const { tasks } = draft.before.snapshot;
  const stored = Object.hasOwn(tasks, call.task_id) ? tasks[call.task_id] : undefined;
  if (stored === undefined) return undefined;
  return { taskType: stored.taskType, workspacePath: stored.workspacePath, taskId: call.task_id };
}

import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { v7 as uuidv7 } from "uuid";
import { parseExecutionId, parseTaskId, parseWorkflowId, type TaskId, type WorkflowId } from "../../src/core/ids";
import type { NewTask, NewWorkflow, StartedExecution, Store } from "../../src/store/store-port";

export const newTaskId = () => parseTaskId(randomUUID());
export const newWorkflowId = () => parseWorkflowId(randomUUID());
/** In the order of their making, as those of the API. */
export const newExecutionId = () => parseExecutionId(uuidv7());

export function aTask(changes: Partial<NewTask> = {}): NewTask {
  return {
    id: newTaskId(),
    title: "Say hello",
    description: "",
    taskType: "shell",
    config: { command: "echo hello" },
    metadata: {},
    workspacePath: "/tmp/workspace",
    ...changes,
  };
}

export function aWorkflow(taskIds: readonly TaskId[] = [], changes: Partial<NewWorkflow> = {}): NewWorkflow {
  return {
    id: newWorkflowId(),
    name: "Build",
    description: "",
    ...aDefinition("one", taskIds),
    ...changes,
  };
}

/** A definition that differs from others by `mark`, with a hash that does too. */
export function aDefinition(
  mark: string,
  taskIds: readonly TaskId[] = [],
  workflowIds: readonly WorkflowId[] = [],
): Pick<NewWorkflow, "definition" | "definitionHash" | "taskIds" | "workflowIds"> {
  const definition = { version: 1, nodes: [], edges: [], mark };
  return { definition, definitionHash: `hash of ${mark}`, taskIds, workflowIds };
}

export function aTaskStart(taskId: TaskId, changes: Partial<StartedExecution> = {}): StartedExecution {
  return {
    id: newExecutionId(),
    kind: "task",
    subjectId: taskId,
    temporalWorkflowId: `task/${taskId}`,
    temporalRunId: randomUUID(),
    input: { command: "echo hello" },
    startedAt: new Date("2026-01-02T03:04:05.678Z"),
    ...changes,
  };
}

export function aWorkflowStart(workflowId: string, changes: Partial<StartedExecution> = {}): StartedExecution {
  return {
    id: newExecutionId(),
    kind: "workflow",
    subjectId: workflowId,
    temporalWorkflowId: `workflow/${workflowId}/x`,
    temporalRunId: randomUUID(),
    definitionHash: "hash of one",
    workflowVersion: 1,
    input: { n: 1 },
    startedAt: new Date("2026-01-02T03:04:05.678Z"),
    ...changes,
  };
}

/** Creates tasks of a type of their own, each in a later millisecond than the one before; newest last. */
export async function createTasksInOrder(store: Store, count: number, taskType: string): Promise<readonly TaskId[]> {
  const ids: TaskId[] = [];
  for (let index = 0; index < count; index++) {
    ids.push((await store.createTask(aTask({ taskType, title: `task ${index}` }))).id);
    await sleep(2);
  }
  return ids;
}

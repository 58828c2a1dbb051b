import { credentials } from "@grpc/grpc-js";
import { ExecutionServiceClient } from "../src/gen/proto/executions";
import { type ExecutionEvent, ExecutionEventType, TaskServiceClient } from "../src/gen/proto/tasks";
import { WorkflowEventType, WorkflowServiceClient } from "../src/gen/proto/workflows";

/** The three services of one server, called as any client calls them. */
export interface Ours {
  readonly tasks: TaskServiceClient;
  readonly workflows: WorkflowServiceClient;
  readonly executions: ExecutionServiceClient;
}

export function connectOurs(address: string): Ours {
  const insecure = credentials.createInsecure();
  return {
    tasks: new TaskServiceClient(address, insecure),
    workflows: new WorkflowServiceClient(address, insecure),
    executions: new ExecutionServiceClient(address, insecure),
  };
}

/** A stored task of the type and config. */
export function createTask(ours: Ours, taskType: string, config: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = {
      title: "bench",
      description: "",
      taskType,
      config: JSON.stringify(config),
      metadata: undefined,
      workspacePath: undefined,
    };
    ours.tasks.createTask(request, (error, task) => (error ? reject(error) : resolve(task.id)));
  });
}

export function getTask(ours: Ours, id: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    ours.tasks.getTask({ id }, (error, task) => (error ? reject(error) : resolve(task)));
  });
}

export function listTasks(ours: Ours, limit: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = { limit, offset: undefined, status: undefined, taskType: undefined };
    ours.tasks.listTasks(request, (error, page) => (error ? reject(error) : resolve(page)));
  });
}

export function createWorkflow(ours: Ours, definition: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = { name: "bench", description: "", definition: JSON.stringify(definition) };
    ours.workflows.createWorkflow(request, (error, workflow) => (error ? reject(error) : resolve(workflow.id)));
  });
}

/** Executes the task and follows its stream to the end. */
export function executeTask(ours: Ours, id: string, onEvent?: (event: ExecutionEvent) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let failed: string | undefined;
    const stream = ours.tasks.executeTask({ id, configOverride: undefined });
    stream.on("data", (event: ExecutionEvent) => {
      onEvent?.(event);
      if (event.eventType === ExecutionEventType.EXECUTION_EVENT_TYPE_FAILED) failed = event.error ?? "failed";
    });
    stream.on("error", reject);
    stream.on("end", () => (failed === undefined ? resolve() : reject(new Error(failed))));
  });
}

/** Executes the workflow and follows its stream to the end. */
export function executeWorkflow(ours: Ours, id: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let failed: string | undefined;
    const stream = ours.workflows.executeWorkflow({ id, input: undefined });
    stream.on("data", (event: { eventType: WorkflowEventType; error?: string | undefined }) => {
      if (event.eventType === WorkflowEventType.WORKFLOW_EVENT_TYPE_FAILED) failed = event.error ?? "failed";
    });
    stream.on("error", reject);
    stream.on("end", () => (failed === undefined ? resolve() : reject(new Error(failed))));
  });
}

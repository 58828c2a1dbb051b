import { ExecutionServiceService } from "../../src/gen/proto/executions";
import { HealthServiceClient, HealthServiceService } from "../../src/gen/proto/health";
import { ReactionServiceService } from "../../src/gen/proto/reactions";
import { ScheduleServiceService } from "../../src/gen/proto/schedules";
import { TaskServiceClient, TaskServiceService } from "../../src/gen/proto/tasks";
import { WebhookServiceService } from "../../src/gen/proto/webhooks";
import { WorkflowServiceClient, WorkflowServiceService } from "../../src/gen/proto/workflows";

interface MethodStub {
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
}

/** `{METHOD_PATH: "unary" | "server stream" | ...}` of a generated service. */
function shapesOf(service: Readonly<Record<string, MethodStub>>): Record<string, string> {
  const shape = ({ requestStream, responseStream }: MethodStub): string => {
    if (requestStream) return responseStream ? "bidirectional stream" : "client stream";
    return responseStream ? "server stream" : "unary";
  };
  return Object.fromEntries(Object.values(service).map((method) => [method.path, shape(method)]));
}

test("TaskService streams the events of ExecuteTask and nothing else", () => {
  expect(shapesOf(TaskServiceService)).toEqual({
    "/orchestrator.tasks.TaskService/CreateTask": "unary",
    "/orchestrator.tasks.TaskService/GetTask": "unary",
    "/orchestrator.tasks.TaskService/ListTasks": "unary",
    "/orchestrator.tasks.TaskService/UpdateTask": "unary",
    "/orchestrator.tasks.TaskService/DeleteTask": "unary",
    "/orchestrator.tasks.TaskService/ExecuteTask": "server stream",
  });
});

test("WorkflowService streams the events of ExecuteWorkflow and nothing else", () => {
  expect(shapesOf(WorkflowServiceService)).toEqual({
    "/orchestrator.workflows.WorkflowService/CreateWorkflow": "unary",
    "/orchestrator.workflows.WorkflowService/GetWorkflow": "unary",
    "/orchestrator.workflows.WorkflowService/ListWorkflows": "unary",
    "/orchestrator.workflows.WorkflowService/UpdateWorkflow": "unary",
    "/orchestrator.workflows.WorkflowService/DeleteWorkflow": "unary",
    "/orchestrator.workflows.WorkflowService/ExecuteWorkflow": "server stream",
  });
});

test("HealthService answers Check once", () => {
  expect(shapesOf(HealthServiceService)).toEqual({ "/orchestrator.health.HealthService/Check": "unary" });
});

test("ExecutionService streams what WatchExecution follows", () => {
  expect(shapesOf(ExecutionServiceService)).toMatchObject({
    "/orchestrator.executions.ExecutionService/GetExecution": "unary",
    "/orchestrator.executions.ExecutionService/ListExecutions": "unary",
    "/orchestrator.executions.ExecutionService/WatchExecution": "server stream",
    "/orchestrator.executions.ExecutionService/CancelExecution": "unary",
  });
});

test.each([
  ["ScheduleService", ScheduleServiceService, 10],
  ["ReactionService", ReactionServiceService, 5],
  ["WebhookService", WebhookServiceService, 6],
] as const)("%s streams nothing", (_name, service, count) => {
  const shapes = shapesOf(service);
  expect(Object.keys(shapes)).toHaveLength(count);
  expect(new Set(Object.values(shapes))).toEqual(new Set(["unary"]));
});

test.each([
  ["TaskService", TaskServiceClient, "orchestrator.tasks.TaskService"],
  ["WorkflowService", WorkflowServiceClient, "orchestrator.workflows.WorkflowService"],
  ["HealthService", HealthServiceClient, "orchestrator.health.HealthService"],
])("has a client stub for %s", (_name, client, fullName) => {
  expect(client.serviceName).toBe(fullName);
});

import { type ClientReadableStream, credentials, type Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { decodeStatusDetails } from "../../src/api/status-details";
import type { FieldViolation } from "../../src/core/errors";
import {
  AnswerApprovalRequest,
  type AnswerApprovalResponse,
  CancelExecutionRequest,
  CancelNodeRequest,
  type Execution,
  ExecutionServiceClient,
  type ExecutionState,
  GetExecutionStateRequest,
  GetWorkflowVersionRequest,
  ListApprovalsRequest,
  type ListApprovalsResponse,
  ListExecutionsRequest,
  type ListExecutionsResponse,
  ListRetriesRequest,
  type ListRetriesResponse,
  ListWorkflowVersionsRequest,
  type ListWorkflowVersionsResponse,
  PauseExecutionRequest,
  PlanRedriveRequest,
  PruneExecutionsRequest,
  type PruneExecutionsResponse,
  RedriveExecutionRequest,
  type RedrivePlan,
  ResumeExecutionRequest,
  RetryNodeRequest,
  SetNodeOutputRequest,
  SignalExecutionRequest,
  type SignalExecutionResponse,
  SkipNodeRequest,
  type SteeringResponse,
  UpdateExecutionRequest,
  type WorkflowVersion,
} from "../../src/gen/proto/executions";
import { type HealthCheckResponse, HealthServiceClient } from "../../src/gen/proto/health";
import {
  CreateTaskRequest,
  type DeleteTaskResponse,
  ListTasksRequest,
  type ListTasksResponse,
  type Task,
  TaskServiceClient,
  UpdateTaskRequest,
} from "../../src/gen/proto/tasks";
import {
  CreateWorkflowRequest,
  type DeleteWorkflowResponse,
  ListWorkflowsRequest,
  type ListWorkflowsResponse,
  UpdateWorkflowRequest,
  type Workflow,
  WorkflowServiceClient,
} from "../../src/gen/proto/workflows";

type Done<Response> = (error: ServiceError | null, response: Response) => void;

function reply<Response>(call: (done: Done<Response>) => unknown): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((error, response) => (error === null ? resolve(response) : reject(error)));
  });
}

export type ApiClient = ReturnType<typeof connectApi>;

/** The generated clients with promises; fields that a test does not care for may be left out. */
export function connectApi(address: string) {
  // Each client gets a connection of its own, as different processes would.
  const options = { "grpc.use_local_subchannel_pool": 1 };
  const insecure = credentials.createInsecure();
  const tasks = new TaskServiceClient(address, insecure, options);
  const workflows = new WorkflowServiceClient(address, insecure, options);
  const executions = new ExecutionServiceClient(address, insecure, options);
  const health = new HealthServiceClient(address, insecure, options);
  return {
    tasks,
    workflows,
    executions,
    health,
    createTask: (request: Partial<CreateTaskRequest>) =>
      reply<Task>((done) => tasks.createTask(CreateTaskRequest.fromPartial(request), done)),
    getTask: (id: string) => reply<Task>((done) => tasks.getTask({ id }, done)),
    listTasks: (request: Partial<ListTasksRequest> = {}) =>
      reply<ListTasksResponse>((done) => tasks.listTasks(ListTasksRequest.fromPartial(request), done)),
    updateTask: (request: Partial<UpdateTaskRequest>) =>
      reply<Task>((done) => tasks.updateTask(UpdateTaskRequest.fromPartial(request), done)),
    deleteTask: (id: string) => reply<DeleteTaskResponse>((done) => tasks.deleteTask({ id }, done)),
    createWorkflow: (request: Partial<CreateWorkflowRequest>) =>
      reply<Workflow>((done) => workflows.createWorkflow(CreateWorkflowRequest.fromPartial(request), done)),
    getWorkflow: (id: string) => reply<Workflow>((done) => workflows.getWorkflow({ id }, done)),
    listWorkflows: (request: Partial<ListWorkflowsRequest> = {}) =>
      reply<ListWorkflowsResponse>((done) => workflows.listWorkflows(ListWorkflowsRequest.fromPartial(request), done)),
    updateWorkflow: (request: Partial<UpdateWorkflowRequest>) =>
      reply<Workflow>((done) => workflows.updateWorkflow(UpdateWorkflowRequest.fromPartial(request), done)),
    deleteWorkflow: (id: string) => reply<DeleteWorkflowResponse>((done) => workflows.deleteWorkflow({ id }, done)),
    getExecution: (id: string) => reply<Execution>((done) => executions.getExecution({ id }, done)),
    listExecutions: (request: Partial<ListExecutionsRequest> = {}) =>
      reply<ListExecutionsResponse>((done) =>
        executions.listExecutions(ListExecutionsRequest.fromPartial(request), done),
      ),
    cancelExecution: (request: Partial<CancelExecutionRequest>) =>
      reply<Execution>((done) => executions.cancelExecution(CancelExecutionRequest.fromPartial(request), done)),
    signalExecution: (request: Partial<SignalExecutionRequest>) =>
      reply<SignalExecutionResponse>((done) =>
        executions.signalExecution(SignalExecutionRequest.fromPartial(request), done),
      ),
    answerApproval: (request: Partial<AnswerApprovalRequest>) =>
      reply<AnswerApprovalResponse>((done) =>
        executions.answerApproval(AnswerApprovalRequest.fromPartial(request), done),
      ),
    listApprovals: (request: Partial<ListApprovalsRequest> = {}) =>
      reply<ListApprovalsResponse>((done) => executions.listApprovals(ListApprovalsRequest.fromPartial(request), done)),
    pauseExecution: (request: Partial<PauseExecutionRequest>) =>
      reply<SteeringResponse>((done) => executions.pauseExecution(PauseExecutionRequest.fromPartial(request), done)),
    resumeExecution: (request: Partial<ResumeExecutionRequest>) =>
      reply<SteeringResponse>((done) => executions.resumeExecution(ResumeExecutionRequest.fromPartial(request), done)),
    skipNode: (request: Partial<SkipNodeRequest>) =>
      reply<SteeringResponse>((done) => executions.skipNode(SkipNodeRequest.fromPartial(request), done)),
    setNodeOutput: (request: Partial<SetNodeOutputRequest>) =>
      reply<SteeringResponse>((done) => executions.setNodeOutput(SetNodeOutputRequest.fromPartial(request), done)),
    cancelNode: (request: Partial<CancelNodeRequest>) =>
      reply<SteeringResponse>((done) => executions.cancelNode(CancelNodeRequest.fromPartial(request), done)),
    retryNode: (request: Partial<RetryNodeRequest>) =>
      reply<SteeringResponse>((done) => executions.retryNode(RetryNodeRequest.fromPartial(request), done)),
    listRetries: (request: Partial<ListRetriesRequest>) =>
      reply<ListRetriesResponse>((done) => executions.listRetries(ListRetriesRequest.fromPartial(request), done)),
    updateExecution: (request: Partial<UpdateExecutionRequest>) =>
      reply<SteeringResponse>((done) => executions.updateExecution(UpdateExecutionRequest.fromPartial(request), done)),
    pruneExecutions: (request: Partial<PruneExecutionsRequest>) =>
      reply<PruneExecutionsResponse>((done) =>
        executions.pruneExecutions(PruneExecutionsRequest.fromPartial(request), done),
      ),
    listWorkflowVersions: (request: Partial<ListWorkflowVersionsRequest>) =>
      reply<ListWorkflowVersionsResponse>((done) =>
        executions.listWorkflowVersions(ListWorkflowVersionsRequest.fromPartial(request), done),
      ),
    getWorkflowVersion: (request: Partial<GetWorkflowVersionRequest>) =>
      reply<WorkflowVersion>((done) =>
        executions.getWorkflowVersion(GetWorkflowVersionRequest.fromPartial(request), done),
      ),
    getExecutionState: (request: Partial<GetExecutionStateRequest>) =>
      reply<ExecutionState>((done) =>
        executions.getExecutionState(GetExecutionStateRequest.fromPartial(request), done),
      ),
    planRedrive: (request: Partial<PlanRedriveRequest>) =>
      reply<RedrivePlan>((done) => executions.planRedrive(PlanRedriveRequest.fromPartial(request), done)),
    redriveExecution: (request: Partial<RedriveExecutionRequest>) =>
      reply<Execution>((done) => executions.redriveExecution(RedriveExecutionRequest.fromPartial(request), done)),
    checkHealth: (service = "") => reply<HealthCheckResponse>((done) => health.check({ service }, done)),
    close: () => {
      for (const client of [tasks, workflows, executions, health]) client.close();
    },
  };
}

/** How a call was refused. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly violations: readonly FieldViolation[];
  readonly metadata: Metadata;
}

/** What the call was refused with; fails the test when it was not. */
export async function refusal(call: Promise<unknown>): Promise<Refusal> {
  try {
    await call;
  } catch (error) {
    return decodeRefusal(error as ServiceError);
  }
  throw new Error("the call was not refused");
}

export function decodeRefusal(error: ServiceError): Refusal {
  const [details] = error.metadata?.get("grpc-status-details-bin") ?? [];
  const violations = Buffer.isBuffer(details) ? decodeStatusDetails(details).violations : [];
  return { code: status[error.code], message: error.details, violations, metadata: error.metadata };
}

/** The fields of a refusal's violations. */
export async function refusedFields(call: Promise<unknown>): Promise<readonly string[]> {
  return (await refusal(call)).violations.map(({ field }) => field);
}

/** A stream that was read to its end. */
export interface FinishedStream<Message> {
  readonly messages: readonly Message[];
  /** Of the initial metadata. */
  readonly executionId: string;
  /** `OK`, or why it ended. */
  readonly code: string;
  readonly error: Refusal | undefined;
  readonly trailers: Metadata;
}

/** Reads the stream to its end, whatever that is. `onMessage` may stop it. */
export function readStream<Message>(
  call: ClientReadableStream<Message>,
  onMessage: (message: Message, all: readonly Message[]) => void = () => undefined,
): Promise<FinishedStream<Message>> {
  return new Promise((resolve) => {
    const messages: Message[] = [];
    let executionId = "";
    let error: Refusal | undefined;
    call.on("metadata", (metadata) => {
      executionId = String(metadata.get("execution-id")[0] ?? "");
    });
    call.on("data", (message: Message) => {
      messages.push(message);
      onMessage(message, messages);
    });
    call.on("error", (reason: ServiceError) => {
      error = decodeRefusal(reason);
    });
    call.on("status", ({ code, metadata }) => {
      // The event `error` comes right after this one.
      setImmediate(() => resolve({ messages, executionId, code: status[code], error, trailers: metadata }));
    });
  });
}

/** The id in the stream's initial metadata. */
export function executionIdOf(call: ClientReadableStream<unknown>): Promise<string> {
  return new Promise((resolve, reject) => {
    call.once("metadata", (metadata) => resolve(String(metadata.get("execution-id")[0])));
    call.once("error", reject);
  });
}

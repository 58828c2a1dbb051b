import type { WorkflowServiceServer } from "../gen/proto/workflows";
import type { ApiContext } from "./api-context";
import { serverStream } from "./server-stream";
import { unary } from "./unary";
import { createWorkflow } from "./workflows/create-workflow";
import { deleteWorkflow } from "./workflows/delete-workflow";
import { executeWorkflow } from "./workflows/execute-workflow";
import { getWorkflow } from "./workflows/get-workflow";
import { listWorkflows } from "./workflows/list-workflows";
import { updateWorkflow } from "./workflows/update-workflow";

/** `orchestrator.workflows.WorkflowService`. */
export function workflowService(context: ApiContext): WorkflowServiceServer {
  const { logger } = context;
  return {
    createWorkflow: unary(logger, (request) => createWorkflow(context, request)),
    getWorkflow: unary(logger, (request) => getWorkflow(context, request)),
    listWorkflows: unary(logger, (request) => listWorkflows(context, request)),
    updateWorkflow: unary(logger, (request) => updateWorkflow(context, request)),
    deleteWorkflow: unary(logger, (request) => deleteWorkflow(context, request)),
    executeWorkflow: serverStream(context, (request, stream) => executeWorkflow(context, request, stream)),
  };
}

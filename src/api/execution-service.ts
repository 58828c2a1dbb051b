import type { ExecutionServiceServer } from "../gen/proto/executions";
import type { ApiContext } from "./api-context";
import { answerApproval } from "./executions/answer-approval";
import { cancelExecution } from "./executions/cancel-execution";
import { listExecutionReactions, retryExecutionReaction } from "./executions/execution-reactions";
import { exportExecution } from "./executions/export-execution";
import { getExecution } from "./executions/get-execution";
import { getExecutionState } from "./executions/get-execution-state";
import { listApprovals } from "./executions/list-approvals";
import { listExecutions } from "./executions/list-executions";
import { listRetries } from "./executions/list-retries";
import { pruneExecutions } from "./executions/prune-executions";
import { readBlob } from "./executions/read-blob";
import { planRedrive } from "./executions/redrive/plan-redrive";
import { redriveExecution } from "./executions/redrive/redrive-execution";
import { signalExecution } from "./executions/signal-execution";
import {
  cancelNode,
  pauseExecution,
  resumeExecution,
  retryNode,
  setNodeOutput,
  skipNode,
  updateExecution,
} from "./executions/steer-execution";
import { watchExecution } from "./executions/watch-execution";
import { serverStream } from "./server-stream";
import { unary } from "./unary";
import { getWorkflowVersion } from "./workflows/get-workflow-version";
import { listWorkflowVersions } from "./workflows/list-workflow-versions";

/** `orchestrator.executions.ExecutionService`. */
export function executionService(context: ApiContext): ExecutionServiceServer {
  const { logger } = context;
  return {
    getExecution: unary(logger, (request) => getExecution(context, request)),
    listExecutions: unary(logger, (request) => listExecutions(context, request)),
    watchExecution: serverStream(context, (request, stream) => watchExecution(context, request, stream)),
    cancelExecution: unary(logger, (request) => cancelExecution(context, request)),
    readBlob: serverStream(context, (request, stream) => readBlob(context, request, stream)),
    signalExecution: unary(logger, (request) => signalExecution(context, request)),
    answerApproval: unary(logger, (request) => answerApproval(context, request)),
    pauseExecution: unary(logger, (request) => pauseExecution(context, request)),
    resumeExecution: unary(logger, (request) => resumeExecution(context, request)),
    skipNode: unary(logger, (request) => skipNode(context, request)),
    setNodeOutput: unary(logger, (request) => setNodeOutput(context, request)),
    cancelNode: unary(logger, (request) => cancelNode(context, request)),
    retryNode: unary(logger, (request) => retryNode(context, request)),
    updateExecution: unary(logger, (request) => updateExecution(context, request)),
    listWorkflowVersions: unary(logger, (request) => listWorkflowVersions(context, request)),
    getWorkflowVersion: unary(logger, (request) => getWorkflowVersion(context, request)),
    listApprovals: unary(logger, (request) => listApprovals(context, request)),
    exportExecution: serverStream(context, (request, stream) => exportExecution(context, request, stream)),
    getExecutionState: unary(logger, (request) => getExecutionState(context, request)),
    listExecutionReactions: unary(logger, (request) => listExecutionReactions(context, request)),
    retryExecutionReaction: unary(logger, (request) => retryExecutionReaction(context, request)),
    listRetries: unary(logger, (request) => listRetries(context, request)),
    planRedrive: unary(logger, (request) => planRedrive(context, request)),
    redriveExecution: unary(logger, (request) => redriveExecution(context, request)),
    pruneExecutions: unary(logger, (request) => pruneExecutions(context, request)),
  };
}

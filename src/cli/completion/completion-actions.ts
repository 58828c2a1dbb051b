import type { Command } from "commander";
import { readClientConfig } from "../../config";
import {
  type Approval,
  ApprovalOrder,
  type ExecutionState,
  ExecutionStatus,
  GetExecutionStateRequest,
  type ListApprovalsResponse,
  ListExecutionsRequest,
  type ListExecutionsResponse,
  NodeStatus,
} from "../../gen/proto/executions";
import { ListReactionsRequest, type ListReactionsResponse } from "../../gen/proto/reactions";
import { ListSchedulesRequest, type ListSchedulesResponse } from "../../gen/proto/schedules";
import { ListTasksRequest, type ListTasksResponse } from "../../gen/proto/tasks";
import { ListWebhooksRequest, type ListWebhooksResponse } from "../../gen/proto/webhooks";
import { ListWorkflowsRequest, type ListWorkflowsResponse } from "../../gen/proto/workflows";
import { type Connection, openConnection } from "../connection/connection";
import { harmlessLine } from "../output/terminal-text";
import { enumName } from "../output/wire-enums";
import { type Candidate, complete, starting, type Wanted } from "./completion";

/** Somebody waits with a finger on the tab key. */
const DEADLINE_MS = 800;

/** More than fit on a screen help nobody. */
const LIMIT = 50;

/** One candidate a line, and after a tab what it is. Never fails: without a server there are no ids. */
export async function printCompletion(program: Command, words: readonly string[]): Promise<void> {
  const { candidates, wanted, prefix } = complete(program, words);
  const asked = wanted === undefined ? [] : starting(prefix, await ask(wanted, words).catch(() => []));
  for (const { value, text } of [...candidates, ...asked])
    process.stdout.write(`${harmlessLine(value)}\t${harmlessLine(text)}\n`);
}

async function ask(wanted: Wanted, words: readonly string[]): Promise<readonly Candidate[]> {
  const given = words.indexOf("--server");
  const server = given < 0 ? undefined : words[given + 1];
  const connection = openConnection(readClientConfig(server === undefined ? {} : { server }));
  try {
    return await LISTS[wanted.what](connection, wanted.of);
  } finally {
    connection.close();
  }
}

async function listApprovals(connection: Connection, executionId: string | undefined): Promise<readonly Approval[]> {
  const request = { executionId, limit: LIMIT, order: ApprovalOrder.APPROVAL_ORDER_OLDEST_FIRST };
  const { approvals } = await connection.call<ListApprovalsResponse>(
    (...call) => connection.executions.listApprovals(request, ...call),
    DEADLINE_MS,
  );
  return approvals;
}

type List = (connection: Connection, of: string | undefined) => Promise<readonly Candidate[]>;

const LISTS: Readonly<Record<Wanted["what"], List>> = {
  task: async (connection) => {
    const request = ListTasksRequest.fromPartial({ limit: LIMIT });
    const { tasks } = await connection.call<ListTasksResponse>(
      (...call) => connection.tasks.listTasks(request, ...call),
      DEADLINE_MS,
    );
    return tasks.map(({ id, title }) => ({ value: id, text: title }));
  },
  workflow: async (connection) => {
    const request = ListWorkflowsRequest.fromPartial({ limit: LIMIT });
    const { workflows } = await connection.call<ListWorkflowsResponse>(
      (...call) => connection.workflows.listWorkflows(request, ...call),
      DEADLINE_MS,
    );
    return workflows.map(({ id, name }) => ({ value: id, text: name }));
  },
  execution: async (connection) => {
    const request = ListExecutionsRequest.fromPartial({ limit: LIMIT });
    const { executions } = await connection.call<ListExecutionsResponse>(
      (...call) => connection.executions.listExecutions(request, ...call),
      DEADLINE_MS,
    );
    const statusOf = (status: ExecutionStatus) => enumName(ExecutionStatus, status, "EXECUTION_STATUS_");
    return executions.map(({ id, status, createdAt }) => ({ value: id, text: `${statusOf(status)} ${createdAt}` }));
  },
  asking: async (connection) => {
    const approvals = await listApprovals(connection, undefined);
    const texts = new Map(approvals.map(({ executionId, message }) => [executionId, message]));
    return [...texts].map(([value, text]) => ({ value, text }));
  },
  approval: async (connection, of) =>
    (await listApprovals(connection, of)).map(({ nodeId, message }) => ({ value: nodeId, text: message })),
  node: async (connection, executionId = "") => {
    const request = GetExecutionStateRequest.fromPartial({ executionId, limit: LIMIT });
    const { nodes } = await connection.call<ExecutionState>(
      (...call) => connection.executions.getExecutionState(request, ...call),
      DEADLINE_MS,
    );
    return nodes.map(({ id, status }) => ({ value: id, text: enumName(NodeStatus, status, "NODE_STATUS_") }));
  },
  schedule: async (connection) => {
    const request = ListSchedulesRequest.fromPartial({ pageSize: LIMIT });
    const { schedules } = await connection.call<ListSchedulesResponse>(
      (...call) => connection.schedules.listSchedules(request, ...call),
      DEADLINE_MS,
    );
    return schedules.map(({ id, workflowId, taskId }) => ({
      value: id,
      text: workflowId === undefined ? `task ${taskId}` : `workflow ${workflowId}`,
    }));
  },
  reaction: async (connection) => {
    const request = ListReactionsRequest.fromPartial({ limit: LIMIT });
    const { reactions } = await connection.call<ListReactionsResponse>(
      (...call) => connection.reactions.listReactions(request, ...call),
      DEADLINE_MS,
    );
    return reactions.map(({ id, callbackUrl, startWorkflowId }) => ({
      value: id,
      text: callbackUrl ?? `starts workflow ${startWorkflowId}`,
    }));
  },
  webhook: async (connection) => {
    const request = ListWebhooksRequest.fromPartial({ limit: LIMIT });
    const { webhooks } = await connection.call<ListWebhooksResponse>(
      (...call) => connection.webhooks.listWebhooks(request, ...call),
      DEADLINE_MS,
    );
    return webhooks.map(({ name, description }) => ({ value: name, text: description }));
  },
};

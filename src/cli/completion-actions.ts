import type { Command } from "commander";
import { readClientConfig } from "../config";
import {
  ApprovalOrder,
  ExecutionStatus,
  type ListApprovalsResponse,
  ListExecutionsRequest,
  type ListExecutionsResponse,
} from "../gen/proto/executions";
import { ListTasksRequest, type ListTasksResponse } from "../gen/proto/tasks";
import { ListWorkflowsRequest, type ListWorkflowsResponse } from "../gen/proto/workflows";
import { type Candidate, complete, starting, type Wanted } from "./completion";
import { type Connection, openConnection } from "./connection";
import { harmlessLine } from "./terminal-text";
import { enumName } from "./wire-enums";

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
    return await list(connection, wanted);
  } finally {
    connection.close();
  }
}

async function list(connection: Connection, { what, of }: Wanted): Promise<readonly Candidate[]> {
  switch (what) {
    case "task": {
      const request = ListTasksRequest.fromPartial({ limit: LIMIT });
      const { tasks } = await connection.call<ListTasksResponse>(
        (...call) => connection.tasks.listTasks(request, ...call),
        DEADLINE_MS,
      );
      return tasks.map(({ id, title }) => ({ value: id, text: title }));
    }
    case "workflow": {
      const request = ListWorkflowsRequest.fromPartial({ limit: LIMIT });
      const { workflows } = await connection.call<ListWorkflowsResponse>(
        (...call) => connection.workflows.listWorkflows(request, ...call),
        DEADLINE_MS,
      );
      return workflows.map(({ id, name }) => ({ value: id, text: name }));
    }
    case "execution": {
      const request = ListExecutionsRequest.fromPartial({ limit: LIMIT });
      const { executions } = await connection.call<ListExecutionsResponse>(
        (...call) => connection.executions.listExecutions(request, ...call),
        DEADLINE_MS,
      );
      const statusOf = (status: ExecutionStatus) => enumName(ExecutionStatus, status, "EXECUTION_STATUS_");
      return executions.map(({ id, status, createdAt }) => ({ value: id, text: `${statusOf(status)} ${createdAt}` }));
    }
    case "approval": {
      const request = { executionId: of, limit: LIMIT, order: ApprovalOrder.APPROVAL_ORDER_OLDEST_FIRST };
      const { approvals } = await connection.call<ListApprovalsResponse>(
        (...call) => connection.executions.listApprovals(request, ...call),
        DEADLINE_MS,
      );
      return approvals.map(({ nodeId, message }) => ({ value: nodeId, text: message }));
    }
  }
}

import { durationText } from "../../core/duration-text";
import {
  type Approval,
  ApprovalOrder,
  type Execution,
  ExecutionOrder,
  ExecutionStatus,
  type ListApprovalsResponse,
  ListExecutionsRequest,
  type ListExecutionsResponse,
} from "../../gen/proto/executions";
import type { ListSchedulesResponse, Schedule } from "../../gen/proto/schedules";
import type { ListTasksResponse } from "../../gen/proto/tasks";
import type { ListWorkflowsResponse } from "../../gen/proto/workflows";
import { type ScheduleState, scheduleState } from "../../schedules/schedule-state";
import { approvalLines } from "../approvals/approvals-view";
import type { Connection } from "../connection/connection";
import { readSelection } from "../execution/execution-selection";
import { dateTimeText } from "../output/time-text";
import { enumName } from "../output/wire-enums";
import { type BrowseItem, type BrowseList, type BrowseUi, serverFilter, type Tab } from "./browse-ui";
import type { Style } from "./span";

/** More than anybody scrolls through: who looks for one filters. */
const LIST_LIMIT = 200;
/** The largest page there is. */
const NAMES_LIMIT = 1_000;

/** Names of workflows and tasks by their ids. */
export type Names = ReadonlyMap<string, string>;

/** What can be answered, by the item's id. */
export interface ReadList {
  readonly list: BrowseList;
  readonly approvals: ReadonlyMap<string, Approval>;
}

/** Throws grpc-js's `ServiceError`, and a usage error for a filter that cannot be read. */
export async function readList(connection: Connection, ui: BrowseUi, names: Names, nowMs: number): Promise<ReadList> {
  const lists: Readonly<Record<Tab, () => Promise<ReadList>>> = {
    executions: () => readExecutions(connection, ui, names, nowMs),
    approvals: () => readApprovals(connection, nowMs),
    schedules: () => readSchedules(connection, names, nowMs),
  };
  return await lists[ui.tab]();
}

/** Of the newest ones; what is not among them is shown by its id. */
export async function readNames(connection: Connection): Promise<Names> {
  const { workflows, tasks } = connection;
  const [some, others] = await Promise.all([
    connection.call<ListWorkflowsResponse>((...call) => workflows.listWorkflows({ limit: NAMES_LIMIT }, ...call)),
    connection.call<ListTasksResponse>((...call) => tasks.listTasks({ limit: NAMES_LIMIT }, ...call)),
  ]);
  const named = some.workflows.map(({ id, name }) => [id, name] as const);
  return new Map([...named, ...others.tasks.map(({ id, title }) => [id, title] as const)]);
}

async function readExecutions(connection: Connection, ui: BrowseUi, names: Names, nowMs: number): Promise<ReadList> {
  const filteredBy = serverFilter(ui);
  const selection = readSelection(filteredBy === "" ? {} : { filter: filteredBy });
  const order = ExecutionOrder.EXECUTION_ORDER_CREATED_DESC;
  const request = ListExecutionsRequest.fromPartial({ ...selection, limit: LIST_LIMIT, order });
  const { executions, total } = await connection.call<ListExecutionsResponse>((...call) =>
    connection.executions.listExecutions(request, ...call),
  );
  const items = executions.map((execution) => executionItem(execution, names, nowMs));
  const headings = ["STATUS", "NAME", "STARTED", "TOOK", "LABELS", "ID"];
  const list = { headings, flexible: 1, dispensable: [4, 2, 5, 3], items, filteredBy, total };
  return { list, approvals: new Map() };
}

function executionItem(execution: Execution, names: Names, nowMs: number): BrowseItem {
  const { id, subjectId, displayName, startedAt, createdAt, completedAt, error, errorCode, errorNodeId } = execution;
  const status = enumName(ExecutionStatus, execution.status, "EXECUTION_STATUS_");
  const of = names.get(subjectId) ?? subjectId;
  const labels = Object.entries(execution.labels).map(([key, value]) => `${key}=${value}`);
  const endMs = completedAt === undefined ? nowMs : Date.parse(completedAt);
  const took = startedAt === undefined ? "" : durationText(endMs - Date.parse(startedAt));
  const why =
    error === undefined
      ? []
      : [`${[errorCode, errorNodeId && `at ${errorNodeId}`].filter(Boolean).join(" ")}: ${error}`];
  return {
    id,
    style: styleOf(execution.status),
    cells: [
      status.toLowerCase(),
      displayName ?? of,
      dateTimeText(startedAt ?? createdAt),
      took,
      labels.sort().join(","),
      id,
    ],
    detail: [`${id}  ${of}`, ...why, ...(labels.length === 0 ? [] : [labels.join("  ")])],
    executionId: id,
  };
}

function styleOf(status: ExecutionStatus): Style {
  switch (status) {
    case ExecutionStatus.EXECUTION_STATUS_RUNNING:
      return "running";
    case ExecutionStatus.EXECUTION_STATUS_COMPLETED:
      return "completed";
    case ExecutionStatus.EXECUTION_STATUS_FAILED:
      return "failed";
    case ExecutionStatus.EXECUTION_STATUS_CANCELLED:
      return "cancelled";
    case ExecutionStatus.EXECUTION_STATUS_PENDING:
    case ExecutionStatus.EXECUTION_STATUS_UNSPECIFIED:
      return "pending";
  }
}

async function readApprovals(connection: Connection, nowMs: number): Promise<ReadList> {
  const request = { limit: LIST_LIMIT, order: ApprovalOrder.APPROVAL_ORDER_OLDEST_FIRST };
  const { approvals, total } = await connection.call<ListApprovalsResponse>((...call) =>
    connection.executions.listApprovals(request, ...call),
  );
  const items = approvals.map((approval): BrowseItem => {
    const { executionId, nodeId, message, workflowName, approvers, waitingSince } = approval;
    const waits = durationText(nowMs - Date.parse(waitingSince));
    return {
      id: `${executionId} ${nodeId}`,
      style: "waiting",
      cells: [waits, workflowName, nodeId, message, approvers.join(", ")],
      detail: approvalLines(approval, new Date(nowMs)).filter((text) => text !== ""),
      executionId,
      nodeId,
    };
  });
  const headings = ["WAITS", "WORKFLOW", "NODE", "MESSAGE", "WHO"];
  const list = { headings, flexible: 3, dispensable: [4, 1], items, filteredBy: "", total };
  return { list, approvals: new Map(items.map(({ id }, index) => [id, approvals[index] as Approval])) };
}

async function readSchedules(connection: Connection, names: Names, nowMs: number): Promise<ReadList> {
  const { schedules } = await connection.call<ListSchedulesResponse>((...call) =>
    connection.schedules.listSchedules({ pageSize: LIST_LIMIT }, ...call),
  );
  const items = schedules.map((schedule) => scheduleItem(schedule, names, nowMs));
  const headings = ["ID", "STATE", "STARTS", "NEXT", "LAST", "NOTE"];
  const list = { headings, flexible: 5, dispensable: [5, 4, 2], items, filteredBy: "", total: items.length };
  return { list, approvals: new Map() };
}

const STATE_STYLES: Readonly<Record<ScheduleState, Style>> = {
  active: "running",
  paused: "waiting",
  "nothing to start": "pending",
};

function scheduleItem(schedule: Schedule, names: Names, nowMs: number): BrowseItem {
  const { id, paused, workflowId, taskId, nextTimes, recentActions, note } = schedule;
  const subjectId = workflowId ?? taskId ?? "";
  const [next] = nextTimes;
  const [last] = recentActions;
  const executionId = recentActions.find((action) => action.error === undefined)?.executionId;
  const times = nextTimes.slice(0, 5).map(dateTimeText);
  return {
    id,
    style: STATE_STYLES[scheduleState(schedule)],
    cells: [
      id,
      scheduleState(schedule),
      names.get(subjectId) ?? subjectId,
      next === undefined ? "" : `in ${durationText(Date.parse(next) - nowMs)}`,
      last === undefined ? "" : `${durationText(nowMs - Date.parse(last.takenAt))} ago`,
      note,
    ],
    detail: [
      times.length === 0 ? "no next time" : `next: ${times.join(", ")}${paused ? " (paused)" : ""}`,
      ...(last === undefined ? [] : [`last: ${dateTimeText(last.takenAt)}  ${last.error ?? last.executionId}`]),
      ...(note === "" ? [] : [note]),
    ],
    isPaused: paused,
    ...(executionId === undefined || executionId === "" ? {} : { executionId }),
  };
}

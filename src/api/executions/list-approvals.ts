import { parseExecutionId, parseWorkflowId } from "../../core/ids";
import {
  type ListApprovalsRequest,
  ListApprovalsResponse,
  ApprovalOrder as WireOrder,
} from "../../gen/proto/executions";
import type { WaitingRun } from "../../temporal/runs-port";
import type { ApiContext } from "../api-context";
import { type ApprovalRow, encodeApproval } from "../convert/approval";
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, MAX_TITLE_LENGTH } from "../limits";
import { assertPageFits } from "../requests/page-size";
import { RequestCheck } from "../requests/request-check";
import { type ApprovalOrder, compareRows, decodeApprovalToken, encodeApprovalToken, isAfter } from "./approval-page";

/** What the memos of all waiting runs say, put in order here: Temporal's own listing goes by when a run started. */
export async function listApprovals(
  { runs, store }: ApiContext,
  request: ListApprovalsRequest,
): Promise<ListApprovalsResponse> {
  const { filter, by, order, limit, after } = decodeRequest(request);
  const rows = (await runs.listWaiting(filter))
    .flatMap(rowsOf)
    .filter(({ approval }) => by === undefined || mayAnswer(approval, by))
    .toSorted(compareRows(order));
  const rest = after === undefined ? rows : rows.filter((row) => isAfter(order, row, after));
  const page = rest.slice(0, limit);
  const names = await workflowNames(store, page);
  const last = page.at(-1);
  const response = {
    approvals: page.map((row) => encodeApproval(row, names.get(row.workflowId) ?? "")),
    total: rows.length,
    nextPageToken: last === undefined || rest.length <= page.length ? "" : encodeApprovalToken(order, last),
  };
  assertPageFits(ListApprovalsResponse.encode(response).finish().length, page.length);
  return response;
}

function decodeRequest(request: ListApprovalsRequest) {
  const { limit = DEFAULT_PAGE_SIZE, workflowId, executionId } = request;
  const check = new RequestCheck();
  if (limit < 0) check.add("limit", `must not be negative; got ${limit}`);
  const by = request.by === undefined ? undefined : check.requiredText("by", request.by, MAX_TITLE_LENGTH);
  const order = decodeOrder(check, request.order);
  const after = decodeApprovalToken(check, request.pageToken ?? "", order);
  check.finish();
  const filter = {
    ...(workflowId === undefined ? {} : { workflowId: parseWorkflowId(workflowId, "workflow_id") }),
    ...(executionId === undefined ? {} : { executionId: parseExecutionId(executionId, "execution_id") }),
  };
  return { filter, by, order, limit: Math.min(limit, MAX_PAGE_SIZE), after };
}

function decodeOrder(check: RequestCheck, order: WireOrder): ApprovalOrder {
  if (order === WireOrder.APPROVAL_ORDER_NEWEST_FIRST) return "newest";
  if (order !== WireOrder.APPROVAL_ORDER_UNSPECIFIED && order !== WireOrder.APPROVAL_ORDER_OLDEST_FIRST)
    check.add("order", `must be oldest first (1) or newest first (2); got ${order}`);
  return "oldest";
}

function rowsOf({ executionId, workflowId, startedAtMs, waiting }: WaitingRun): readonly ApprovalRow[] {
  return waiting.approvals.map((approval) => ({
    executionId,
    workflowId,
    sinceMs: approval.sinceMs ?? startedAtMs,
    approval,
  }));
}

/** Of a brief one it is not known here who may. */
function mayAnswer({ approvers }: ApprovalRow["approval"], by: string): boolean {
  return approvers === undefined || approvers.includes(by);
}

/** The database is asked for the page's alone; what it lacks has no name. */
async function workflowNames(
  store: ApiContext["store"],
  page: readonly ApprovalRow[],
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(page.map(({ workflowId }) => workflowId))].map((id) => parseWorkflowId(id));
  const workflows = await store.getWorkflows(ids);
  return new Map(workflows.map(({ id, name }) => [id, name]));
}

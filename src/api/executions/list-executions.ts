import { type ListExecutionsRequest, ListExecutionsResponse } from "../../gen/proto/executions";
import type { ExecutionFilter } from "../../store/store-port";
import type { ApiContext } from "../api-context";
import { encodeExecution, executionOrderCodec } from "../convert/execution";
import { decodePageRequest } from "../requests/page-request";
import { assertPageFits } from "../requests/page-size";
import { RequestCheck } from "../requests/request-check";
import { decodeExecutionFilter, type WaitingFor } from "./execution-filter";
import { decodePageToken, encodePageToken } from "./page-token";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export async function listExecutions(
  { store, runs }: ApiContext,
  request: ListExecutionsRequest,
): Promise<ListExecutionsResponse> {
  const check = new RequestCheck();
  const page = decodePageRequest(check, request);
  const asked = decodeExecutionFilter(check, request);
  const order = executionOrderCodec.check(check, "order", request.order) ?? "CREATED_DESC";
  const query = { filter: asked, order };
  const after = decodePageToken(check, request.pageToken, query);
  if (after !== undefined && page.offset > 0) {
    check.add("offset", "must not stand beside `page_token`, which says where the page begins");
  }
  check.finish();
  const counted = !request.skipTotal;
  const filter = await withWaiting(runs, asked);
  const place = after === undefined ? {} : { after };
  const { items, total, next } = await store.listExecutions(filter, { ...page, order, counted, ...place });
  const response = {
    executions: items.map((execution) => encodeExecution(execution)),
    total: total ?? 0,
    nextPageToken: next === null ? undefined : encodePageToken(next, query),
  };
  assertPageFits(ListExecutionsResponse.encode(response).finish().length, items.length);
  return response;
}

/** What waits is known to Temporal alone, and is looked for among its runs; the records then have the order and the rest. */
async function withWaiting(
  runs: ApiContext["runs"],
  { waitingFor, ...filter }: ExecutionFilter & WaitingFor,
): Promise<ExecutionFilter> {
  if (waitingFor === undefined) return filter;
  const { subjectId } = filter;
  // Nothing else may go into a query, and no workflow has such an id.
  if (subjectId !== undefined && !UUID.test(subjectId)) return { ...filter, ids: [] };
  const waiting = subjectId === undefined ? {} : { workflowId: subjectId };
  return { ...filter, ids: await runs.listWaitingFor(waitingFor, waiting) };
}

import { type ListExecutionsRequest, ListExecutionsResponse } from "../../gen/proto/executions";
import type { ApiContext } from "../api-context";
import { encodeExecution, executionOrderCodec } from "../convert/execution";
import { decodePageRequest } from "../requests/page-request";
import { assertPageFits } from "../requests/page-size";
import { RequestCheck } from "../requests/request-check";
import { decodeExecutionFilter } from "./execution-filter";
import { decodePageToken, encodePageToken } from "./page-token";

export async function listExecutions(
  { store }: ApiContext,
  request: ListExecutionsRequest,
): Promise<ListExecutionsResponse> {
  const check = new RequestCheck();
  const page = decodePageRequest(check, request);
  const filter = decodeExecutionFilter(check, request);
  const order = executionOrderCodec.check(check, "order", request.order) ?? "CREATED_DESC";
  const query = { filter, order };
  const after = decodePageToken(check, request.pageToken, query);
  if (after !== undefined && page.offset > 0) {
    check.add("offset", "must not stand beside `page_token`, which says where the page begins");
  }
  check.finish();
  const counted = !request.skipTotal;
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

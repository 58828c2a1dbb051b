import { type ListWorkflowsRequest, ListWorkflowsResponse } from "../../gen/proto/workflows";
import type { ApiContext } from "../api-context";
import { encodeWorkflow, workflowStatusCodec } from "../convert/workflow";
import { decodePageRequest } from "../requests/page-request";
import { assertPageFits } from "../requests/page-size";
import { RequestCheck } from "../requests/request-check";

export async function listWorkflows(
  { store }: ApiContext,
  request: ListWorkflowsRequest,
): Promise<ListWorkflowsResponse> {
  const check = new RequestCheck();
  const page = decodePageRequest(check, request);
  const status = workflowStatusCodec.check(check, "status", request.status);
  check.finish();
  const { items, total } = await store.listWorkflows(status === undefined ? {} : { status }, page);
  const response = { workflows: items.map(encodeWorkflow), total };
  assertPageFits(ListWorkflowsResponse.encode(response).finish().length, items.length);
  return response;
}

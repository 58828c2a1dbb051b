import { parseWorkflowId } from "../../core/ids";
import type { ListWorkflowVersionsRequest, ListWorkflowVersionsResponse } from "../../gen/proto/executions";
import type { ApiContext } from "../api-context";
import { encodeWorkflowVersion } from "../convert/workflow-version";
import { notFound } from "../requests/not-found";
import { decodePageRequest } from "../requests/page-request";
import { RequestCheck } from "../requests/request-check";

/** Without definitions even the largest page is small. */
export async function listWorkflowVersions(
  { store }: ApiContext,
  request: ListWorkflowVersionsRequest,
): Promise<ListWorkflowVersionsResponse> {
  const id = parseWorkflowId(request.workflowId, "workflow_id");
  const check = new RequestCheck();
  const page = decodePageRequest(check, request);
  check.finish();
  const { items, total } = await store.listWorkflowVersions(id, page);
  // A workflow has a version as soon as it is there.
  if (total === 0) throw notFound("workflow", id);
  return { versions: items.map(encodeWorkflowVersion), total };
}

import { type ListExecutionsRequest, ListExecutionsResponse } from "../../gen/proto/executions";
import type { ApiContext } from "../api-context";
import { encodeExecution, executionKindCodec, executionStatusCodec } from "../convert/execution";
import { MAX_TITLE_LENGTH } from "../limits";
import { decodePageRequest } from "../requests/page-request";
import { assertPageFits } from "../requests/page-size";
import { RequestCheck } from "../requests/request-check";

export async function listExecutions(
  { store }: ApiContext,
  request: ListExecutionsRequest,
): Promise<ListExecutionsResponse> {
  const check = new RequestCheck();
  const page = decodePageRequest(check, request);
  const kind = executionKindCodec.check(check, "kind", request.kind);
  const status = executionStatusCodec.check(check, "status", request.status);
  const subjectId =
    request.subjectId === undefined
      ? undefined
      : check.requiredText("subject_id", request.subjectId, MAX_TITLE_LENGTH).toLowerCase();
  check.finish();
  const filter = {
    ...(kind === undefined ? {} : { kind }),
    ...(status === undefined ? {} : { status }),
    ...(subjectId === undefined ? {} : { subjectId }),
  };
  const { items, total } = await store.listExecutions(filter, page);
  const response = { executions: items.map((execution) => encodeExecution(execution)), total };
  assertPageFits(ListExecutionsResponse.encode(response).finish().length, items.length);
  return response;
}

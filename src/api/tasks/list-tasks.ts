import { type ListTasksRequest, ListTasksResponse } from "../../gen/proto/tasks";
import type { ApiContext } from "../api-context";
import { encodeTask, taskStatusCodec } from "../convert/task";
import { MAX_TITLE_LENGTH } from "../limits";
import { decodePageRequest } from "../requests/page-request";
import { assertPageFits } from "../requests/page-size";
import { RequestCheck } from "../requests/request-check";

export async function listTasks({ store }: ApiContext, request: ListTasksRequest): Promise<ListTasksResponse> {
  const check = new RequestCheck();
  const page = decodePageRequest(check, request);
  const status = taskStatusCodec.check(check, "status", request.status);
  const taskType =
    request.taskType === undefined ? undefined : check.requiredText("task_type", request.taskType, MAX_TITLE_LENGTH);
  check.finish();
  const filter = { ...(status === undefined ? {} : { status }), ...(taskType === undefined ? {} : { taskType }) };
  const { items, total } = await store.listTasks(filter, page);
  const response = { tasks: items.map(encodeTask), total };
  assertPageFits(ListTasksResponse.encode(response).finish().length, items.length);
  return response;
}

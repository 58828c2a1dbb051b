import { type ListSchedulesRequest, ListSchedulesResponse } from "../../gen/proto/schedules";
import type { ApiContext } from "../api-context";
import { encodeScheduleSummary } from "../convert/schedule";
import { DEFAULT_PAGE_SIZE, MAX_OFFSET_LENGTH, MAX_PAGE_SIZE } from "../limits";
import { assertPageFits } from "../requests/page-size";
import { RequestCheck } from "../requests/request-check";
import { decodeTarget } from "./decode-schedule";

export async function listSchedules(
  { schedules }: ApiContext,
  request: ListSchedulesRequest,
): Promise<ListSchedulesResponse> {
  const check = new RequestCheck();
  const { pageSize = DEFAULT_PAGE_SIZE, pageToken = "", workflowId, taskId } = request;
  if (pageSize < 1) check.add("page_size", `must be at least 1; got ${pageSize}`);
  check.text("page_token", pageToken, MAX_OFFSET_LENGTH);
  if (!/^[A-Za-z0-9_-]*$/.test(pageToken)) check.add("page_token", "must be the next_page_token of the page before");
  const all = workflowId === undefined && taskId === undefined;
  const target = all ? undefined : decodeTarget(check, request);
  check.finish();
  const page = await schedules.list({
    pageSize: Math.min(pageSize, MAX_PAGE_SIZE),
    pageToken: Buffer.from(pageToken, "base64url"),
    ...(target === undefined ? {} : { target }),
  });
  const response = {
    schedules: page.items.map(encodeScheduleSummary),
    nextPageToken: Buffer.from(page.nextPageToken).toString("base64url"),
  };
  assertPageFits(ListSchedulesResponse.encode(response).finish().length, page.items.length);
  return response;
}

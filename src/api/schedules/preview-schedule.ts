import type { PreviewScheduleRequest, PreviewScheduleResponse } from "../../gen/proto/schedules";
import type { ApiContext } from "../api-context";
import { encodeTimestamp } from "../convert/timestamps";
import { RequestCheck } from "../requests/request-check";
import { decodeScheduleSpec, decodeTime } from "./decode-schedule";
import { DEFAULT_TIMES, HORIZON_MS, MAX_TIMES } from "./schedule-limits";

export async function previewSchedule(
  { schedules }: ApiContext,
  request: PreviewScheduleRequest,
): Promise<PreviewScheduleResponse> {
  const check = new RequestCheck();
  const { times } = decodeScheduleSpec(check, request.spec);
  const { count = DEFAULT_TIMES, from: fromText } = request;
  if (count < 1 || count > MAX_TIMES) check.add("count", `must be 1 to ${MAX_TIMES}; got ${count}`);
  const fromMs = fromText === undefined ? Date.now() : decodeTime(check, "from", fromText);
  check.finish();
  const range = { from: new Date(fromMs), to: new Date(fromMs + HORIZON_MS), count };
  return { times: (await schedules.timesOfSpec(times, range)).map(encodeTimestamp) };
}

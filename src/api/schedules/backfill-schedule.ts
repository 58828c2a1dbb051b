import type { BackfillScheduleRequest, BackfillScheduleResponse } from "../../gen/proto/schedules";
import type { ApiContext } from "../api-context";
import { scheduleOverlapCodec } from "../convert/schedule";
import { encodeTimestamp } from "../convert/timestamps";
import { RequestCheck } from "../requests/request-check";
import { decodeRequestId, decodeScheduleId, decodeTime, scheduleNotFound } from "./decode-schedule";
import { tooMany } from "./load-schedule";
import { MAX_BACKFILL_TIMES } from "./schedule-limits";

export async function backfillSchedule(
  { schedules }: ApiContext,
  request: BackfillScheduleRequest,
): Promise<BackfillScheduleResponse> {
  const check = new RequestCheck();
  const id = decodeScheduleId(check, request.id);
  const fromMs = decodeTime(check, "start_time", request.startTime);
  const toMs = decodeTime(check, "end_time", request.endTime);
  if (!check.mentions("start_time") && !check.mentions("end_time")) {
    if (toMs < fromMs) check.add("end_time", "must not be before start_time");
    if (toMs > Date.now()) check.add("end_time", "must not lie in the future");
  }
  const overlap = scheduleOverlapCodec.check(check, "overlap", request.overlap) ?? "BUFFER_ALL";
  const requestId = decodeRequestId(check, request.requestId);
  check.finish();
  const schedule = await schedules.get(id);
  if (schedule === null) throw scheduleNotFound(id);
  if (schedule.target.kind === "task" && overlap === "ALLOW_ALL") {
    check.add("overlap", "must not be ALLOW_ALL for a task: one execution of a task runs at a time");
    check.finish();
  }
  const [from, to] = [new Date(fromMs), new Date(toMs)];
  const times = await schedules.timesOf(id, { from, to, count: MAX_BACKFILL_TIMES + 1 });
  if (times === null) throw scheduleNotFound(id);
  if (times.length > MAX_BACKFILL_TIMES)
    throw tooMany("end_time", `the range has more than ${MAX_BACKFILL_TIMES} times; make up for them in parts`);
  if (times.length > 0 && !(await schedules.backfill(id, { from, to, overlap }, requestId))) throw scheduleNotFound(id);
  return { times: times.map(encodeTimestamp) };
}

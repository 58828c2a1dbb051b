import type { Schedule, TriggerScheduleRequest } from "../../gen/proto/schedules";
import type { ApiContext } from "../api-context";
import { scheduleOverlapCodec } from "../convert/schedule";
import { RequestCheck } from "../requests/request-check";
import { decodeRequestId, decodeScheduleId, scheduleNotFound } from "./decode-schedule";
import { changed } from "./load-schedule";

export async function triggerSchedule(context: ApiContext, request: TriggerScheduleRequest): Promise<Schedule> {
  const check = new RequestCheck();
  const id = decodeScheduleId(check, request.id);
  const overlap = scheduleOverlapCodec.check(check, "overlap", request.overlap);
  const requestId = decodeRequestId(check, request.requestId);
  check.finish();
  const schedule = await context.schedules.get(id);
  if (schedule === null) throw scheduleNotFound(id);
  if (schedule.target.kind === "task" && overlap === "ALLOW_ALL") {
    check.add("overlap", "must not be ALLOW_ALL for a task: one execution of a task runs at a time");
    check.finish();
  }
  return await changed(context, id, await context.schedules.trigger(id, overlap, requestId));
}

import type { GetScheduleRequest, Schedule } from "../../gen/proto/schedules";
import type { ApiContext } from "../api-context";
import { encodeTimestamp } from "../convert/timestamps";
import { RequestCheck } from "../requests/request-check";
import { decodeScheduleId } from "./decode-schedule";
import { loadSchedule } from "./load-schedule";
import { DEFAULT_TIMES, HORIZON_MS, MAX_TIMES } from "./schedule-limits";

export async function getSchedule(context: ApiContext, request: GetScheduleRequest): Promise<Schedule> {
  const check = new RequestCheck();
  const id = decodeScheduleId(check, request.id);
  const { next = DEFAULT_TIMES } = request;
  if (next < 0 || next > MAX_TIMES) check.add("next", `must be 0 to ${MAX_TIMES}; got ${next}`);
  check.finish();
  const schedule = await loadSchedule(context, id);
  if (next <= schedule.nextTimes.length) return { ...schedule, nextTimes: schedule.nextTimes.slice(0, next) };
  // Temporal's description has ten; where it has fewer, there are no more.
  if (schedule.nextTimes.length < DEFAULT_TIMES) return schedule;
  const from = new Date();
  const range = { from, to: new Date(from.getTime() + HORIZON_MS), count: next };
  const times = await context.schedules.timesOf(id, range);
  return times === null ? schedule : { ...schedule, nextTimes: times.map(encodeTimestamp) };
}

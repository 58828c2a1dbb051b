import { OrchestratorError } from "../../core/errors";
import type { Schedule, TriggerScheduleRequest } from "../../gen/proto/schedules";
import type { ApiContext } from "../api-context";
import { scheduleOverlapCodec } from "../convert/schedule";
import { RequestCheck } from "../requests/request-check";
import { decodeRequestId, decodeScheduleId, scheduleNotFound } from "./decode-schedule";
import { KeyedPace } from "./keyed-pace";
import { changed } from "./load-schedule";

/**
 * Temporal names what a schedule starts by the second that it is for. A second start of the same name, beside the first, would be
 * none: triggers that start side by side are made a second apart.
 */
const SIDE_BY_SIDE_INTERVAL_MS = 1_000;
/** Clients give a call some ten seconds. */
const MAX_WAIT_MS = 8_000;
const sideBySide = new KeyedPace(SIDE_BY_SIDE_INTERVAL_MS);

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
  if ((overlap ?? schedule.overlap) === "ALLOW_ALL" && !(await sideBySide.turn(id, MAX_WAIT_MS))) {
    const message = `schedule ${id} is triggered too often: it can start one execution each second; try again with the same request_id`;
    throw new OrchestratorError("UNAVAILABLE", message);
  }
  return await changed(context, id, await context.schedules.trigger(id, overlap, requestId));
}

import type { PauseScheduleRequest, Schedule, UnpauseScheduleRequest } from "../../gen/proto/schedules";
import type { ApiContext } from "../api-context";
import { RequestCheck } from "../requests/request-check";
import { decodeScheduleId } from "./decode-schedule";
import { changed } from "./load-schedule";
import { MAX_NOTE_LENGTH } from "./schedule-limits";

export async function pauseSchedule(context: ApiContext, request: PauseScheduleRequest): Promise<Schedule> {
  return await setPaused(context, request, true);
}

export async function unpauseSchedule(context: ApiContext, request: UnpauseScheduleRequest): Promise<Schedule> {
  return await setPaused(context, request, false);
}

/** The same once more changes nothing. */
async function setPaused(
  context: ApiContext,
  request: PauseScheduleRequest | UnpauseScheduleRequest,
  paused: boolean,
): Promise<Schedule> {
  const check = new RequestCheck();
  const id = decodeScheduleId(check, request.id);
  const note = check.optionalText("note", request.note, MAX_NOTE_LENGTH);
  check.finish();
  const noted = note === undefined ? { paused } : { paused, note };
  return await changed(context, id, await context.schedules.update(id, (current) => ({ ...current, ...noted })));
}

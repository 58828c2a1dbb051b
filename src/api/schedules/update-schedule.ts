import type { Schedule, UpdateScheduleRequest } from "../../gen/proto/schedules";
import type { ScheduleDefinition } from "../../temporal/schedules-port";
import type { ApiContext } from "../api-context";
import { scheduleOverlapCodec } from "../convert/schedule";
import { RequestCheck } from "../requests/request-check";
import {
  checkSchedule,
  decodeCatchUpWindow,
  decodeScheduleId,
  decodeScheduleSpec,
  decodeTemplate,
  scheduleNotFound,
} from "./decode-schedule";
import { changed } from "./load-schedule";
import { MAX_NOTE_LENGTH } from "./schedule-limits";

export async function updateSchedule(context: ApiContext, request: UpdateScheduleRequest): Promise<Schedule> {
  const check = new RequestCheck();
  const id = decodeScheduleId(check, request.id);
  const change = decodeChange(check, request);
  if (check.mentions("id")) check.finish();
  const current = await context.schedules.get(id);
  if (current === null) throw scheduleNotFound(id);
  // A change of the note must not fail because the workflow is archived by now.
  if (request.input !== undefined || request.overlap !== undefined)
    await checkSchedule(check, context.store, id, change(current));
  check.finish();
  return await changed(context, id, await context.schedules.update(id, change));
}

/** What the request makes of a schedule; violations are noted at once. */
function decodeChange(
  check: RequestCheck,
  request: UpdateScheduleRequest,
): (current: ScheduleDefinition) => ScheduleDefinition {
  const { remainingActions: remaining, pauseOnFailure } = request;
  const overlap = scheduleOverlapCodec.check(check, "overlap", request.overlap);
  const input = decodeTemplate(check, request.input);
  const catchUpWindowMs = decodeCatchUpWindow(check, request.catchUpWindow);
  const note = check.optionalText("note", request.note, MAX_NOTE_LENGTH);
  if (remaining !== undefined && remaining < -1) check.add("remaining_actions", "must be -1 (no limit) or from 0 on");
  const spec = request.spec === undefined ? undefined : decodeScheduleSpec(check, request.spec).text;
  return (current) => ({
    ...current,
    ...(spec === undefined ? {} : { spec }),
    ...(request.input === undefined ? {} : { input }),
    ...(overlap === undefined ? {} : { overlap }),
    ...(request.catchUpWindow === undefined ? {} : { catchUpWindowMs }),
    ...(pauseOnFailure === undefined ? {} : { pauseOnFailure }),
    ...(remaining === undefined ? {} : { remainingActions: remaining === -1 ? undefined : remaining }),
    ...(note === undefined ? {} : { note }),
  });
}

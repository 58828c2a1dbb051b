import { v7 as uuidv7 } from "uuid";
import { OrchestratorError } from "../../core/errors";
import type { CreateScheduleRequest, Schedule } from "../../gen/proto/schedules";
import type { ScheduleDefinition } from "../../temporal/schedules-port";
import type { ApiContext } from "../api-context";
import { scheduleOverlapCodec } from "../convert/schedule";
import { RequestCheck } from "../requests/request-check";
import {
  checkSchedule,
  decodeCatchUpWindow,
  decodeScheduleId,
  decodeScheduleSpec,
  decodeTarget,
  decodeTemplate,
} from "./decode-schedule";
import { loadSchedule } from "./load-schedule";
import { MAX_NOTE_LENGTH } from "./schedule-limits";

export async function createSchedule(context: ApiContext, request: CreateScheduleRequest): Promise<Schedule> {
  const check = new RequestCheck();
  const id = request.id === undefined ? uuidv7() : decodeScheduleId(check, request.id);
  const target = decodeTarget(check, request);
  const { text: spec } = decodeScheduleSpec(check, request.spec);
  const input = decodeTemplate(check, request.input);
  const overlap = scheduleOverlapCodec.check(check, "overlap", request.overlap) ?? "SKIP";
  const { remainingActions, pauseOnFailure, paused } = request;
  if (remainingActions !== undefined && remainingActions < 1) check.add("remaining_actions", "must be at least 1");
  const rest = {
    catchUpWindowMs: decodeCatchUpWindow(check, request.catchUpWindow),
    note: check.text("note", request.note ?? "", MAX_NOTE_LENGTH),
  };
  if (target !== undefined) await checkSchedule(check, context.store, id, { target, input, overlap });
  check.finish();
  if (target === undefined) throw new Error("a target was refused without a violation");
  const schedule: ScheduleDefinition = {
    ...{ target, spec, input, overlap, pauseOnFailure, remainingActions, paused },
    ...rest,
  };
  if (!(await context.schedules.create(id, schedule)))
    throw new OrchestratorError(
      "ALREADY_EXISTS",
      `there is a schedule ${JSON.stringify(id)} already; update or delete it`,
    );
  return await loadSchedule(context, id);
}

import type { ScheduleServiceServer } from "../gen/proto/schedules";
import type { ApiContext } from "./api-context";
import { backfillSchedule } from "./schedules/backfill-schedule";
import { createSchedule } from "./schedules/create-schedule";
import { deleteSchedule } from "./schedules/delete-schedule";
import { getSchedule } from "./schedules/get-schedule";
import { listSchedules } from "./schedules/list-schedules";
import { pauseSchedule, unpauseSchedule } from "./schedules/pause-schedule";
import { previewSchedule } from "./schedules/preview-schedule";
import { triggerSchedule } from "./schedules/trigger-schedule";
import { updateSchedule } from "./schedules/update-schedule";
import { unary } from "./unary";

/** `orchestrator.schedules.ScheduleService`. */
export function scheduleService(context: ApiContext): ScheduleServiceServer {
  const { logger } = context;
  return {
    createSchedule: unary(logger, (request) => createSchedule(context, request)),
    getSchedule: unary(logger, (request) => getSchedule(context, request)),
    listSchedules: unary(logger, (request) => listSchedules(context, request)),
    updateSchedule: unary(logger, (request) => updateSchedule(context, request)),
    deleteSchedule: unary(logger, (request) => deleteSchedule(context, request)),
    pauseSchedule: unary(logger, (request) => pauseSchedule(context, request)),
    unpauseSchedule: unary(logger, (request) => unpauseSchedule(context, request)),
    triggerSchedule: unary(logger, (request) => triggerSchedule(context, request)),
    backfillSchedule: unary(logger, (request) => backfillSchedule(context, request)),
    previewSchedule: unary(logger, (request) => previewSchedule(context, request)),
  };
}

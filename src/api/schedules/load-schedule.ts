import { OrchestratorError } from "../../core/errors";
import { parseExecutionId } from "../../core/ids";
import type { Schedule, ScheduleAction } from "../../gen/proto/schedules";
import type { ScheduleActionTaken } from "../../temporal/schedules-port";
import type { ApiContext } from "../api-context";
import { encodeSchedule } from "../convert/schedule";
import { encodeTimestamp } from "../convert/timestamps";
import { repairExecution } from "../executions/repair-execution";
import { scheduleNotFound } from "./decode-schedule";

/** The schedule as it stands, with what became of its last executions. Throws NOT_FOUND. */
export async function loadSchedule(context: ApiContext, id: string): Promise<Schedule> {
  const schedule = await context.schedules.get(id);
  if (schedule === null) throw scheduleNotFound(id);
  const actions = await Promise.all(schedule.recentActions.map((action) => encodeAction(context, action)));
  return encodeSchedule(schedule, actions);
}

async function encodeAction(context: ApiContext, action: ScheduleActionTaken): Promise<ScheduleAction> {
  const { scheduledAt, takenAt, executionId } = action;
  return {
    scheduledAt: encodeTimestamp(scheduledAt),
    takenAt: encodeTimestamp(takenAt),
    executionId,
    ...(await fateOf(context, action)),
  };
}

/** A record comes a moment after its run's start; until then the execution is PENDING. */
async function fateOf(
  context: ApiContext,
  action: ScheduleActionTaken,
): Promise<Pick<ScheduleAction, "status" | "error">> {
  const { store, schedules } = context;
  const id = parseExecutionId(action.executionId);
  const execution = await store.getExecution(id);
  if (execution !== null) {
    const repaired = (await repairExecution(context, execution)) ? await store.getExecution(id) : execution;
    return { status: (repaired ?? execution).status, error: undefined };
  }
  const end = await schedules.starterEnd(action);
  if (end !== null) return { status: "NOT_STARTED", error: end.message };
  return { status: "PENDING", error: undefined };
}

/** For the methods that answer whether there was such a schedule. */
export async function changed(context: ApiContext, id: string, found: boolean): Promise<Schedule> {
  if (!found) throw scheduleNotFound(id);
  return await loadSchedule(context, id);
}

/** RESOURCE_EXHAUSTED, with the field that asks for too much. */
export function tooMany(field: string, description: string): OrchestratorError {
  return new OrchestratorError("RESOURCE_EXHAUSTED", `${field}: ${description}`, {
    violations: [{ field, description }],
  });
}

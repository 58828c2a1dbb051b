import type { DeleteScheduleRequest, DeleteScheduleResponse } from "../../gen/proto/schedules";
import type { ApiContext } from "../api-context";
import { requireScheduleId, scheduleNotFound } from "./decode-schedule";

export async function deleteSchedule(
  { schedules }: ApiContext,
  request: DeleteScheduleRequest,
): Promise<DeleteScheduleResponse> {
  const id = requireScheduleId(request.id);
  if (!(await schedules.delete(id))) throw scheduleNotFound(id);
  return {};
}

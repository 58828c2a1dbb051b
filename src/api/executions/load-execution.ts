import type { ExecutionId } from "../../core/ids";
import type { ExecutionRecord } from "../../store/records";
import type { ApiContext } from "../api-context";
import { notFound } from "../requests/not-found";
import { repairExecution } from "./repair-execution";

/** The execution as it stands, repaired where its run ended behind our back; NOT_FOUND where there is none. */
export async function loadExecution(context: ApiContext, id: ExecutionId): Promise<ExecutionRecord> {
  const execution = await context.store.getExecution(id);
  if (execution === null) throw notFound("execution", id);
  if (!(await repairExecution(context, execution))) return execution;
  return (await context.store.getExecution(id)) ?? execution;
}

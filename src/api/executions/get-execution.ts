import { parseExecutionId } from "../../core/ids";
import type { Execution, GetExecutionRequest } from "../../gen/proto/executions";
import type { ApiContext } from "../api-context";
import { encodeExecution } from "../convert/execution";
import { notFound } from "../requests/not-found";
import { reactionsOf } from "./execution-reactions";
import { lookAtRun } from "./repair-execution";

/** Whether it is paused comes with the answer by which the record is checked: nothing more is asked, of no worker. */
export async function getExecution(context: ApiContext, request: GetExecutionRequest): Promise<Execution> {
  const id = parseExecutionId(request.id);
  const execution = await context.store.getExecution(id);
  if (execution === null) throw notFound("execution", id);
  const { isRepaired, pause } = await lookAtRun(context, execution);
  const current = isRepaired ? ((await context.store.getExecution(id)) ?? execution) : execution;
  const reactions = await reactionsOf(context, current);
  return { ...encodeExecution(current, isRepaired ? undefined : pause), reactions };
}

import type { PlanRedriveRequest, RedrivePlan } from "../../../gen/proto/executions";
import type { ApiContext } from "../../api-context";
import { loadExecution } from "../load-execution";
import { prepareRedrive } from "./prepare-redrive";
import { decodeRedrive } from "./redrive-request";

export async function planRedrive(context: ApiContext, request: PlanRedriveRequest): Promise<RedrivePlan> {
  const wish = decodeRedrive(request);
  const record = await loadExecution(context, wish.executionId);
  return (await prepareRedrive(context, record, wish)).plan;
}

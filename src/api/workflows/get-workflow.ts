import { parseWorkflowId } from "../../core/ids";
import type { GetWorkflowRequest, Workflow } from "../../gen/proto/workflows";
import type { ApiContext } from "../api-context";
import { encodeWorkflow } from "../convert/workflow";
import { notFound } from "../requests/not-found";

export async function getWorkflow({ store }: ApiContext, request: GetWorkflowRequest): Promise<Workflow> {
  const id = parseWorkflowId(request.id);
  const workflow = await store.getWorkflow(id);
  if (workflow === null) throw notFound("workflow", id);
  return encodeWorkflow(workflow);
}

import { OrchestratorError } from "../../core/errors";
import { parseWorkflowId, type WorkflowId } from "../../core/ids";
import type { DeleteWorkflowRequest, DeleteWorkflowResponse } from "../../gen/proto/workflows";
import type { ApiContext } from "../api-context";
import { repairExecution } from "../executions/repair-execution";
import { MAX_PAGE_SIZE } from "../limits";
import { namedBy } from "../requests/named-by";
import { notFound } from "../requests/not-found";

export async function deleteWorkflow(
  context: ApiContext,
  request: DeleteWorkflowRequest,
): Promise<DeleteWorkflowResponse> {
  const id = parseWorkflowId(request.id);
  let result = await context.store.deleteWorkflow(id);
  if (result === "running") {
    await repairRunning(context, id);
    result = await context.store.deleteWorkflow(id);
  }
  if (result === null) throw notFound("workflow", id);
  if (result === "deleted") return { success: true };
  if (result !== "running") throw namedBy("workflow", id, result);
  const running = await runningExecutions(context, id, 1);
  throw new OrchestratorError(
    "FAILED_PRECONDITION",
    `workflow ${id} is running (execution ${running.items[0]?.id ?? "unknown"}, ${running.total} in all); cancel what ` +
      "runs first, or wait for its end",
  );
}

async function repairRunning(context: ApiContext, id: WorkflowId): Promise<void> {
  const { items } = await runningExecutions(context, id, MAX_PAGE_SIZE);
  for (const execution of items) {
    // One that really runs is enough to refuse, so the rest need not be looked at.
    if (!(await repairExecution(context, execution))) return;
  }
}

function runningExecutions({ store }: ApiContext, id: WorkflowId, limit: number) {
  return store.listExecutions({ kind: "workflow", subjectId: id, statuses: ["RUNNING"] }, { limit, offset: 0 });
}

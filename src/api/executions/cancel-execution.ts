import { OrchestratorError } from "../../core/errors";
import { parseExecutionId } from "../../core/ids";
import type { CancelExecutionRequest, Execution } from "../../gen/proto/executions";
import type { ExecutionRecord } from "../../store/records";
import type { ApiContext } from "../api-context";
import { encodeExecution } from "../convert/execution";
import { MAX_REASON_LENGTH } from "../limits";
import { RequestCheck } from "../requests/request-check";
import { loadExecution } from "./load-execution";
import { runReference } from "./repair-execution";

export async function cancelExecution(context: ApiContext, request: CancelExecutionRequest): Promise<Execution> {
  const id = parseExecutionId(request.id);
  const check = new RequestCheck();
  const reason = check.text("reason", request.reason ?? "", MAX_REASON_LENGTH);
  check.finish();
  const execution = await loadExecution(context, id);
  const run = runReference(execution);
  if (execution.status !== "RUNNING" || run === undefined) throw hasEnded(execution);
  if (!(await context.runs.cancel(run, reason === "" ? "cancelled by a client" : reason))) {
    throw hasEnded(await loadExecution(context, id));
  }
  return encodeExecution(execution);
}

function hasEnded(execution: ExecutionRecord): OrchestratorError {
  return new OrchestratorError(
    "FAILED_PRECONDITION",
    `execution ${execution.id} is ${execution.status} and can no longer be cancelled`,
  );
}

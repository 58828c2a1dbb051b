import { v7 as uuidv7 } from "uuid";
import { invalidArgument, OrchestratorError } from "../../../core/errors";
import { type ExecutionId, parseExecutionId } from "../../../core/ids";
import type { Execution, RedriveExecutionRequest } from "../../../gen/proto/executions";
import type { ExecutionRecord } from "../../../store/records";
import type { ApiContext } from "../../api-context";
import { encodeExecution } from "../../convert/execution";
import { MAX_REDRIVE_REQUEST_ID_LENGTH } from "../../limits";
import { RequestCheck } from "../../requests/request-check";
import { loadExecution } from "../load-execution";
import { startRun } from "../start-execution";
import { prepareRedrive } from "./prepare-redrive";
import { decodeRedrive, type RedriveWish } from "./redrive-request";

/** Longest token that we make, and some. */
const MAX_TOKEN_LENGTH = 100;

export async function redriveExecution(context: ApiContext, request: RedriveExecutionRequest): Promise<Execution> {
  const check = new RequestCheck();
  const { requestId } = request;
  const token = check.optionalText("plan_token", request.planToken, MAX_TOKEN_LENGTH);
  if (requestId !== undefined) check.key("request_id", requestId, MAX_REDRIVE_REQUEST_ID_LENGTH);
  const wish = decodeRedrive(request, check);
  if (token !== undefined) assertSameRequest(token, wish);
  const source = await loadExecution(context, wish.executionId);
  const newId = parseExecutionId(uuidv7());
  const executionId = requestId === undefined ? newId : await claim(context, { source, wish, requestId, newId });
  const earlier = executionId === newId ? null : await context.store.getExecution(executionId);
  if (earlier !== null) return encodeExecution(earlier);
  const { plan, start } = await prepareRedrive(context, source, wish);
  if (token !== undefined && token !== plan.planToken) {
    const message = `the plan is not what would be done now: execution ${source.id} has moved on since; plan it again`;
    throw new OrchestratorError("FAILED_PRECONDITION", message);
  }
  const { recorded } = await startRun(context, start, executionId);
  await recorded;
  const record = await context.store.getExecution(executionId);
  if (record !== null) return encodeExecution(record);
  throw new OrchestratorError("UNAVAILABLE", `execution ${executionId} was started; its record is not there yet`);
}

function assertSameRequest(token: string, { hash }: RedriveWish): void {
  if (token.split(".")[0] === hash.slice(0, 16)) return;
  const description = "is of a plan that was asked for otherwise; give this request what PlanRedrive was given";
  throw invalidArgument([{ field: "plan_token", description }]);
}

interface Claim {
  readonly source: ExecutionRecord;
  readonly wish: RedriveWish;
  readonly requestId: string;
  readonly newId: ExecutionId;
}

/** The id of the execution that the request starts, or has started: it is written down before the start. */
async function claim({ store }: ApiContext, { source, wish, requestId, newId }: Claim): Promise<ExecutionId> {
  const { kind, subjectId } = source;
  // Beside the keys that executions of the same task or workflow are started with.
  const key = `redrive/${requestId}`;
  const claimed = await store.claimIdempotencyKey({
    kind,
    subjectId,
    key,
    requestHash: wish.hash,
    executionId: newId,
  });
  if (claimed.requestHash === wish.hash) return claimed.executionId;
  throw new OrchestratorError(
    "ALREADY_EXISTS",
    `the request id ${JSON.stringify(requestId)} was used for another redrive (execution ${claimed.executionId}); use a new one`,
  );
}

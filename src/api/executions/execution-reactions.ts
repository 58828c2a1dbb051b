import { OrchestratorError } from "../../core/errors";
import { parseExecutionId } from "../../core/ids";
import type {
  ExecutionReaction,
  ListExecutionReactionsRequest,
  ListExecutionReactionsResponse,
  RetryExecutionReactionRequest,
} from "../../gen/proto/executions";
import type { DeliveryRecord } from "../../store/reaction-records";
import type { ExecutionRecord } from "../../store/records";
import type { ApiContext } from "../api-context";
import { encodeDelivery, encodeWaiting } from "../convert/reaction";
import { RequestCheck } from "../requests/request-check";
import { loadExecution } from "./load-execution";

export async function listExecutionReactions(
  context: ApiContext,
  request: ListExecutionReactionsRequest,
): Promise<ListExecutionReactionsResponse> {
  const execution = await loadExecution(context, parseExecutionId(request.executionId, "execution_id"));
  return { reactions: await reactionsOf(context, execution) };
}

/** What has become of those that there were at its end; before that, what its end would find. */
export async function reactionsOf(
  { store }: Pick<ApiContext, "store">,
  execution: ExecutionRecord,
): Promise<ExecutionReaction[]> {
  if (execution.status === "RUNNING" || execution.status === "PENDING") {
    return (await store.listReactionsTo(execution)).map((reaction) => encodeWaiting(execution.id, reaction));
  }
  return (await store.listDeliveries(execution.id)).map(encodeDelivery);
}

export async function retryExecutionReaction(
  context: ApiContext,
  request: RetryExecutionReactionRequest,
): Promise<ExecutionReaction> {
  const { store, reactions } = context;
  const execution = await loadExecution(context, parseExecutionId(request.executionId, "execution_id"));
  if (execution.status === "RUNNING" || execution.status === "PENDING") {
    throw new OrchestratorError(
      "FAILED_PRECONDITION",
      `execution ${execution.id} has not ended; what is to happen then cannot be retried yet`,
    );
  }
  const deliveries = await store.listDeliveries(execution.id);
  const delivery = chosen(execution, deliveries, request.reactionId);
  const restarted = await store.restartDelivery(delivery, new Date());
  if (restarted === null) throw noSuchReaction(execution, delivery.reactionId);
  // Where Temporal is away the sweep begins it, so the request has been taken.
  await reactions.restart(delivery).catch((error: unknown) => {
    context.logger.warn({ execution_id: execution.id, err: error }, "a retry waits for the next sweep");
  });
  return encodeDelivery(restarted);
}

function chosen(
  execution: ExecutionRecord,
  deliveries: readonly DeliveryRecord[],
  reactionId: string | undefined,
): DeliveryRecord {
  const [first, ...others] = deliveries;
  if (reactionId === undefined) {
    if (first === undefined) throw noSuchReaction(execution, undefined);
    if (others.length === 0) return first;
    const check = new RequestCheck();
    const ids = deliveries.map((each) => each.reactionId).join(", ");
    check.add("reaction_id", `is required where there are several: ${ids}`);
    check.finish();
  }
  const found = deliveries.find((each) => each.reactionId === reactionId?.toLowerCase());
  if (found === undefined) throw noSuchReaction(execution, reactionId);
  return found;
}

function noSuchReaction({ id }: ExecutionRecord, reactionId: string | undefined): OrchestratorError {
  const which = reactionId === undefined ? "no reaction" : `no reaction ${JSON.stringify(reactionId.slice(0, 64))}`;
  return new OrchestratorError("NOT_FOUND", `there is ${which} to the end of execution ${id}`);
}

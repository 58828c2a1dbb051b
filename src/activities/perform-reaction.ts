import { activityInfo, Context } from "@temporalio/activity";
import { ApplicationFailure, type Client } from "@temporalio/client";
import { v7 as uuidv7 } from "uuid";
import { parseExecutionId } from "../core/ids";
import type { Logger } from "../core/logger";
import type { CallbackOutcome, CallbackSender } from "../delivering/send-callback";
import { webhookId } from "../delivering/webhook-id";
import { callbackBody, executionVariable } from "../reactions/ended-execution";
import { holds } from "../reactions/reaction-templates";
import { delayAfter } from "../reactions/retry-delays";
import type { DeliveryAttempt, DeliveryKey, DeliveryRecord, ReactionRecord } from "../store/reaction-records";
import type { ExecutionRecord } from "../store/records";
import type { Store } from "../store/store-port";
import { createRuns } from "../temporal/runs";
import type { Runs } from "../temporal/runs-port";
import { PERFORM_REACTION, type ReactInput, type ReactResult } from "../workflows/history-contract";
import { type FollowUpStore, startFollowUp } from "./start-follow-up";

export type PerformerStore = FollowUpStore &
  Pick<Store, "getDelivery" | "getReaction" | "getExecution" | "recordAttempt" | "removeDelivery" | "claimStart">;

export interface PerformerOptions {
  readonly store: PerformerStore;
  readonly client: Client;
  readonly callbacks: CallbackSender;
  readonly logger: Logger;
}

/** How one attempt ended. */
type Outcome =
  | { readonly status: "DONE" | "SKIPPED"; readonly responseStatus?: number }
  | {
      readonly status: "FAILED";
      readonly message: string;
      readonly responseStatus?: number;
      readonly isRetryable: boolean;
      readonly retryAfterMs?: number;
    };

/** What the workflow `react` has done. What is not retried is over for good, until somebody retries it by hand. */
export function createReactionActivities(
  options: PerformerOptions,
): Record<typeof PERFORM_REACTION, (input: ReactInput) => Promise<ReactResult>> {
  return { [PERFORM_REACTION]: (input) => performReaction(options, input) };
}

async function performReaction(options: PerformerOptions, input: ReactInput): Promise<ReactResult> {
  const { store, client } = options;
  const key: DeliveryKey = { executionId: parseExecutionId(input.executionId), reactionId: input.reactionId };
  const delivery = await store.getDelivery(key);
  // Done by an attempt of which Temporal never heard, or pruned.
  if (delivery === null || delivery.status !== "PENDING") return { status: "GONE" };
  const execution = await store.getExecution(key.executionId);
  if (execution === null || execution.status === "RUNNING" || execution.status === "PENDING") {
    // The run was reset: the delivery is made again when it ends.
    await store.removeDelivery(key);
    return { status: "GONE" };
  }
  const reaction = await store.getReaction(key.reactionId);
  const runs = createRuns({ client, taskQueue: activityInfo().taskQueue });
  const outcome =
    reaction === null
      ? failed("the reaction was deleted")
      : await attempt(options, runs, { execution, reaction, delivery });
  return await settle(options, delivery, outcome);
}

interface Work {
  readonly execution: ExecutionRecord;
  readonly reaction: ReactionRecord;
  readonly delivery: DeliveryRecord;
}

async function attempt({ store, callbacks }: PerformerOptions, runs: Runs, work: Work): Promise<Outcome> {
  const { execution, reaction, delivery } = work;
  if (reaction.condition !== null) {
    const result = holds(reaction.condition, executionVariable(execution));
    if (!result.ok) return failed(result.error);
    if (!result.value) return { status: "SKIPPED" };
  }
  if (reaction.kind === "callback") {
    const body = JSON.stringify(callbackBody(execution));
    const { url, secret } = reaction;
    if (url === null || secret === null) return failed("the callback has no URL");
    const callback = { url, secret, id: webhookId(delivery), body };
    return fromCallback(await callbacks.send(callback, Context.current().cancellationSignal));
  }
  const claim = () => store.claimStart(delivery, parseExecutionId(uuidv7()));
  const refusal = await startFollowUp({ store, runs, claim }, execution, reaction);
  return refusal === null ? { status: "DONE" } : failed(refusal);
}

function failed(message: string): Outcome {
  return { status: "FAILED", message, isRetryable: false };
}

function fromCallback(outcome: CallbackOutcome): Outcome {
  const { status: responseStatus, ...rest } = outcome;
  const told = responseStatus === undefined ? {} : { responseStatus };
  if (rest.type === "delivered") return { status: "DONE", ...told };
  const { message, isRetryable, retryAfterMs } = rest;
  return { status: "FAILED", message, isRetryable, ...told, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** Keeps what came of the attempt, and has Temporal make the next one where there is to be one. */
async function settle(
  { store, logger }: PerformerOptions,
  delivery: DeliveryRecord,
  outcome: Outcome,
): Promise<ReactResult> {
  const at = new Date();
  const told = outcome.responseStatus === undefined ? {} : { responseStatus: outcome.responseStatus };
  if (outcome.status !== "FAILED") {
    await store.recordAttempt(delivery, { status: outcome.status, at, nextAttemptAt: null, ...told });
    return { status: outcome.status };
  }
  const { message, retryAfterMs = 0 } = outcome;
  const delayMs = outcome.isRetryable ? delayAfter(delivery.attempts + 1) : null;
  const attempt: DeliveryAttempt = { status: "FAILED", at, nextAttemptAt: null, error: message, ...told };
  if (delayMs === null) {
    await store.recordAttempt(delivery, attempt);
    const { executionId: execution_id, reactionId: reaction_id } = delivery;
    logger.warn({ execution_id, reaction_id, reason: message }, "a reaction was given up");
    return { status: "FAILED" };
  }
  const pauseMs = Math.max(delayMs, retryAfterMs);
  await store.recordAttempt(delivery, {
    ...attempt,
    status: "PENDING",
    nextAttemptAt: new Date(at.getTime() + pauseMs),
  });
  throw ApplicationFailure.create({ type: "CALLBACK_FAILED", message, nextRetryDelay: pauseMs });
}

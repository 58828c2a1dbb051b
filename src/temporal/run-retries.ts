import { randomUUID } from "node:crypto";
import type { Client } from "@temporalio/client";
import { temporal } from "@temporalio/proto";
import { LOST_WORKER_ATTEMPTS } from "../workflows/activity-options";
import { decodeActivityEnd } from "./decode-failure";
import { isNotFound, unavailableWhenUnreachable, whileNamespaceMissing } from "./grpc-errors";
import type { RunReference, RunRetries, TaskRetry } from "./runs-port";

/** A call that Temporal does not answer within this counts as unreachable. */
const CALL_TIMEOUT_MS = 10_000;

/** By which a pause of our own, that came to nothing more, is known. */
const REASON = "aco: try again now";

/** How often the second of two calls is tried, which has to come after the first one. */
const UNPAUSE_TRIES = 3;

const { PendingActivityState } = temporal.api.enums.v1;

type Pending = temporal.api.workflow.v1.IPendingActivityInfo;

/**
 * The attempts of tasks. Temporal has no call that only cuts a backoff short: `ResetActivity` begins to count anew, from which
 * a reader of the stream would take it that attempts came back which it was told are retracted, and new options would stay. So
 * the activity is paused and let go, whereupon Temporal makes the attempt at once. Where we are killed between the two the same
 * request again finds our pause, and lets go.
 */
export function createRunRetries(client: Client): RunRetries {
  const { namespace, identity } = client.options;
  const call = <T>(work: () => Promise<T>): Promise<T> =>
    unavailableWhenUnreachable("Temporal cannot be reached", () =>
      whileNamespaceMissing(() => client.connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, work)),
    );
  const pendingOf = (run: RunReference, activityId: string) => call(() => findPending(client, run, activityId));
  const target = ({ temporalWorkflowId: workflowId }: RunReference, id: string) => ({
    namespace,
    identity,
    execution: { workflowId, runId: "" },
    id,
    requestId: randomUUID(),
  });
  return {
    attemptOf: async (run, activityId) => {
      const pending = await pendingOf(run, activityId);
      return pending === null ? null : { attempt: pending.attempt ?? 1, isWaiting: isWaiting(pending) };
    },
    listRetries: async (run) => (await call(() => describePending(client, run))).flatMap(retryOf),
    tryAgainNow: async (run, activityId) => {
      const pending = await pendingOf(run, activityId);
      if (pending === null || !isWaiting(pending)) return;
      const { workflowService } = client;
      if (!isOurPause(pending)) {
        const paused = await call(() => workflowService.pauseActivity({ ...target(run, activityId), reason: REASON }))
          .then(() => true)
          .catch(falseWhereGone);
        if (!paused) return;
      }
      for (let tries = 1; ; tries += 1) {
        try {
          await call(() => workflowService.unpauseActivity(target(run, activityId)));
          return;
        } catch (error) {
          if (isNotFound(error)) return;
          if (tries === UNPAUSE_TRIES) throw error;
        }
      }
    },
  };
}

async function findPending(client: Client, run: RunReference, activityId: string): Promise<Pending | null> {
  return (await describePending(client, run)).find((pending) => pending.activityId === activityId) ?? null;
}

/** None where Temporal does not know the run. */
async function describePending(client: Client, run: RunReference): Promise<readonly Pending[]> {
  try {
    const { raw } = await client.workflow.getHandle(run.temporalWorkflowId).describe();
    return raw.pendingActivities ?? [];
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

/** None of a task whose first attempt is still to come or runs. */
function retryOf(pending: Pending): readonly TaskRetry[] {
  const { activityId, attempt, maximumAttempts, nextAttemptScheduleTime, lastFailure, state } = pending;
  if ((attempt ?? 1) < 2) return [];
  const isRunning = state === PendingActivityState.PENDING_ACTIVITY_STATE_STARTED;
  // Temporal allows for lost workers, which are no attempts of the task's own.
  const maxAttempts = (maximumAttempts ?? 0) - LOST_WORKER_ATTEMPTS;
  const end = lastFailure ? decodeActivityEnd({ failure: lastFailure }) : undefined;
  return [
    {
      activityId: activityId ?? "",
      attempt: attempt ?? 1,
      ...(maxAttempts >= (attempt ?? 1) ? { maxAttempts } : {}),
      ...(isRunning || !nextAttemptScheduleTime ? {} : { nextAttemptAt: dateOf(nextAttemptScheduleTime) }),
      ...(end === undefined || end.cancelled ? {} : { failure: end.failure }),
    },
  ];
}

function dateOf({ seconds, nanos }: { readonly seconds?: unknown; readonly nanos?: number | null }): Date {
  return new Date(Number(seconds ?? 0) * 1_000 + Math.floor((nanos ?? 0) / 1_000_000));
}

/** Of an attempt that begins in the future, or that we were to make and did not come to. */
function isWaiting(pending: Pending): boolean {
  const isScheduled = pending.state === PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED;
  return (isScheduled && (pending.attempt ?? 1) > 1) || isOurPause(pending);
}

function isOurPause({ paused, pauseInfo }: Pending): boolean {
  return paused === true && pauseInfo?.manual?.reason === REASON;
}

/** It ended meanwhile. */
function falseWhereGone(error: unknown): false {
  if (isNotFound(error)) return false;
  throw error;
}

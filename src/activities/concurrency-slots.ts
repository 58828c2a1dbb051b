import { createHash } from "node:crypto";
import { activityInfo } from "@temporalio/activity";
import type { Client } from "@temporalio/client";
import { isNotFound } from "../temporal/grpc-errors";
import type { SlotActivities, SlotKey } from "../workflows/concurrency-activities";
import {
  CLAIM_SLOT_SIGNAL,
  LEAVE_SLOT_SIGNAL,
  MUTEX_WORKFLOW,
  type MutexInput,
  mutexRunId,
  type SlotClaim,
  type SlotLeave,
} from "../workflows/history-contract";

/** What a person reads of a key in the Temporal Web UI, in UTF-16 units; Temporal takes 400 bytes. */
const MAX_SUMMARY_LENGTH = 100;

/** What the workflow `concurrencyMutex` and the runs that go through it ask of Temporal; each may be done twice. */
export function createConcurrencyActivities(client: Client): SlotActivities {
  return {
    async claimConcurrencySlot(key: SlotKey, claim: SlotClaim): Promise<void> {
      const nothing: MutexInput = {};
      await client.workflow.signalWithStart(MUTEX_WORKFLOW, {
        workflowId: idOf(key),
        taskQueue: activityInfo().taskQueue,
        args: [nothing],
        signal: CLAIM_SLOT_SIGNAL,
        signalArgs: [claim],
        workflowIdReusePolicy: "ALLOW_DUPLICATE",
        staticSummary: `one run at a time with the key ${key.key}`.slice(0, MAX_SUMMARY_LENGTH),
      });
    },

    async leaveConcurrencySlot(key: SlotKey, leave: SlotLeave): Promise<void> {
      await unlessNotFound(() => client.workflow.getHandle(idOf(key)).signal(LEAVE_SLOT_SIGNAL, leave));
    },

    async isRunOpen(temporalWorkflowId: string): Promise<boolean> {
      const described = await unlessNotFound(() => client.workflow.getHandle(temporalWorkflowId).describe());
      return described !== undefined && OPEN.has(described.status.name);
    },

    async cancelRun(temporalWorkflowId: string, reason: string): Promise<void> {
      await unlessNotFound(() =>
        client.workflowService.requestCancelWorkflowExecution({
          namespace: client.options.namespace,
          identity: client.options.identity,
          // The same request however often this activity is tried.
          requestId: `${activityInfo().workflowExecution?.runId}/${activityInfo().activityId}`,
          workflowExecution: { workflowId: temporalWorkflowId },
          reason,
        }),
      );
    },
  };
}

/** A run that has just continued as new is described as such until the next one is there. */
const OPEN: ReadonlySet<string> = new Set(["RUNNING", "PAUSED", "CONTINUED_AS_NEW"]);

function idOf({ workflowId, key }: SlotKey): string {
  return mutexRunId(workflowId, createHash("sha256").update(key).digest("hex"));
}

async function unlessNotFound<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

import { type ActivityInterfaceFor, proxyActivities } from "@temporalio/workflow";
import type { SlotClaim, SlotLeave } from "./history-contract";

/** Which runs go one at a time: those of one workflow with one key. */
export interface SlotKey {
  readonly workflowId: string;
  readonly key: string;
}

/** The names and arguments are in histories. */
export interface SlotActivities {
  /** Starts the key's mutex where it does not run. */
  claimConcurrencySlot(key: SlotKey, claim: SlotClaim): Promise<void>;
  leaveConcurrencySlot(key: SlotKey, leave: SlotLeave): Promise<void>;
  isRunOpen(temporalWorkflowId: string): Promise<boolean>;
  cancelRun(temporalWorkflowId: string, reason: string): Promise<void>;
}

/** Each is one call to Temporal. */
const CALL_TIMEOUT_MS = 10_000;
const MAX_INTERVAL_MS = 10_000;

/** Tried until Temporal answers; a defect of ours would be the same every time. */
export const persistent: ActivityInterfaceFor<SlotActivities> = proxyActivities<SlotActivities>({
  startToCloseTimeout: CALL_TIMEOUT_MS,
  retry: { maximumInterval: MAX_INTERVAL_MS, nonRetryableErrorTypes: ["TypeError"] },
});

/** For what the other side finds out by itself where it is not told. */
export const briefly: ActivityInterfaceFor<SlotActivities> = proxyActivities<SlotActivities>({
  startToCloseTimeout: CALL_TIMEOUT_MS,
  retry: { maximumAttempts: 5 },
});

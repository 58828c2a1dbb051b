import { proxyActivities, workflowInfo } from "@temporalio/workflow";
import {
  type CarriedState,
  FREE_STATE_PARTS,
  LOAD_STATE_PART,
  SAVE_STATE_PART,
  type StatePartInput,
} from "./history-contract";

/** Of bytes that travel in one payload. */
export const MAX_PART_BYTES = 1_024 * 1_024;

/** The names and arguments are in histories. */
export interface StatePartActivities {
  [SAVE_STATE_PART](part: StatePartInput, bytes: Uint8Array): Promise<void>;
  /** Fails for good where nothing is kept under the reference. */
  [LOAD_STATE_PART](reference: string): Promise<Uint8Array>;
  [FREE_STATE_PARTS](references: readonly string[]): Promise<void>;
}

/** Each is one read or write of a database. */
const CALL_TIMEOUT_MS = 60_000;
const MAX_INTERVAL_MS = 30_000;

/** Tried until the database answers: without its state a run cannot go on. */
const persistent = proxyActivities<StatePartActivities>({
  startToCloseTimeout: CALL_TIMEOUT_MS,
  retry: { maximumInterval: MAX_INTERVAL_MS },
});

const briefly = proxyActivities<StatePartActivities>({
  startToCloseTimeout: CALL_TIMEOUT_MS,
  retry: { maximumAttempts: 3 },
});

/** Keeps bytes that are too many for a run's input; gives the references under which they are found again, in order. */
export async function saveParts(executionId: string, bytes: Uint8Array): Promise<readonly string[]> {
  const { runId } = workflowInfo();
  const references: string[] = [];
  // One after another: Temporal's frontend takes 4 MiB in one message.
  for (let from = 0; from < bytes.length; from += MAX_PART_BYTES) {
    const reference = `state/${executionId}/${runId}/${workflowInfo().historyLength}/${from / MAX_PART_BYTES}`;
    // A copy, as the encoder's arrays are of another realm, and the SDK would not know them.
    const part = new Uint8Array(bytes.slice(from, from + MAX_PART_BYTES));
    await persistent[SAVE_STATE_PART]({ executionId, reference }, part);
    references.push(reference);
  }
  return references;
}

export async function loadParts(references: readonly string[]): Promise<CarriedState> {
  const decoder = new TextDecoder();
  let text = "";
  for (const reference of references)
    text += decoder.decode(await persistent[LOAD_STATE_PART](reference), { stream: true });
  return JSON.parse(text + decoder.decode()) as CarriedState;
}

/** Best effort: what stays goes with the execution's record. */
export async function freeParts(references: readonly string[]): Promise<void> {
  if (references.length > 0) await briefly[FREE_STATE_PARTS](references).catch(() => undefined);
}

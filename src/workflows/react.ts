import { proxyActivities } from "@temporalio/workflow";
import type { PERFORM_REACTION, ReactInput, ReactResult } from "./history-contract";

/**
 * One attempt: a callback's 20 s, or a few reads of the database and a start. A worker that is killed costs this much before the
 * attempt is made again elsewhere.
 */
const ATTEMPT_TIMEOUT_MS = 40_000;

/** Waits after failures that are ours, not the receiver's: the database was away. */
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

/** The activity itself says when it has tried often enough, and how long to wait for the next attempt. */
const { performReaction } = proxyActivities<
  Record<typeof PERFORM_REACTION, (input: ReactInput) => Promise<ReactResult>>
>({
  startToCloseTimeout: ATTEMPT_TIMEOUT_MS,
  retry: { initialInterval: FIRST_PAUSE_MS, maximumInterval: LONGEST_PAUSE_MS, nonRetryableErrorTypes: ["TypeError"] },
});

/**
 * Temporal workflow: carries out one reaction to the end of one execution, over as many attempts as it takes. What it knows is
 * in the database, so it may be started again at any time, by whoever finds that nothing happens.
 */
export async function react(input: ReactInput): Promise<ReactResult> {
  return await performReaction(input);
}

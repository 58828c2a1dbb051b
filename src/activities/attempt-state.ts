import { z } from "zod";
import type { SignalUse } from "./signal-pacing";

/**
 * What one attempt hands to the next: the details of the activity's heartbeats. Temporal keeps the last ones both when an
 * attempt fails and when its worker is lost (`tests/integration/runners-attempts.test.ts`). Part of histories in flight:
 * fields may be added, never changed.
 */
const schema = z.object({
  /** Attempts that failed by themselves; one whose worker was lost or stopped is not among them. */
  failures: z.int().min(0),
  signals: z.int().min(0),
  bytes: z.int().min(0),
});

export interface AttemptState extends SignalUse {
  readonly failures: number;
}

const FIRST: AttemptState = { failures: 0, signals: 0, bytes: 0 };

/** Reads heartbeat details; those of no or of an unknown shape count as none. */
export function readAttemptState(heartbeatDetails: unknown): AttemptState {
  if (heartbeatDetails === undefined) return FIRST;
  const parsed = schema.safeParse(heartbeatDetails);
  return parsed.success ? parsed.data : FIRST;
}

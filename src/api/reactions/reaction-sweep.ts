import { dispatch } from "../../delivering/dispatch";
import type { ApiContext } from "../api-context";
import { type RunningSweep, startSweep } from "../periodic-sweep";

/** How soon a reaction begins whose worker was killed between recording the end and asking for it. */
const INTERVAL_MS = 3_000;
/** The worker that recorded an end asks for its reactions at once; a younger one is most likely taken care of. */
const MIN_AGE_MS = 2_000;
/** In one sweep; a start takes Temporal some 10 ms. */
const MAX_PER_SWEEP = 500;
/** Reactions of executions that never came to be are removed after so long, and looked for so often. */
const ORPHAN_AGE_MS = 30 * 24 * 3_600_000;
const ORPHAN_INTERVAL_MS = 3_600_000;

type SweepContext = Pick<ApiContext, "store" | "reactions" | "logger">;

/**
 * Finds what is to happen because of ends and that nobody takes care of: the worker was killed, Temporal was away, or the end was
 * recorded by an API because the run was terminated behind our back. Every API does so; a reaction that is begun twice runs once.
 */
export function startReactionSweep(context: SweepContext): RunningSweep {
  let orphansAt = Date.now();
  const sweep = async (isStopped: () => boolean) => {
    await sweepReactions(context, isStopped);
    if (Date.now() - orphansAt <= ORPHAN_INTERVAL_MS) return;
    orphansAt = Date.now();
    await context.store.pruneOrphanReactions(new Date(Date.now() - ORPHAN_AGE_MS));
  };
  return startSweep({ purpose: "reactions", intervalMs: INTERVAL_MS, sweep }, context.logger);
}

/** One sweep; returns how many it made sure of. Throws what Temporal or the database throws. */
export async function sweepReactions(context: SweepContext, isStopped: () => boolean = () => false): Promise<number> {
  const { store, reactions } = context;
  const due = await store.listDueDeliveries(new Date(Date.now() - MIN_AGE_MS), MAX_PER_SWEEP);
  let count = 0;
  for (const delivery of due) {
    if (isStopped()) break;
    await dispatch(store, reactions, delivery);
    count += 1;
  }
  return count;
}

/** What a Temporal user would write by hand for the same work: the yardstick. */
import { proxyActivities } from "@temporalio/workflow";

const { noop } = proxyActivities<{ noop(): Promise<null> }>({ startToCloseTimeout: "10 minutes" });

/** As our nodes are run: a worker that was killed is noticed after ten seconds, not after ten minutes, and the activity has a name. */
const watched = proxyActivities<{ noop(): Promise<null> }>({
  startToCloseTimeout: "10 minutes",
  heartbeatTimeout: "10 seconds",
  summary: "noop",
});

export async function plainOne(): Promise<null> {
  return noop();
}

export async function plainTenInARow(): Promise<null> {
  for (let index = 0; index < 10; index += 1) await watched.noop();
  return null;
}

export async function plainParallel(count: number): Promise<null> {
  await Promise.all(Array.from({ length: count }, () => watched.noop()));
  return null;
}

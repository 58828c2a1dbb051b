import { setTimeout as sleep } from "node:timers/promises";
import type { ExecutionRecord } from "../../store/records";
import type { ApiContext } from "../api-context";
import { repairExecution, runReference } from "./repair-execution";

/** A shell's process group is killed within a second; what takes longer is better answered with its status as it stands. */
const CANCEL_WAIT_MS = 3_000;
/** A cancel takes about 50 ms (two workflow tasks); asking this often costs one read of the record each. */
const POLL_MS = 25;

/** Asks the run to stop and waits a moment, so that most callers see the end of it. Does nothing to one that has ended. */
export async function cancelAndWait(context: ApiContext, execution: ExecutionRecord, reason: string): Promise<void> {
  const run = runReference(execution);
  if (run === undefined) return;
  if (!(await context.runs.cancel(run, reason))) {
    await repairExecution(context, execution);
    return;
  }
  for (const deadline = Date.now() + CANCEL_WAIT_MS; Date.now() < deadline; await sleep(POLL_MS)) {
    const now = await context.store.getExecution(execution.id);
    if (now === null || now.status !== "RUNNING") return;
  }
}

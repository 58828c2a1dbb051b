import {
  allHandlersFinished,
  CancellationScope,
  condition,
  defineQuery,
  makeContinueAsNewFunc,
  setHandler,
  workflowInfo,
} from "@temporalio/workflow";
import type { JsonValue } from "../core/json";
import { memoToHandOn } from "./approvals-memo";
import { persistent } from "./concurrency-activities";
import { ConcurrencySlot } from "./concurrency-slot";
import { GraphDriver } from "./graph-driver";
import { APPROVALS_QUERY, type GraphRunInput, STATE_QUERY, type WaitingApprovals } from "./history-contract";
import { listenToRunners } from "./live-progress";
import { RecordKeeper, recordedNames, startedAtOfChain } from "./record-keeping";
import { boundOutcome, endRun, failRunOnDefect, requireKnownEngine } from "./run-end";
import { sharedEngine } from "./shared-engine";
import type { StateView } from "./state-view";

const stateQuery = defineQuery<StateView>(STATE_QUERY);
const approvalsQuery = defineQuery<WaitingApprovals>(APPROVALS_QUERY);

/** Temporal workflow: executes one version of a stored workflow. Returns the graph's output. */
export async function executeWorkflow(input: GraphRunInput): Promise<JsonValue> {
  requireKnownEngine(input.engineVersion);
  const { executionId } = input;
  let status: StateView["status"] = "running";
  // A signal that came before the run's first workflow task is heard at once, while there is no driver yet.
  let heard: (activityId: string) => void = () => undefined;
  const progress = listenToRunners((activityId) => heard(activityId));
  const slot = new ConcurrencySlot(input);
  const driver = new GraphDriver(input, progress, slot);
  heard = (activityId) => driver.heard(activityId);
  const paused = () => (driver.pause === undefined ? {} : { pause: driver.pause });
  setHandler(stateQuery, () => ({ executionId, status, ...paused(), nodes: driver.nodes(), ...slot.view() }));
  setHandler(approvalsQuery, () => driver.approvals());

  const records = keepRecords(input);
  const end = await failRunOnDefect(
    async () => (await slot.acquire()) ?? (await driver.run()),
    () => sharedEngine().definitionFailure(input.snapshot.definition),
  );
  if (end.status === "continued") return await continueRun(end.next);
  const outcome = boundOutcome(end);
  status = outcome.status;
  await slot.release();
  await driver.close();
  if (!allHandlersFinished()) await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
  if (outcome.status === "cancelled") await beCancelled(outcome.reason);
  records.end(outcome);
  return endRun(outcome);
}

/**
 * Temporal closes only a run as cancelled that was asked to be. Where the run before this one in the chain was, and this one has
 * but wound down, it asks for it itself.
 */
async function beCancelled(reason: string): Promise<void> {
  const scope = CancellationScope.current();
  if (scope.consideredCancelled) return;
  await CancellationScope.nonCancellable(() => persistent.cancelRun(workflowInfo().workflowId, reason));
  await scope.cancelRequested.catch(() => undefined);
}

async function continueRun(next: GraphRunInput): Promise<never> {
  const memo = memoToHandOn();
  const options = memo === undefined ? {} : { memo };
  return await makeContinueAsNewFunc<typeof executeWorkflow>(options)(next);
}

function keepRecords(run: GraphRunInput): RecordKeeper {
  const { executionId, workflowId, workflowVersion, snapshot, input } = run;
  const subject = {
    executionId,
    kind: "workflow" as const,
    subjectId: workflowId,
    input,
    workflowVersion,
    ...recordedNames(run),
  };
  return new RecordKeeper({ ...subject, definitionHash: snapshot.hash }, startedAtOfChain(run));
}

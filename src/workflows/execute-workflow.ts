import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  defineQuery,
  setHandler,
} from "@temporalio/workflow";
import type { JsonValue } from "../core/json";
import { ConcurrencySlot } from "./concurrency-slot";
import { GraphDriver } from "./graph-driver";
import { type GraphRunInput, STATE_QUERY } from "./history-contract";
import { listenToRunners } from "./live-progress";
import { RecordKeeper, startedAtOfChain } from "./record-keeping";
import { boundOutcome, endRun, failRunOnDefect, requireKnownEngine } from "./run-end";
import { sharedEngine } from "./shared-engine";
import type { StateView } from "./state-view";

const stateQuery = defineQuery<StateView>(STATE_QUERY);

/** Temporal workflow: executes one version of a stored workflow. Returns the graph's output. */
export async function executeWorkflow(input: GraphRunInput): Promise<JsonValue> {
  requireKnownEngine(input.engineVersion);
  const { executionId } = input;
  let status: StateView["status"] = "running";
  // A signal that came before the run's first workflow task is heard at once, while there is no driver yet.
  let heard: (activityId: string) => void = () => undefined;
  const progress = listenToRunners((activityId) => heard(activityId));
  const driver = new GraphDriver(input, progress);
  heard = (activityId) => driver.heard(activityId);
  const slot = new ConcurrencySlot(input);
  setHandler(stateQuery, () => ({ executionId, status, nodes: driver.nodes(), ...slot.view() }));

  const records = keepRecords(input);
  const end = await failRunOnDefect(
    async () => (await slot.acquire()) ?? (await driver.run()),
    () => sharedEngine().definitionFailure(input.snapshot.definition),
  );
  if (end.status === "continued") return await continueAsNew<typeof executeWorkflow>(end.next);
  const outcome = boundOutcome(end);
  status = outcome.status;
  await slot.release();
  await driver.close();
  if (!allHandlersFinished()) await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
  records.end(outcome);
  return endRun(outcome);
}

function keepRecords(run: GraphRunInput): RecordKeeper {
  const { executionId, workflowId, workflowVersion, snapshot, input } = run;
  const subject = { executionId, kind: "workflow" as const, subjectId: workflowId, input, workflowVersion };
  return new RecordKeeper({ ...subject, definitionHash: snapshot.hash }, startedAtOfChain(run));
}

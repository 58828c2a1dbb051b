import { defineQuery, setHandler } from "@temporalio/workflow";
import type { JsonValue } from "../core/json";
import { ConcurrencySlot } from "./concurrency-slot";
import { GraphDriver } from "./graph-driver";
import { type GraphRunInput, STATE_QUERY } from "./history-contract";
import { listenToRunners } from "./live-progress";
import { RecordKeeper } from "./record-keeping";
import { boundOutcome, endRun, failRunOnDefect, requireKnownEngine } from "./run-end";
import type { StateView } from "./state-view";

const stateQuery = defineQuery<StateView>(STATE_QUERY);

/** Temporal workflow: executes one version of a stored workflow. Returns the graph's output. */
export async function executeWorkflow(input: GraphRunInput): Promise<JsonValue> {
  requireKnownEngine(input.engineVersion);
  const { executionId, workflowId, workflowVersion, snapshot } = input;
  let status: StateView["status"] = "running";
  const progress = listenToRunners(() => driver.showDetails());
  const driver = new GraphDriver(input, progress);
  const slot = new ConcurrencySlot(input);
  setHandler(stateQuery, () => ({ executionId, status, nodes: driver.nodes(), ...slot.view() }));

  const records = new RecordKeeper({
    executionId,
    kind: "workflow",
    subjectId: workflowId,
    input: input.input,
    definitionHash: snapshot.hash,
    workflowVersion,
  });
  const outcome = boundOutcome(await failRunOnDefect(async () => (await slot.acquire()) ?? (await driver.run())));
  status = outcome.status;
  await slot.release();
  records.end(outcome);
  return endRun(outcome);
}

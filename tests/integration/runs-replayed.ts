import { temporal } from "@temporalio/proto";
import { Worker } from "@temporalio/worker";
import { silentLogger } from "../../src/core/logger";
import { createRecordSinks } from "../../src/temporal/record-sinks";
import type { RunReference } from "../../src/temporal/runs-port";
import { workflowBundle } from "../../src/temporal/workflow-bundle";
import { chainOf } from "./runs-chain";
import type { RunsFixture } from "./runs-fixture";

/** A replay writes no records. */
const unused = async () => undefined;
const sinks = createRecordSinks({ started: unused, ended: unused }, silentLogger);

/**
 * Replays every run of an execution from its history, as a worker does that takes it over. Rejects where the code would not do
 * again what it did; a run that no worker has taken over shows that nowhere else.
 */
export async function replayAll(fixture: RunsFixture, run: RunReference): Promise<void> {
  const bundle = await workflowBundle();
  for (const events of await chainOf(fixture, run)) {
    const history = temporal.api.history.v1.History.fromObject({ events });
    await Worker.runReplayHistory({ workflowBundle: bundle, sinks }, history, run.temporalWorkflowId);
  }
}

import { temporal } from "@temporalio/proto";
import { Worker } from "@temporalio/worker";
import { silentLogger } from "../../src/core/logger";
import { createRecordSinks } from "../../src/temporal/record-sinks";
import type { RunReference } from "../../src/temporal/runs-port";
import { workflowBundle } from "../../src/temporal/workflow-bundle";
import { chainOf } from "./runs-chain";
import type { RunsFixture } from "./runs-fixture";

const { History } = temporal.api.history.v1;
type Events = readonly temporal.api.history.v1.IHistoryEvent[];

/** A replay writes no records. */
const unused = async () => undefined;
const sinks = createRecordSinks({ started: unused, ended: unused }, silentLogger);

/** The history of one Temporal run, kept in little room until it is replayed. */
export interface KeptHistory {
  /** Names it in what is said of it. */
  readonly name: string;
  readonly encoded: Uint8Array;
}

export function keepHistory(name: string, events: Events): KeptHistory {
  return { name, encoded: History.encode(History.fromObject({ events })).finish() };
}

/** Replays the histories, one after another in one worker, and says of each that does not replay why. */
export async function replayFailures(kept: readonly KeptHistory[]): Promise<readonly string[]> {
  const failures: string[] = [];
  const options = { workflowBundle: await workflowBundle(), sinks };
  for await (const { workflowId, error } of Worker.runReplayHistories(options, decoded(kept)))
    if (error !== undefined) failures.push(`${workflowId}: does not replay: ${error}`);
  return failures;
}

/** One at a time, as they are asked for. */
function* decoded(kept: readonly KeptHistory[]) {
  for (const { name, encoded } of kept) yield { workflowId: name, history: History.decode(encoded) };
}

/**
 * Replays every run of an execution from its history, as a worker does that takes it over. Rejects where the code would not do
 * again what it did; a run that no worker has taken over shows that nowhere else.
 */
export async function replayAll(fixture: RunsFixture, run: RunReference): Promise<void> {
  const chain = await chainOf(fixture, run);
  const failures = await replayFailures(chain.map((events) => keepHistory(run.temporalWorkflowId, events)));
  if (failures.length > 0) throw new Error(failures.join("\n"));
}

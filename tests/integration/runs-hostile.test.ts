import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { WorkflowFailedError } from "@temporalio/client";
import { temporal as proto } from "@temporalio/proto";
import { OrchestratorError } from "../../src/core/errors";
import { LATEST_TARIFF } from "../../src/definition/expressions/fuel";
import { isNamespaceMissing, isUnreachable } from "../../src/temporal/grpc-errors";
import type { RunReference } from "../../src/temporal/runs-port";
import {
  ENGINE_VERSION,
  type GraphRunInput,
  type RunnerInput,
  STATE_QUERY,
} from "../../src/workflows/history-contract";
import { acceptedRuns, type HostileRun } from "../hostile-definitions";
import { chainOf } from "./runs-chain";
import { type RunsFixture, startRunsFixture } from "./runs-fixture";
import { type KeptHistory, keepHistory, replayFailures } from "./runs-replayed";
import { startTestTemporal, type TestTemporal } from "./temporal-server";

const { WorkflowTaskFailedCause } = proto.api.enums.v1;

const RUNS = Number(process.env["ACO_HOSTILE_RUNS"] ?? 1_000);
const FIRST_SEED = Number(process.env["ACO_HOSTILE_SEED"] ?? 1);
const IN_FLIGHT = 20;

/** Of so many runs the history of one is replayed, which takes a third of the time that the run took. 1 with `ACO_HOSTILE_REPLAYED=all`. */
const RUNS_TO_A_REPLAY = process.env["ACO_HOSTILE_REPLAYED"] === "all" ? 1 : 4;

/** Past these a run is cancelled, and then given up. The definitions' own timeouts are shorter. */
const CANCEL_AFTER_MS = 4_000;
const GIVE_UP_AFTER_MS = 120_000;
const MAX_TRIES = 5;

let temporal: TestTemporal;
let fixture: RunsFixture;
const histories: KeptHistory[] = [];
beforeAll(async () => {
  temporal = await startTestTemporal();
  const noop = async ({ config }: RunnerInput) => config["output"] ?? null;
  fixture = await startRunsFixture(temporal.address, { activities: { noop } });
}, 120_000);
afterAll(async () => {
  await fixture?.close();
  await temporal?.stop();
});

test("every hostile run closes, without a workflow task that failed, says by a code why it failed, and a quarter of them replays", async () => {
  const runs = [...acceptedRuns(RUNS, FIRST_SEED)];
  const complaints: string[] = [];
  const slow: HostileRun[] = [];
  const next = async () => {
    for (let hostile = runs.shift(); hostile !== undefined; hostile = runs.shift()) {
      const found = await lookAt(hostile);
      if (found.some(isTimeout)) slow.push(hostile);
      complaints.push(...found.filter((what) => !isTimeout(what)));
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, next));
  // On a busy machine a workflow task may time out behind those of other runs; alone it must not.
  for (const hostile of slow) complaints.push(...(await lookAt(hostile)));
  expect([...complaints, ...(await replayFailures(histories))]).toEqual([]);
}, 900_000);

/** What is wrong with it. Once more where the server was away, or too busy to answer: that is not the run's doing. */
async function lookAt(hostile: HostileRun): Promise<readonly string[]> {
  for (let tries = 1; ; tries += 1) {
    try {
      return (await complaintsOf(hostile)).map((what) => `seed ${hostile.seed}: ${what}`);
    } catch (error) {
      if (tries === MAX_TRIES || !isServersDoing(error))
        return [`seed ${hostile.seed}: could not be looked at: ${error}`];
      await sleep(1_000);
    }
  }
}

const isServersDoing = (error: unknown) =>
  isUnreachable(error) ||
  isNamespaceMissing(error) ||
  (error instanceof OrchestratorError && error.code === "UNAVAILABLE");

async function complaintsOf(hostile: HostileRun): Promise<readonly string[]> {
  const run = await fixture.runs.startGraph(inputOf(hostile), "hash");
  const told = new AbortController();
  const isClosed = closed(run).finally(() => told.abort());
  await Promise.race([isClosed, watch(run, told.signal)]);
  if (!(await isClosed)) {
    const last = (await chainOf(fixture, run)).at(-1) ?? [];
    await fixture.temporal.client.workflow.getHandle(run.temporalWorkflowId).terminate();
    return [`did not close after ${last.slice(-12).map(typeOf).join(", ")}`, ...failedTasks(last).slice(0, 1)];
  }
  const chain = await chainOf(fixture, run);
  if (hostile.seed % RUNS_TO_A_REPLAY === 0)
    histories.push(...chain.map((each) => keepHistory(`seed ${hostile.seed}`, each)));
  const events = chain.flat();
  return [...failedTasks(events), ...endComplaints(events.at(-1))];
}

function inputOf({ snapshot, input }: HostileRun): GraphRunInput {
  const ids = { executionId: randomUUID(), workflowId: randomUUID(), workflowVersion: 1 };
  return {
    engineVersion: ENGINE_VERSION,
    announcesApprovals: true,
    announcesWaits: true,
    tariff: LATEST_TARIFF,
    ...ids,
    name: "Hostile \ud800",
    snapshot,
    input,
  };
}

/** False where it did not close in time, though it was cancelled. */
async function closed({ temporalWorkflowId, temporalRunId }: RunReference): Promise<boolean> {
  const end = fixture.temporal.client.workflow
    .getHandle(temporalWorkflowId, temporalRunId)
    .result()
    .then(() => true)
    .catch((error: unknown) => {
      if (error instanceof WorkflowFailedError) return true;
      throw error;
    });
  const cancelled = new AbortController();
  const late = async () => {
    await sleep(CANCEL_AFTER_MS, undefined, { signal: cancelled.signal });
    // It may have closed meanwhile.
    await fixture.temporal.client.workflow
      .getHandle(temporalWorkflowId)
      .cancel()
      .catch(() => undefined);
    await sleep(GIVE_UP_AFTER_MS, undefined, { signal: cancelled.signal });
    return false;
  };
  return await Promise.race([end, late()]).finally(() => cancelled.abort());
}

/** Asks how the run does. */
async function watch({ temporalWorkflowId }: RunReference, signal: AbortSignal): Promise<void> {
  const handle = fixture.temporal.client.workflow.getHandle(temporalWorkflowId);
  while (!signal.aborted) {
    await handle.query(STATE_QUERY).catch(() => undefined);
    await sleep(500, undefined, { signal }).catch(() => undefined);
  }
}

/** Something came while the run was ending, or more than Temporal holds back came at once: it asks again, once. */
const TEMPORALS_OWN: ReadonlySet<proto.api.enums.v1.WorkflowTaskFailedCause> = new Set([
  WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND,
  WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_FORCE_CLOSE_COMMAND,
]);

type HistoryEvent = proto.api.history.v1.IHistoryEvent;

/** One that times out again and again is stuck. */
const MAX_TIMED_OUT = 2;
const TIMED_OUT = "workflow tasks timed out";
const isTimeout = (what: string) => what.endsWith(TIMED_OUT);

const typeOf = (event: HistoryEvent) => Object.keys(event).find((key) => key.endsWith("EventAttributes")) ?? "nothing";

function failedTasks(events: readonly HistoryEvent[]): readonly string[] {
  const timedOut = events.filter((event) => event.workflowTaskTimedOutEventAttributes).length;
  const failed = events.flatMap(({ workflowTaskFailedEventAttributes: failed }) =>
    failed && !TEMPORALS_OWN.has(failed.cause ?? 0)
      ? [`a workflow task failed: ${failed.cause} ${failed.failure?.message?.slice(0, 500)}`]
      : [],
  );
  return timedOut > MAX_TIMED_OUT ? [...failed, `${timedOut} ${TIMED_OUT}`] : failed;
}

function endComplaints(event: HistoryEvent | undefined): readonly string[] {
  const failure = event?.workflowExecutionFailedEventAttributes?.failure;
  const code = failure?.applicationFailureInfo?.type ?? "";
  if (failure) {
    if (code === "INTERNAL") return [`an internal failure: ${failure.message?.slice(0, 500)}`];
    return /^[A-Z][A-Z0-9_]*$/.test(code) ? [] : [`failed with the code '${code}': ${failure.message?.slice(0, 200)}`];
  }
  const isEnd = event?.workflowExecutionCompletedEventAttributes ?? event?.workflowExecutionCanceledEventAttributes;
  return isEnd ? [] : [`ended otherwise: ${event?.eventType}`];
}

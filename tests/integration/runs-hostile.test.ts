import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { temporal as proto } from "@temporalio/proto";
import type { RunReference } from "../../src/temporal/runs-port";
import {
  ACTIVITY_EVENTS_SIGNAL,
  ANSWER_UPDATE,
  ENGINE_VERSION,
  type GraphRunInput,
  MESSAGE_SIGNAL,
  type RunnerInput,
  SLOT_SIGNAL,
  STATE_QUERY,
} from "../../src/workflows/history-contract";
import { type HostileRun, hostileRun } from "../hostile-definitions";
import { Dice, deep, STRANGE_TEXTS } from "../hostile-values";
import { chainOf } from "./runs-chain";
import { type RunsFixture, startRunsFixture } from "./runs-fixture";
import { startTestTemporal, type TestTemporal } from "./temporal-server";

const { WorkflowTaskFailedCause } = proto.api.enums.v1;

const RUNS = Number(process.env["ACO_HOSTILE_RUNS"] ?? 350);
const FIRST_SEED = Number(process.env["ACO_HOSTILE_SEED"] ?? 1);
const IN_FLIGHT = 20;

/** Past these a run is cancelled, and then given up. The definitions' own timeouts are shorter. */
const CANCEL_AFTER_MS = 4_000;
const GIVE_UP_AFTER_MS = 20_000;

let temporal: TestTemporal;
let fixture: RunsFixture;
beforeAll(async () => {
  temporal = await startTestTemporal();
  const noop = async ({ config }: RunnerInput) => config["output"] ?? null;
  fixture = await startRunsFixture(temporal.address, { activities: { noop } });
}, 120_000);
afterAll(async () => {
  await fixture?.close();
  await temporal?.stop();
});

test("every hostile run closes, without a workflow task that failed, and says by a code why it failed", async () => {
  const seeds = Array.from({ length: RUNS }, (_, index) => FIRST_SEED + index);
  const complaints: string[] = [];
  const next = async () => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
      const hostile = hostileRun(seed);
      const found = await complaintsOf(hostile).catch((error: unknown) => [`could not be looked at: ${error}`]);
      complaints.push(...found.map((what) => `seed ${seed}${hostile.isValid ? "" : " (not valid)"}: ${what}`));
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, next));
  expect(complaints).toEqual([]);
}, 600_000);

async function complaintsOf(hostile: HostileRun): Promise<readonly string[]> {
  const run = await fixture.runs.startGraph(inputOf(hostile), "hash");
  const told = new AbortController();
  const isClosed = closed(run).finally(() => told.abort());
  // An update to a run that closes may never be answered.
  await Promise.race([isClosed, pester(run, new Dice(hostile.seed), told.signal).catch(() => undefined)]);
  if (!(await isClosed)) {
    const last = (await chainOf(fixture, run)).at(-1) ?? [];
    await fixture.temporal.client.workflow.getHandle(run.temporalWorkflowId).terminate();
    return ["did not close", ...last.flatMap(failedTask).slice(0, 1)];
  }
  const events = (await chainOf(fixture, run)).flat();
  return [...events.flatMap(failedTask), ...endComplaints(events.at(-1))];
}

function inputOf({ snapshot, input }: HostileRun): GraphRunInput {
  const ids = { executionId: randomUUID(), workflowId: randomUUID(), workflowVersion: 1 };
  return { engineVersion: ENGINE_VERSION, ...ids, name: "Hostile \ud800", snapshot, input };
}

/** False where it did not close in time, though it was cancelled. */
async function closed({ temporalWorkflowId, temporalRunId }: RunReference): Promise<boolean> {
  const end = fixture.temporal.client.workflow
    .getHandle(temporalWorkflowId, temporalRunId)
    .result()
    .then(() => true)
    .catch(() => true);
  const cancelled = new AbortController();
  const late = async () => {
    await sleep(CANCEL_AFTER_MS, undefined, { signal: cancelled.signal });
    await fixture.temporal.client.workflow.getHandle(temporalWorkflowId).cancel();
    await sleep(GIVE_UP_AFTER_MS, undefined, { signal: cancelled.signal });
    return false;
  };
  return await Promise.race([end, late()]).finally(() => cancelled.abort());
}

/** Sends what nobody should send, and asks how the run does. */
async function pester({ temporalWorkflowId }: RunReference, dice: Dice, signal: AbortSignal): Promise<void> {
  const handle = fixture.temporal.client.workflow.getHandle(temporalWorkflowId);
  const odd = () => dice.pick([null, [], {}, 5, deep(1_000), ...STRANGE_TEXTS, "y".repeat(1_000_000)]);
  while (!signal.aborted) {
    const nodeId = dice.pick(["n1", "n2", "n3", "n4", "\ud800"]);
    await dice
      .pick<() => Promise<unknown>>([
        () => handle.signal(MESSAGE_SIGNAL, odd()),
        () => handle.signal(MESSAGE_SIGNAL, { name: dice.pick(["go", "stop", "\ud800"]), payload: odd() }),
        () => handle.signal(ACTIVITY_EVENTS_SIGNAL, odd()),
        () => handle.signal(ACTIVITY_EVENTS_SIGNAL, { activityId: nodeId, attempt: 1, events: [odd()] }),
        () => handle.signal(SLOT_SIGNAL, odd()),
        () => answer({ nodeId, approved: dice.once(2), by: dice.pick(["me", "\ud800"]), form: odd() }),
        () => answer({ nodeId, approved: false, comment: dice.pick(STRANGE_TEXTS), form: odd() }),
        () => handle.query(STATE_QUERY),
      ])()
      .catch(() => undefined);
    await sleep(200, undefined, { signal }).catch(() => undefined);
  }

  function answer(argument: unknown): Promise<unknown> {
    return handle.executeUpdate(ANSWER_UPDATE, { args: [argument] });
  }
}

type HistoryEvent = proto.api.history.v1.IHistoryEvent;

function failedTask(event: HistoryEvent): readonly string[] {
  const { workflowTaskFailedEventAttributes: failed, workflowTaskTimedOutEventAttributes: timedOut } = event;
  // Temporal's own: a signal came while the run was ending, and it is asked again what it does.
  if (failed?.cause === WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND) return [];
  if (failed) return [`a workflow task failed: ${failed.failure?.message?.slice(0, 500)}`];
  return timedOut ? ["a workflow task timed out"] : [];
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

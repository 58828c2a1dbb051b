import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from "@temporalio/worker";
import type { ExecutionEvent } from "../../src/events/event-types";
import type { RunReference } from "../../src/temporal/runs-port";
import { GRAPH_WORKFLOW } from "../../src/workflows/history-contract";
import { gate, scriptedActivities } from "./runs-activities";
import { collect, type RunsFixture, startRunsFixture } from "./runs-fixture";
import type { ChainInput } from "./streams-chain-workflow";
import { startTestTemporal, type TestTemporal } from "./temporal-server";

const TASK_QUEUE = "chain";

let temporal: TestTemporal;
let fixture: RunsFixture;
let stopWorker: () => Promise<void>;
beforeAll(async () => {
  temporal = await startTestTemporal();
  fixture = await startRunsFixture(temporal.address, { worker: false, ringLimits: { events: 20, size: 100_000 } });
  const workflowsPath = require.resolve("./streams-chain-workflow");
  const connection = await NativeConnection.connect({ address: temporal.address });
  const worker = await Worker.create({
    connection,
    taskQueue: TASK_QUEUE,
    workflowBundle: await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger("ERROR") }),
    activities: scriptedActivities(fixture.temporal.client),
  });
  const running = worker.run();
  stopWorker = async () => {
    worker.shutdown();
    await running;
    await connection.close();
  };
}, 120_000);
afterAll(async () => {
  await stopWorker?.();
  await fixture?.close();
  await temporal?.stop();
});

async function startChain(
  shape: Pick<ChainInput, "steps" | "stepsPerRun" | "pauseMs" | "heldAt">,
): Promise<RunReference> {
  const executionId = randomUUID();
  const workflowId = `workflow/chain/${executionId}`;
  const input: ChainInput = { executionId, snapshot: { hash: "h" }, input: null, done: 0, ...shape };
  const options = { taskQueue: TASK_QUEUE, workflowId, args: [input] };
  const { firstExecutionRunId } = await fixture.temporal.client.workflow.start(GRAPH_WORKFLOW, options);
  return { executionId, temporalWorkflowId: workflowId, temporalRunId: firstExecutionRunId };
}

/** Every instance is entered once and completed once, after it was entered; offsets grow, also as text. */
function expectNoGap(events: readonly ExecutionEvent[], steps: number): void {
  const offsets = events.map(({ offset }) => offset);
  expect(offsets).toEqual([...new Set(offsets)].toSorted());
  expect([events[0]?.type, events.at(-1)?.type]).toEqual(["STARTED", "COMPLETED"]);
  const numbers = Array.from({ length: steps }, (_, at) => at + 1);
  const instances = ["ask", ...numbers.flatMap((step) => [`w#${step}`, `t#${step}`])].toSorted();
  for (const type of ["NODE_ENTERED", "NODE_COMPLETED"])
    expect(events.flatMap((event) => (event.type === type ? [event.nodeId] : [])).toSorted()).toEqual(instances);
  const said = events.filter(({ type }) => type === "OUTPUT").map(({ nodeId, data }) => [nodeId, data["text"]]);
  expect(said).toEqual(numbers.map((step) => [`t#${step}`, String(step)]));
  const checkpoints = events.filter(({ type }) => type === "CHECKPOINT").flatMap(({ data }) => data["completed"]);
  // What the last workflow task ended needs no checkpoint: the execution is over.
  expect(new Set(checkpoints).size).toBe(checkpoints.length);
}

const runOf = ({ offset }: ExecutionEvent) => Number(offset.split("-")[1]);

// Side by side: a step of a chain takes a third of a second, in which everybody waits for timers.
test.concurrent("is one stream over all runs of a chain, for who follows from the start, comes late, or is slow", async () => {
  const run = await startChain({ steps: 60, stepsPerRun: 3, pauseMs: 1 });
  const slow = (async () => {
    const events: ExecutionEvent[] = [];
    for await (const event of fixture.streams.watch(run, { signal: new AbortController().signal })) {
      events.push(event);
      if (events.length < 60) await sleep(100);
    }
    return events;
  })();
  const whole = await collect(fixture.streams, run);
  expectNoGap(whole, 60);
  expect(whole.map(runOf).at(-1)).toBe(19);
  expect(await slow).toEqual(whole);
  const approval = whole.filter(({ nodeId }) => nodeId === "ask");
  expect(approval.map(({ type, data }) => [type, data["input"]])).toEqual([
    ["NODE_ENTERED", { message: "Well?" }],
    ["NODE_COMPLETED", undefined],
  ]);
  const [entered, completed] = approval.map(({ timestamp }) => Date.parse(timestamp));
  expect(approval[1]?.data["duration_ms"]).toBe((completed ?? 0) - (entered ?? 0));
  // After the end, and from the middle of every run of the chain.
  expect(await collect(fixture.streams, run)).toEqual(whole);
  for (let at = 0; at < whole.length; at += 41)
    expect(await collect(fixture.streams, run, whole[at]?.offset)).toEqual(whole.slice(at + 1));
}, 120_000);

test.concurrent("is resumed while the chain goes on, whichever run of it the reader left in", async () => {
  const run = await startChain({ steps: 30, stepsPerRun: 2, pauseMs: 20 });
  const resumed: (readonly [number, Promise<ExecutionEvent[]>])[] = [];
  const whole: ExecutionEvent[] = [];
  for await (const event of fixture.streams.watch(run, { signal: new AbortController().signal })) {
    whole.push(event);
    if (whole.length % 5 === 0) resumed.push([whole.length, collect(fixture.streams, run, event.offset)]);
  }
  expectNoGap(whole, 30);
  expect(resumed.length).toBeGreaterThan(20);
  for (const [length, rest] of resumed) expect(await rest).toEqual(whole.slice(length));
}, 120_000);

test.concurrent("goes on without gap or repeat for a reader whose process was killed in the middle of the chain", async () => {
  const run = await startChain({ steps: 60, stepsPerRun: 4, pauseMs: 50 });
  const program = ["-r", join(__dirname, "typescript-hook.cjs"), join(__dirname, "streams-child-reader.ts")];
  const reference = [temporal.address, run.temporalWorkflowId, run.temporalRunId];
  const reader = spawn(process.execPath, [...program, ...reference], { stdio: ["ignore", "pipe", "inherit"] });
  const seen: ExecutionEvent[] = [];
  for await (const line of createInterface({ input: reader.stdout })) {
    seen.push(JSON.parse(line) as ExecutionEvent);
    if (runOf(seen[seen.length - 1] as ExecutionEvent) === 3) break;
  }
  const exited = once(reader, "exit");
  reader.kill("SIGKILL");
  await exited;
  const rest = await collect(fixture.streams, run, seen.at(-1)?.offset);
  expectNoGap([...seen, ...rest], 60);
  expect(rest.map(runOf).at(-1)).toBe(14);
}, 120_000);

test.concurrent("begins with the oldest run that is kept where the first ones of the chain are not, and is resumed there", async () => {
  const run = await startChain({ steps: 24, stepsPerRun: 4, pauseMs: 1, heldAt: 10 });
  const seen: ExecutionEvent[] = [];
  const runIds: string[] = [];
  for await (const event of fixture.streams.watch(run, { signal: new AbortController().signal })) {
    seen.push(event);
    if (event.type === "CHECKPOINT" && !runIds.includes(String(event.data["run_id"])))
      runIds.push(String(event.data["run_id"]));
    if (runOf(event) === 2) break;
  }
  expect(runIds[0]).toBe(run.temporalRunId);
  for (const runId of runIds.slice(0, 2)) await dropRun(run, runId);
  expect(await fixture.runs.state(run)).toEqual({ status: "RUNNING" });
  const following = [collect(fixture.streams, run, seen.at(-1)?.offset), collect(fixture.streams, run)];
  gate("held").open();
  const [resumed = [], late = []] = await Promise.all(following);
  expectNoGap([...seen, ...resumed], 24);
  expect(late[0]).toMatchObject({ type: "STARTED", data: { history: "expired", definition_hash: "h" } });
  expect(late[0]?.offset).toMatch(/-0002-0000001-000000$/);
  expect(late.slice(-resumed.length)).toEqual(resumed);
  // Who left in a run that is no longer kept is told that there is a gap.
  const first = seen.find((event) => runOf(event) === 1);
  expect(await collect(fixture.streams, run, first?.offset)).toEqual(late);
}, 120_000);

/** As the namespace's retention does it. */
async function dropRun({ temporalWorkflowId: workflowId }: RunReference, runId: string): Promise<void> {
  const { client } = fixture.temporal;
  const workflowExecution = { workflowId, runId };
  await client.workflowService.deleteWorkflowExecution({ namespace: "default", workflowExecution });
  for (;;) {
    try {
      await client.workflow.getHandle(workflowId, runId).describe();
      await sleep(50);
    } catch {
      return;
    }
  }
}

import type { Client } from "@temporalio/client";
import { percentile, throughput, timeEach } from "./measure";
import * as ours from "./ours";
import { compareRates, compareTimes, type Row } from "./report";

/** Both sides of the comparison, on one Temporal server. */
export interface Sides {
  readonly ours: ours.Ours;
  readonly plain: Client;
  readonly plainTaskQueue: string;
}

/** How often each thing is done. The two sides take turns in rounds, so that a drift of the machine meets both. */
const ROUNDS = 4;
const LATENCY_RUNS = 25;
const SEQUENCE_RUNS = 5;
const PARALLEL_RUNS = 2;
const THROUGHPUT_RUNS = 100;
const IN_FLIGHT = 50;
const PARALLEL = 200;

let plainRuns = 0;

function plain(sides: Sides, workflowType: string, ...args: unknown[]): Promise<unknown> {
  plainRuns += 1;
  return sides.plain.workflow.execute(workflowType, {
    taskQueue: sides.plainTaskQueue,
    workflowId: `plain-${process.pid}-${plainRuns}`,
    args,
  });
}

/** Runs the two sides in turn and returns all their times. */
async function inTurn(
  runs: number,
  callOurs: () => Promise<unknown>,
  callPlain: () => Promise<unknown>,
): Promise<{ oursMs: number[]; plainMs: number[] }> {
  await callOurs();
  await callPlain();
  const oursMs: number[] = [];
  const plainMs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    oursMs.push(...(await timeEach(runs, callOurs)));
    plainMs.push(...(await timeEach(runs, callPlain)));
  }
  return { oursMs, plainMs };
}

export async function oneTask(sides: Sides): Promise<Row[]> {
  const taskId = await ours.createTask(sides.ours, "noop", {});
  const { oursMs, plainMs } = await inTurn(
    LATENCY_RUNS,
    () => ours.executeTask(sides.ours, taskId),
    () => plain(sides, "plainOne"),
  );
  return [
    compareTimes("one task, p50", percentile(oursMs, 0.5), percentile(plainMs, 0.5)),
    compareTimes("one task, p95", percentile(oursMs, 0.95), percentile(plainMs, 0.95)),
  ];
}

export async function tenInARow(sides: Sides): Promise<Row[]> {
  const ids = Array.from({ length: 10 }, (_, index) => `n${index}`);
  const workflowId = await ours.createWorkflow(sides.ours, {
    version: 1,
    nodes: ids.map(noopNode),
    edges: ids.slice(1).map((id, index) => ({ source: ids[index], target: id })),
  });
  const { oursMs, plainMs } = await inTurn(
    SEQUENCE_RUNS,
    () => ours.executeWorkflow(sides.ours, workflowId),
    () => plain(sides, "plainTenInARow"),
  );
  return [compareTimes("ten tasks in a row, p50", percentile(oursMs, 0.5), percentile(plainMs, 0.5))];
}

export async function inParallel(sides: Sides): Promise<Row[]> {
  const workflowId = await ours.createWorkflow(sides.ours, {
    version: 1,
    nodes: Array.from({ length: PARALLEL }, (_, index) => noopNode(`n${index}`)),
    edges: [],
  });
  const { oursMs, plainMs } = await inTurn(
    PARALLEL_RUNS,
    () => ours.executeWorkflow(sides.ours, workflowId),
    () => plain(sides, "plainParallel", PARALLEL),
  );
  return [compareTimes(`${PARALLEL} tasks in parallel, p50`, percentile(oursMs, 0.5), percentile(plainMs, 0.5))];
}

export async function manyRuns(sides: Sides): Promise<Row[]> {
  const taskIds = await Promise.all(Array.from({ length: IN_FLIGHT }, () => ours.createTask(sides.ours, "noop", {})));
  const oursRates: number[] = [];
  const plainRates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    oursRates.push(
      await throughput(THROUGHPUT_RUNS, IN_FLIGHT, (lane) => ours.executeTask(sides.ours, taskIds[lane] ?? "")),
    );
    plainRates.push(await throughput(THROUGHPUT_RUNS, IN_FLIGHT, () => plain(sides, "plainOne")));
  }
  const [oursRate, plainRate] = [percentile(oursRates, 0.5), percentile(plainRates, 0.5)];
  return [compareRates(`one-task runs, ${IN_FLIGHT} in flight`, oursRate, plainRate)];
}

/** From the moment a runner says something until a client has it: both clocks are this machine's. */
export async function eventLatency(sides: Sides): Promise<Row[]> {
  const lines = 'for i in 1 2 3 4 5 6 7 8 9 10; do echo "$i"; sleep 0.3; done';
  const taskId = await ours.createTask(sides.ours, "shell", { command: lines });
  const delaysMs: number[] = [];
  await ours.executeTask(sides.ours, taskId, (event) => {
    const said = event.data?.includes('"stdout"') === true ? Date.parse(event.timestamp) : Number.NaN;
    if (!Number.isNaN(said)) delaysMs.push(Date.now() - said);
  });
  if (delaysMs.length < 5) throw new Error(`only ${delaysMs.length} OUTPUT events came`);
  return [{ name: "event, from runner to client, p50", unit: "ms", ours: percentile(delaysMs, 0.5) }];
}

export async function crud(sides: Sides): Promise<Row[]> {
  const taskId = await ours.createTask(sides.ours, "noop", {});
  const rate = async (name: string, call: () => Promise<unknown>): Promise<Row> => ({
    name,
    unit: "/s",
    ours: await throughput(500, 20, call),
  });
  return [
    await rate("CreateTask", () => ours.createTask(sides.ours, "noop", {})),
    await rate("GetTask", () => ours.getTask(sides.ours, taskId)),
    await rate("ListTasks, 100 of them", () => ours.listTasks(sides.ours, 100)),
  ];
}

function noopNode(id: string): object {
  return { id, type: "task", config: { task_type: "noop", config: {} } };
}

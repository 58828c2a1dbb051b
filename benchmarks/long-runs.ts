/** `npm run bench -- --long`: what executions cost that are too long for one run in Temporal, and that their streams have no gap. */
import { join } from "node:path";
import type { ServiceError } from "@grpc/grpc-js";
import type { Client } from "@temporalio/client";
import type { Event, Execution } from "../src/gen/proto/executions";
import { type ChainUse, useOfChain } from "./chain-use";
import { type LiveHeap, readLiveHeap } from "./live-heap";
import { LONG_SCENARIOS, type LongScenario } from "./long-scenarios";
import { connectOurs, createWorkflow, type Ours } from "./ours";
import { memoryMib, start } from "./processes";
import { StreamCheck } from "./stream-check";

const SAMPLE_MS = 250;
const PROBE = join(__dirname, "live-heap-probe.js");

/** One measured execution. */
export interface LongRow extends ChainUse {
  readonly name: string;
  readonly seconds: number;
  readonly streamEvents: number;
  /** Resident memory of the worker before it began, and the most while it ran. */
  readonly workerMib: number;
  readonly peakWorkerMib: number;
  /** With `--heap`. */
  readonly liveHeap?: LiveHeap;
}

/** Runs the long scenarios, each on an API and a worker in processes of their own. */
export async function longRuns(aco: string, temporal: string, client: Client, dataDir: string): Promise<LongRow[]> {
  const rows: LongRow[] = [];
  const only = process.argv.find((argument) => argument.startsWith("--only="))?.slice("--only=".length) ?? "";
  for (const [index, scenario] of LONG_SCENARIOS.entries()) {
    if (!scenario.name.startsWith(only)) continue;
    const folder = join(dataDir, `long-${index}`);
    const env = {
      TEMPORAL_ADDRESS: temporal,
      ACO_TASK_QUEUE: `long-${index}`,
      DATABASE_URL: `file:${join(dataDir, `long-${index}.db`)}`,
    };
    const flags = ["--data-dir", folder, "--format", "json"];
    const api = await start([aco, "server", "start", "--listen", "127.0.0.1:0", ...flags], env);
    const heapFile = join(dataDir, `long-${index}-heap`);
    const probe = process.argv.includes("--heap") ? ["--require", PROBE] : [];
    const worker = await start([...probe, aco, "worker", "start", ...flags], { ...env, BENCH_HEAP_FILE: heapFile });
    try {
      const ours = connectOurs((JSON.parse(api.line) as { grpc: string }).grpc);
      const fromMs = Date.now();
      const measured = await measure(ours, client, worker.pid, scenario);
      const row = probe.length === 0 ? measured : { ...measured, liveHeap: readLiveHeap(heapFile, fromMs, Date.now()) };
      rows.push(row);
      process.stderr.write(`${JSON.stringify(row)}\n`);
    } finally {
      await Promise.all([api.stop(), worker.stop()]);
    }
  }
  return rows;
}

async function measure(ours: Ours, client: Client, workerPid: number, scenario: LongScenario): Promise<LongRow> {
  const workflowId = await createWorkflow(ours, scenario.definition);
  const workerMib = memoryMib(workerPid);
  let peakWorkerMib = workerMib;
  const sampling = setInterval(() => {
    peakWorkerMib = Math.max(peakWorkerMib, memoryMib(workerPid));
  }, SAMPLE_MS);
  try {
    const from = performance.now();
    const executionId = await startWorkflow(ours, workflowId, JSON.stringify(scenario.input));
    const check = new StreamCheck(scenario.instances);
    await watch(ours, executionId, (event) => check.take(event));
    check.end();
    const seconds = (performance.now() - from) / 1_000;
    const { temporalWorkflowId, temporalRunId } = await getExecution(ours, executionId);
    const use = await useOfChain(client, temporalWorkflowId, temporalRunId);
    return { name: scenario.name, seconds, ...use, streamEvents: check.events, workerMib, peakWorkerMib };
  } finally {
    clearInterval(sampling);
  }
}

/** Starts an execution, leaves its stream, and returns its id. */
function startWorkflow(ours: Ours, id: string, input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const stream = ours.workflows.executeWorkflow({ id, input });
    stream.on("data", () => undefined);
    stream.on("error", reject);
    stream.on("metadata", (metadata) => {
      resolve(String(metadata.get("execution-id")[0]));
      stream.cancel();
    });
  });
}

function watch(ours: Ours, id: string, onEvent: (event: Event) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = ours.executions.watchExecution({ id });
    stream.on("data", (event: Event) => {
      try {
        onEvent(event);
      } catch (error) {
        reject(error);
        stream.cancel();
      }
    });
    stream.on("error", reject);
    stream.on("end", () => resolve());
  });
}

function getExecution(ours: Ours, id: string): Promise<Execution> {
  return new Promise((resolve, reject) => {
    const answer = (error: ServiceError | null, execution: Execution) => (error ? reject(error) : resolve(execution));
    ours.executions.getExecution({ id }, answer);
  });
}

/** A table for a terminal. */
export function formatLongRows(rows: readonly LongRow[]): string {
  const number = (value: number) => Math.round(value).toLocaleString("en");
  return rows
    .map((row) =>
      [
        row.name,
        `  time              ${row.seconds.toFixed(1)} s`,
        `  history           ${number(row.events)} events, ${number(row.bytes / 1_024)} KiB, in ${row.runs} runs`,
        `  stream            ${number(row.streamEvents)} events, without a gap`,
        `  worker's memory   ${number(row.workerMib)} MiB before, ${number(row.peakWorkerMib)} MiB at most`,
        ...(row.liveHeap === undefined ? [] : [liveHeapLine(row.liveHeap)]),
      ].join("\n"),
    )
    .join("\n\n");
}

function liveHeapLine({ earlyMib, endMib }: LiveHeap): string {
  return `  what lives of it  ${earlyMib.toFixed(0)} MiB after a fifth of the time, ${endMib.toFixed(0)} MiB at the end`;
}

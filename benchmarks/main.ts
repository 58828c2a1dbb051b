/**
 * Prints, in one run, what we cost beside plain Temporal: the same server, the same worker options, no-op activities. The
 * ratio holds from machine to machine; the absolute figures do not. `--long` runs the long executions in place of that, and
 * `--only=map` those of them whose name begins so; with `--heap` they collect garbage all the time, to show what memory lives.
 * `--find` measures only how executions are found, `--growth` only how the work of one process grows with the size of what it
 * is given. `--json` prints the rows as JSON.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Client, Connection } from "@temporalio/client";
import { findExecutions } from "./find-executions";
import { formatGrowth, growth } from "./growth";
import { formatLongRows, longRuns } from "./long-runs";
import { connectOurs, createTask, executeTask } from "./ours";
import { memoryMib, type Started, start } from "./processes";
import { formatTable, type Row } from "./report";
import { crud, eventLatency, inParallel, manyRuns, oneTask, type Sides, tenInARow } from "./scenarios";

const ACO = resolve(__dirname, "../../../bin/aco.js");
const PLAIN_TASK_QUEUE = "plain";
const ANY_PORTS = ["--listen", "127.0.0.1:0", "--temporal-port", "0", "--ui-port", "0"];

/** Memory of an API and of a worker that run as processes of their own, after they were used once. */
async function memoryOfProcesses(temporal: string, dataDir: string): Promise<Row[]> {
  const env = {
    TEMPORAL_ADDRESS: temporal,
    ACO_TASK_QUEUE: "memory",
    DATABASE_URL: `file:${join(dataDir, "memory.db")}`,
  };
  const flags = ["--data-dir", dataDir, "--format", "json"];
  const api = await start([ACO, "server", "start", "--listen", "127.0.0.1:0", ...flags], env);
  const worker = await start([ACO, "worker", "start", ...flags], env);
  try {
    const ours = connectOurs((JSON.parse(api.line) as { grpc: string }).grpc);
    const taskId = await createTask(ours, "noop", {});
    for (let run = 0; run < 50; run += 1) await executeTask(ours, taskId);
    return [
      { name: "memory of the API", unit: "MiB", ours: memoryMib(api.pid) },
      { name: "memory of the worker", unit: "MiB", ours: memoryMib(worker.pid) },
    ];
  } finally {
    await Promise.all([api.stop(), worker.stop()]);
  }
}

async function main(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), "aco-bench-"));
  const running: Started[] = [];
  try {
    if (process.argv.includes("--growth")) {
      const rows = await growth();
      print(rows, formatGrowth(rows));
      return;
    }
    if (process.argv.includes("--find")) {
      const rows = await findExecutions(ACO, dataDir);
      print(rows, formatTable(rows));
      return;
    }
    const server = await start([ACO, "server", "start-dev", "--data-dir", dataDir, "--format", "json", ...ANY_PORTS]);
    running.push(server);
    const { grpc, temporal } = JSON.parse(server.line) as { grpc: string; temporal: string };
    const connection = await Connection.connect({ address: temporal });
    if (process.argv.includes("--long")) {
      const rows = await longRuns(ACO, temporal, new Client({ connection }), dataDir);
      await connection.close();
      print(rows, formatLongRows(rows));
      return;
    }
    running.push(await start([join(__dirname, "plain-worker.js"), temporal, "default", PLAIN_TASK_QUEUE]));
    const sides: Sides = {
      ours: connectOurs(grpc),
      plain: new Client({ connection }),
      plainTaskQueue: PLAIN_TASK_QUEUE,
    };
    const rows: Row[] = [];
    for (const scenario of [oneTask, tenInARow, inParallel, manyRuns, eventLatency, crud]) {
      rows.push(...(await scenario(sides)));
    }
    rows.push(...(await findExecutions(ACO, dataDir)));
    rows.push({ name: "memory of start-dev, without its Temporal", unit: "MiB", ours: memoryMib(server.pid) });
    rows.push(...(await memoryOfProcesses(temporal, join(dataDir, "processes"))));
    await connection.close();
    print(rows, formatTable(rows));
  } finally {
    for (const started of running.reverse()) await started.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function print(rows: readonly object[], table: string): void {
  process.stdout.write(process.argv.includes("--json") ? `${JSON.stringify(rows, null, 2)}\n` : `${table}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});

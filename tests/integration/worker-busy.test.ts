import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Client, Connection } from "@temporalio/client";
import { turn } from "./busy-workflow";
import { startTestTemporal, type TestTemporal } from "./temporal-server";

/** More than the 5 s after which the SDK ends the code of a run by default. */
const BUSY_MS = 6_500;
const TRIED_TURNS = 100_000_000;

let temporal: TestTemporal;
let connection: Connection;
let worker: ChildProcess | undefined;

beforeAll(async () => {
  temporal = await startTestTemporal();
  connection = await Connection.connect({ address: temporal.address });
}, 120_000);
afterAll(async () => {
  if (worker !== undefined && worker.exitCode === null) {
    worker.kill("SIGTERM");
    await once(worker, "exit");
  }
  await connection?.close();
  await temporal?.stop();
}, 30_000);

test("a worker outlives a run that takes long at a stretch, and the run completes", async () => {
  const hook = join(__dirname, "typescript-hook.cjs");
  const program = require.resolve("./busy-worker");
  worker = spawn(process.execPath, ["-r", hook, program, temporal.address, "busy"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { stdout } = worker;
  if (stdout === null) throw new Error("its output is piped");
  await once(createInterface({ input: stdout }), "line");
  const before = performance.now();
  turn(TRIED_TURNS);
  const turns = Math.ceil((TRIED_TURNS * BUSY_MS) / (performance.now() - before));
  const client = new Client({ connection });
  await client.workflow.execute("busy", {
    taskQueue: "busy",
    workflowId: `busy/${randomUUID()}`,
    args: [turns],
    // On a machine that is slower just then than it was a moment ago.
    workflowTaskTimeout: "60s",
  });
  expect(worker.exitCode).toBeNull();
}, 120_000);

import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WorkflowFailedError, type WorkflowHandle } from "@temporalio/client";
import { ActivityFailure, ApplicationFailure, defaultPayloadConverter } from "@temporalio/common";
import { bundleWorkflowCode, DefaultLogger } from "@temporalio/worker";
import type { JsonObject } from "../../src/core/json";
import { parseTaskConfig } from "../../src/definition/task-types/registry";
import { ACTIVITY_EVENTS_SIGNAL, type RunnerEvent, type RunnerEventBatch } from "../../src/workflows/history-contract";
import { type RunnerWorker, startRunnerWorker } from "./runners-worker";
import { startTestTemporal, type TestTemporal } from "./temporal-server";

/** A real server, and what the tests of runners do with it. One per test file. */
export class RunnersFixture {
  private readonly children: ChildProcess[] = [];
  private readonly workers: RunnerWorker[] = [];

  private constructor(
    readonly temporal: TestTemporal,
    readonly folder: string,
    private readonly bundle: { code: string },
  ) {}

  static async start(): Promise<RunnersFixture> {
    const folder = await mkdtemp(join(tmpdir(), "aco-runners-"));
    const bundling = bundleWorkflowCode({
      workflowsPath: require.resolve("./runners-workflow"),
      logger: new DefaultLogger("ERROR"),
    });
    const bundle = await bundling;
    const temporal = await startTestTemporal();
    await writeFile(join(folder, "bundle.js"), bundle.code);
    return new RunnersFixture(temporal, folder, bundle);
  }

  async stop(): Promise<void> {
    for (const child of this.children) child.kill("SIGKILL");
    for (const worker of this.workers) await worker.close();
    await this.temporal.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  async startWorker(taskQueue: string): Promise<RunnerWorker> {
    const { address } = this.temporal;
    const worker = await startRunnerWorker({ address, taskQueue, bundle: this.bundle, dataDir: this.folder });
    this.workers.push(worker);
    return worker;
  }

  /** A worker in a process of its own, that a test may kill. */
  async startChildWorker(taskQueue: string): Promise<ChildProcess> {
    const hook = join(__dirname, "typescript-hook.cjs");
    const main = join(__dirname, "runners-child-worker.ts");
    const bundle = join(this.folder, "bundle.js");
    const child = spawn(process.execPath, ["-r", hook, main, this.temporal.address, taskQueue, bundle, this.folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.children.push(child);
    await once(child.stdout, "data");
    return child;
  }

  async startTask(
    worker: Pick<RunnerWorker, "client">,
    taskQueue: string,
    taskType: string,
    config: JsonObject,
    extra: { readonly signalBudget?: number; readonly nodeId?: string } = {},
  ): Promise<StartedTask> {
    const parsed = parseTaskConfig(taskType, config);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
    const executionId = randomUUID();
    const { options } = parsed.value;
    const handle = await worker.client.workflow.start("runOneTask", {
      taskQueue,
      workflowId: `test/${executionId}`,
      args: [taskType, { executionId, config, options, signalBudget: 8_000, ...extra }],
    });
    const workspace = join(this.folder, "workspaces", "executions", executionId);
    const path = (name: string) => join(workspace, name);
    return { handle, executionId, path, file: (name) => readFile(path(name), "utf8") };
  }
}

export interface StartedTask {
  readonly handle: WorkflowHandle;
  readonly executionId: string;
  /** Where a file of the task's workspace is. */
  path(name: string): string;
  /** Reads a file of the task's workspace. */
  file(name: string): Promise<string>;
}

/** How a task failed: what the activity's last failure said. Fails the test where the task did not fail. */
export async function failureOf(handle: WorkflowHandle) {
  const error = await handle.result().then(
    (output: unknown) => {
      throw new Error(`it did not fail: ${JSON.stringify(output)}`);
    },
    (error: unknown) => error,
  );
  const failure = error instanceof WorkflowFailedError ? error.cause : error;
  const cause = failure instanceof ActivityFailure ? failure.cause : failure;
  if (!(cause instanceof ApplicationFailure)) throw cause;
  return { code: cause.type, message: cause.message, details: cause.details?.[0] as JsonObject };
}

/** The batches of runner events in a run's history, in order. */
export async function batchesOf(handle: WorkflowHandle): Promise<RunnerEventBatch[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap((event) => {
    const signal = event.workflowExecutionSignaledEventAttributes;
    const payload = signal?.input?.payloads?.[0];
    if (signal?.signalName !== ACTIVITY_EVENTS_SIGNAL || !payload) return [];
    return [defaultPayloadConverter.fromPayload<RunnerEventBatch>(payload)];
  });
}

export async function eventsOf(handle: WorkflowHandle): Promise<RunnerEvent[]> {
  return (await batchesOf(handle)).flatMap(({ events }) => events);
}

/** All text of a stream, with what went to the store. */
export async function textOf(handle: WorkflowHandle, worker: RunnerWorker, stream = "stdout"): Promise<string> {
  let text = "";
  for (const { type, data } of await eventsOf(handle)) {
    if (type === "OUTPUT" && data["stream"] === stream) text += await outputText(data, worker);
  }
  return text;
}

async function outputText({ text, reference }: JsonObject, { store }: RunnerWorker): Promise<string> {
  if (typeof reference !== "string") return String(text);
  const bytes = await store.getBlob(reference);
  return Buffer.from(bytes ?? []).toString("utf8");
}

/** Waits until `condition` gives something truthy; rejects after `timeoutMs`. */
export async function until<T>(condition: () => Promise<T> | T, timeoutMs = 20_000): Promise<NonNullable<T>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await Promise.resolve(condition()).catch(() => undefined);
    if (value) return value as NonNullable<T>;
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** True while a process of this id runs. A zombie counts as gone: nobody reaps orphans in some containers. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return !/^\d+ \(.*\) Z/s.test(status);
}

import { randomUUID } from "node:crypto";
import { createConcurrencyActivities } from "../../src/activities/concurrency-slots";
import { createStatePartActivities } from "../../src/activities/state-parts";
import type { JsonObject, JsonValue } from "../../src/core/json";
import { type Logger, silentLogger } from "../../src/core/logger";
import { LATEST_TARIFF } from "../../src/definition/expressions/fuel";
import type { Definition } from "../../src/definition/graph-types";
import { parseDefinition } from "../../src/definition/parse-definition";
import type { TaskOptions } from "../../src/definition/task-options";
import type { ExecutionEvent } from "../../src/events/event-types";
import { connectTemporal, type TemporalConnection } from "../../src/temporal/connect";
import type { RecordWriter } from "../../src/temporal/record-sinks";
import { createRuns } from "../../src/temporal/runs";
import type { EventStreams, RunReference, Runs, StartedRun } from "../../src/temporal/runs-port";
import { createEventStreams, type EventStreamsOptions } from "../../src/temporal/streams";
import { type Activities, type RunningWorker, startWorker } from "../../src/temporal/worker";
import { ENGINE_VERSION, type GraphRunInput, type TaskRunInput } from "../../src/workflows/history-contract";
import type { EndRecord, StartRecord } from "../../src/workflows/run-records";
import { scriptedActivities } from "./runs-activities";

export const TASK_QUEUE = "runs-test";

export const OPTIONS: TaskOptions = {
  maxAttempts: 1,
  initialIntervalMs: 50,
  maxIntervalMs: 1_000,
  backoff: 1,
  nonRetryable: [],
  attemptTimeoutMs: 60_000,
  heartbeatTimeoutMs: 3_000,
};

/** One process's worth of what runs use: a connection, a worker with scripted tasks, runs and streams. */
export interface RunsFixture {
  readonly temporal: TemporalConnection;
  readonly runs: Runs;
  readonly streams: EventStreams;
  /** What the record activities were called with. */
  readonly started: StartRecord[];
  readonly ended: EndRecord[];
  /** States that are on their way from one run of a chain to the next. */
  readonly blobs: ReadonlyMap<string, Uint8Array>;
  close(): Promise<void>;
}

export async function startRunsFixture(
  address: string,
  options: {
    readonly worker?: boolean;
    readonly activities?: Activities;
    readonly records?: Partial<RecordWriter>;
    readonly taskQueue?: string;
    readonly ringLimits?: EventStreamsOptions["ringLimits"];
    readonly logger?: Logger;
  } = {},
): Promise<RunsFixture> {
  const { logger = silentLogger, taskQueue = TASK_QUEUE } = options;
  const temporal = await connectTemporal({ address, namespace: "default", logger });
  const { client } = temporal;
  const started: StartRecord[] = [];
  const ended: EndRecord[] = [];
  const records = {
    started: async (record: StartRecord) => void started.push(record),
    ended: async (record: EndRecord) => {
      if (record.started !== undefined) started.push(record.started);
      ended.push(record);
    },
  };
  const blobs = new Map<string, Uint8Array>();
  let worker: RunningWorker | undefined;
  if (options.worker !== false) {
    const activities = {
      ...scriptedActivities(client),
      ...createConcurrencyActivities(client),
      ...createStatePartActivities(memoryOf(blobs)),
      ...options.activities,
    };
    worker = await startWorker({
      temporal,
      taskQueue,
      activities,
      records: { ...records, ...options.records },
      logger,
    });
  }
  const streams = createEventStreams({
    client,
    logger,
    ...(options.ringLimits === undefined ? {} : { ringLimits: options.ringLimits }),
  });
  return {
    temporal,
    runs: createRuns({ client, taskQueue }),
    streams,
    started,
    ended,
    blobs,
    async close() {
      await streams.close();
      await worker?.close();
      await temporal.close();
    },
  };
}

function memoryOf(blobs: Map<string, Uint8Array>): Parameters<typeof createStatePartActivities>[0] {
  return {
    putBlob: async ({ reference, data }) => void blobs.set(reference, data),
    getBlob: async (reference) => blobs.get(reference) ?? null,
    deleteBlobs: async (references) => {
      for (const reference of references) blobs.delete(reference);
    },
  };
}

export function taskInput(config: JsonObject, more: Partial<TaskRunInput> = {}): TaskRunInput {
  return {
    engineVersion: ENGINE_VERSION,
    executionId: randomUUID(),
    taskId: randomUUID(),
    title: "A task",
    taskType: "shell",
    config,
    workspacePath: "/nowhere",
    options: OPTIONS,
    ...more,
  };
}

/** A node whose scripted task does what the command says; see `runs-activities.ts`. */
export function scripted(id: string, command: string, more: JsonObject = {}): Definition["nodes"][number] {
  return { id, type: "task", config: { task_type: "shell", config: { command } }, ...more };
}

export function graphInput(
  definition: Definition,
  input: JsonValue = {},
  more: Partial<GraphRunInput> = {},
): GraphRunInput {
  const parsed = parseDefinition(definition);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return {
    engineVersion: ENGINE_VERSION,
    announcesApprovals: true,
    announcesWaits: true,
    tariff: LATEST_TARIFF,
    executionId: randomUUID(),
    workflowId: randomUUID(),
    workflowVersion: 1,
    name: "A workflow",
    snapshot: { definition: parsed.value, hash: "0".repeat(64), tasks: {} },
    input,
    ...more,
  };
}

export async function startTask(fixture: RunsFixture, config: JsonObject, more: Partial<TaskRunInput> = {}) {
  return await fixture.runs.startTask(taskInput(config, more), "hash");
}

export async function startGraph(
  fixture: RunsFixture,
  definition: Definition,
  input?: JsonValue,
  more?: Partial<GraphRunInput>,
): Promise<StartedRun> {
  return await fixture.runs.startGraph(graphInput(definition, input, more), "hash");
}

export async function collect(
  streams: EventStreams,
  run: RunReference,
  after?: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<ExecutionEvent[]> {
  const events: ExecutionEvent[] = [];
  const options = { signal, ...(after === undefined ? {} : { after }) };
  for await (const event of streams.watch(run, options)) events.push(event);
  return events;
}

export const typesOf = (events: readonly ExecutionEvent[]): string[] =>
  events.map(({ type, nodeId }) => (nodeId === undefined ? type : `${type} ${nodeId}`));

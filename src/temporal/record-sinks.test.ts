import type { WorkflowInfo } from "@temporalio/workflow";
import { silentLogger } from "../core/logger";
import type { EndRecord, StartRecord } from "../workflows/run-records";
import { createRecordSinks, MAX_WAIT_MS, type RecordWriter, START_RECORD_DELAY_MS } from "./record-sinks";

const START: StartRecord = {
  executionId: "e",
  kind: "task",
  subjectId: "t",
  temporalWorkflowId: "task/t",
  temporalRunId: "r",
  startedAt: "2026-01-01T00:00:00.000Z",
  input: {},
};
const END: EndRecord = { executionId: "e", status: "COMPLETED", completedAt: "2026-01-01T00:00:00.000Z" };

const RUN = {} as WorkflowInfo;

function recordSinks(writer: Partial<RecordWriter>) {
  const { started = async () => undefined, ended = async () => undefined } = writer;
  return createRecordSinks({ started, ended }, silentLogger).records;
}

afterEach(() => {
  jest.useRealTimers();
});

test("the end of a run waits until its record is written, over failures", async () => {
  const written: EndRecord[] = [];
  let tries = 0;
  const ended = async (record: EndRecord) => {
    tries += 1;
    if (tries < 3) throw new Error("the database is away");
    written.push(record);
  };
  await recordSinks({ ended }).ended.fn(RUN, END);
  expect(written).toEqual([END]);
});

test("a database that does not answer holds the end up for a second at most, and is tried on", async () => {
  const startMs = performance.now();
  let answer: (() => void) | undefined;
  let written = false;
  const ended = async () => {
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    written = true;
  };
  await recordSinks({ ended }).ended.fn(RUN, END);
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(MAX_WAIT_MS - 50);
  expect(written).toBe(false);
  answer?.();
  await new Promise((resolve) => setImmediate(resolve));
  expect(written).toBe(true);
});

test("a start is recorded once, after a second, however often the run is replayed meanwhile", async () => {
  jest.useFakeTimers();
  const written: StartRecord[] = [];
  const sinks = recordSinks({ started: async (record) => void written.push(record) });
  void sinks.started.fn(RUN, START);
  void sinks.started.fn(RUN, START);
  await jest.advanceTimersByTimeAsync(START_RECORD_DELAY_MS - 1);
  expect(written).toEqual([]);
  await jest.advanceTimersByTimeAsync(1);
  expect(written).toEqual([START]);
});

test("a start is tried again while the database is away", async () => {
  let tries = 0;
  const written = new Promise<void>((resolve) => {
    const started = async () => {
      tries += 1;
      if (tries < 3) throw new Error("the database is away");
      resolve();
    };
    void recordSinks({ started }).started.fn(RUN, START);
  });
  await written;
  expect(tries).toBe(3);
});

test("a run that ends before its start is recorded has no record but the end's", async () => {
  jest.useFakeTimers();
  const written: StartRecord[] = [];
  const sinks = recordSinks({ started: async (record) => void written.push(record) });
  void sinks.started.fn(RUN, START);
  await sinks.ended.fn(RUN, END);
  await jest.advanceTimersByTimeAsync(2 * START_RECORD_DELAY_MS);
  expect(written).toEqual([]);
});

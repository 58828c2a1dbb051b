import type { WorkflowInfo } from "@temporalio/workflow";
import { silentLogger } from "../core/logger";
import type { EndRecord } from "../workflows/history-contract";
import { createRecordSinks, MAX_WAIT_MS, type WriteEnd } from "./record-sinks";

const RECORD: EndRecord = { executionId: "e", status: "COMPLETED", completedAt: "2026-01-01T00:00:00.000Z" };

async function end(write: WriteEnd): Promise<void> {
  await createRecordSinks(write, silentLogger).records.ended.fn({} as WorkflowInfo, RECORD);
}

test("the end of a run waits until its record is written, over failures", async () => {
  const written: EndRecord[] = [];
  let tries = 0;
  await end(async (record) => {
    tries += 1;
    if (tries < 3) throw new Error("the database is away");
    written.push(record);
  });
  expect(written).toEqual([RECORD]);
});

test("a database that does not answer holds the end up for a second at most, and is tried on", async () => {
  const startMs = performance.now();
  let answer: (() => void) | undefined;
  let written = false;
  await end(async () => {
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    written = true;
  });
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(MAX_WAIT_MS - 50);
  expect(written).toBe(false);
  answer?.();
  await new Promise((resolve) => setImmediate(resolve));
  expect(written).toBe(true);
});

import type { EndedExecution, StartedExecution } from "../store/store-port";
import { createRecordWriter } from "./record-writer";

const ID = "0192f0c1-0000-7000-8000-000000000000";

test("records of a run reach the store with ids and times of the domain", async () => {
  const started: StartedExecution[] = [];
  const ended: EndedExecution[] = [];
  const writer = createRecordWriter({
    recordStarted: async (execution) => void started.push(execution),
    recordEnded: async (execution) => ended.push(execution),
  });
  const start = { kind: "task", subjectId: ID, temporalWorkflowId: "w", temporalRunId: "r", input: { a: 1 } } as const;
  await writer.started({ ...start, executionId: ID, startedAt: "2026-01-01T00:00:00.000Z" });
  const end = { executionId: ID, status: "FAILED", completedAt: "2026-01-01T00:00:01.000Z" } as const;
  await writer.ended(end);
  await writer.ended({
    ...end,
    started: { ...start, executionId: ID, startedAt: "2026-01-01T00:00:00.000Z" },
  });
  const storedStart = { ...start, id: ID, startedAt: new Date("2026-01-01T00:00:00.000Z") };
  const storedEnd = { id: ID, status: "FAILED", completedAt: new Date("2026-01-01T00:00:01.000Z") };
  expect(started).toEqual([storedStart]);
  expect(ended).toEqual([storedEnd, { ...storedEnd, started: storedStart }]);
});

test("a record without a proper execution id is refused", async () => {
  const writer = createRecordWriter({
    recordStarted: () => Promise.reject(new Error("must not be reached")),
    recordEnded: () => Promise.reject(new Error("must not be reached")),
  });
  const record = { executionId: "nonsense", status: "FAILED", completedAt: "2026-01-01T00:00:01.000Z" } as const;
  await expect(writer.ended(record)).rejects.toThrow("UUID");
});

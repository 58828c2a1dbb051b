import { fc } from "../../tests/property";
import { parseExecutionId, parseTaskId, parseWorkflowId } from "../core/ids";
import type { JsonObject } from "../core/json";
import { decodeExecution, encodeEnded, encodeStarted } from "./execution-rows";
import { EXECUTION_STATUSES, TASK_STATUSES, WORKFLOW_STATUSES } from "./records";
import { decodeTask, encodeTask } from "./task-rows";
import { decodeWorkflow, decodeWorkflowVersion, encodeWorkflow, encodeWorkflowVersion } from "./workflow-rows";

const time = fc.date({ noInvalidDate: true });
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
// Text without the characters that no database keeps; those are `storable-text.test.ts`'s.
const text = fc.string({ unit: "grapheme" }).filter((value) => !value.includes("\0"));
// As parsed from JSON: -0 is gone, and `__proto__` is a key like any other.
const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);
const object = fc.dictionary(fc.string(), json).map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);
const taskId = fc.uuid().map((id) => parseTaskId(id));
const executionId = fc.uuid().map((id) => parseExecutionId(id));
const workflowId = fc.uuid().map((id) => parseWorkflowId(id));

test("a task comes back from its row as it went in", () => {
  const task = fc.record({
    id: taskId,
    title: text,
    description: text,
    taskType: text,
    status: fc.constantFrom(...TASK_STATUSES),
    config: object,
    metadata: object,
    workspacePath: text,
    createdAt: time,
    updatedAt: time,
    startedAt: orNull(time),
    completedAt: orNull(time),
    error: orNull(text),
    lastExecutionId: orNull(executionId),
  });
  fc.assert(fc.property(task, (record) => expect(decodeTask(encodeTask(record))).toEqual(record)));
});

test("a workflow and its versions come back from their rows as they went in", () => {
  const workflow = fc.record({
    id: workflowId,
    name: text,
    description: text,
    status: fc.constantFrom(...WORKFLOW_STATUSES),
    definition: object,
    definitionHash: fc.stringMatching(/^[0-9a-f]{64}$/),
    version: fc.nat(),
    taskIds: fc.array(taskId),
    createdAt: time,
    updatedAt: time,
  });
  fc.assert(
    fc.property(workflow, (record) => {
      const tasks = record.taskIds.map((taskId) => ({ taskId }));
      expect(decodeWorkflow({ ...encodeWorkflow(record), tasks })).toEqual(record);
      const { id, version, definition, definitionHash, createdAt } = record;
      const versionRecord = { workflowId: id, version, definition, definitionHash, createdAt };
      expect(decodeWorkflowVersion(encodeWorkflowVersion(versionRecord))).toEqual(versionRecord);
    }),
  );
});

test("an execution comes back from its row as it was started and ended", () => {
  const start = fc.record({
    id: executionId,
    kind: fc.constantFrom("task", "workflow"),
    subjectId: fc.uuid(),
    temporalWorkflowId: text,
    temporalRunId: text,
    definitionHash: fc.stringMatching(/^[0-9a-f]{64}$/),
    workflowVersion: fc.nat(),
    input: json,
    displayName: text,
    labels: fc.dictionary(text, text),
    origin: fc.record({ scheduleId: text, webhookName: text, causedById: executionId, chainDepth: fc.nat() }),
    redrivenFrom: executionId,
    startedAt: time,
  });
  const end = fc.record({
    status: fc.constantFrom("COMPLETED", "FAILED", "CANCELLED"),
    completedAt: time,
    output: json,
    failure: fc.record({ code: text, message: text }),
    nodeId: text,
  });
  fc.assert(
    fc.property(start, end, fc.array(executionId), (started, ended, redrivenAs) => {
      const row = { ...encodeStarted(started), ...encodeEnded({ ...ended, id: started.id }) };
      const { origin, ...rest } = started;
      expect(decodeExecution(row, redrivenAs)).toEqual({
        ...rest,
        ...origin,
        redrivenAs,
        status: ended.status,
        completedAt: ended.completedAt,
        createdAt: started.startedAt,
        output: ended.output,
        outputBytes: Buffer.byteLength(JSON.stringify(ended.output)),
        error: ended.failure.message,
        errorCode: ended.failure.code,
        errorNodeId: ended.nodeId,
      });
      expect(EXECUTION_STATUSES).toContain(row.status);
    }),
  );
});

test("an execution without output and failure has none", () => {
  const id = parseExecutionId("00000000-0000-7000-8000-000000000000");
  const ended = encodeEnded({ id, status: "COMPLETED", completedAt: new Date(0) });
  expect(ended).toMatchObject({ output: null, outputBytes: null, error: null, errorCode: null, errorNodeId: null });
});

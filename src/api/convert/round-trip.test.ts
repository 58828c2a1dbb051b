import { fc } from "../../../tests/property";
import { parseExecutionId, parseTaskId, parseWorkflowId } from "../../core/ids";
import type { JsonObject, JsonValue } from "../../core/json";
import { EVENT_TYPES, type ExecutionEvent } from "../../events/event-types";
import { Event, Execution, WorkflowVersion } from "../../gen/proto/executions";
import { Task, ExecutionEvent as WireTaskEvent } from "../../gen/proto/tasks";
import { Workflow, WorkflowEvent } from "../../gen/proto/workflows";
import {
  EXECUTION_KINDS,
  EXECUTION_STATUSES,
  type ExecutionRecord,
  TASK_STATUSES,
  type TaskRecord,
  WORKFLOW_STATUSES,
  type WorkflowRecord,
  type WorkflowVersionRecord,
} from "../../store/records";
import { decodeEvent, encodeEvent } from "./event";
import { decodeExecution, encodeExecution } from "./execution";
import { decodeTask, encodeTask } from "./task";
import { decodeTaskEvent, encodeTaskEvent } from "./task-event";
import { decodeWorkflow, encodeWorkflow } from "./workflow";
import { decodeWorkflowEvent, encodeWorkflowEvent } from "./workflow-event";
import { decodeWorkflowVersion, encodeWorkflowVersion } from "./workflow-version";

const id = fc.uuid();
const text = fc.string({ unit: "grapheme" });
const someText = text.filter((value) => value !== "");
const date = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date("9999-12-31T23:59:59.999Z") });
const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as JsonValue);
const jsonObject = fc.dictionary(text, json).map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });

/** Through the bytes of a message, as a client gets it. */
function overTheWire<Message>(
  codec: { encode(message: Message): { finish(): Uint8Array }; decode(bytes: Uint8Array): Message },
  message: Message,
): Message {
  return codec.decode(codec.encode(message).finish());
}

const task: fc.Arbitrary<TaskRecord> = fc.record({
  id: id.map((value) => parseTaskId(value)),
  title: text,
  description: text,
  taskType: text,
  status: fc.constantFrom(...TASK_STATUSES),
  config: jsonObject,
  metadata: jsonObject,
  workspacePath: text,
  createdAt: date,
  updatedAt: date,
  startedAt: orNull(date),
  completedAt: orNull(date),
  error: orNull(text),
  lastExecutionId: orNull(id.map((value) => parseExecutionId(value))),
});

it("gives every task back as it was", () => {
  fc.assert(
    fc.property(task, (record) => {
      expect(decodeTask(overTheWire(Task, encodeTask(record)), record.lastExecutionId)).toEqual(record);
    }),
  );
});

const workflow: fc.Arbitrary<WorkflowRecord> = fc.record({
  id: id.map((value) => parseWorkflowId(value)),
  name: text,
  description: text,
  status: fc.constantFrom(...WORKFLOW_STATUSES),
  definition: jsonObject,
  definitionHash: text,
  version: fc.nat(),
  taskIds: fc.array(id.map((value) => parseTaskId(value))),
  createdAt: date,
  updatedAt: date,
});

it("gives every workflow back as it was", () => {
  fc.assert(
    fc.property(workflow, (record) => {
      const { definitionHash, version } = record;
      const decoded = decodeWorkflow(overTheWire(Workflow, encodeWorkflow(record)), { definitionHash, version });
      expect(decoded).toEqual(record);
    }),
  );
});

const execution: fc.Arbitrary<ExecutionRecord> = fc.record(
  {
    id: id.map((value) => parseExecutionId(value)),
    kind: fc.constantFrom(...EXECUTION_KINDS),
    subjectId: id,
    status: fc.constantFrom(...EXECUTION_STATUSES),
    temporalWorkflowId: text,
    temporalRunId: orNull(someText),
    definitionHash: orNull(text),
    workflowVersion: orNull(fc.nat()),
    input: json,
    output: json,
    outputBytes: orNull(fc.nat()),
    error: orNull(text),
    errorCode: orNull(text),
    errorNodeId: orNull(text),
    displayName: orNull(text),
    scheduleId: orNull(text),
    webhookName: orNull(text),
    causedById: orNull(id.map((value) => parseExecutionId(value))),
    chainDepth: orNull(fc.nat()),
    // The generated decoder cannot carry it, and no start may have it.
    labels: fc.dictionary(
      someText.filter((key) => key !== "__proto__"),
      text,
    ),
    redrivenFrom: orNull(fc.uuid({ version: 7 })),
    redrivenAs: fc.array(
      fc.uuid({ version: 7 }).map((id) => parseExecutionId(id)),
      { maxLength: 3 },
    ),
    createdAt: date,
    startedAt: orNull(date),
    completedAt: orNull(date),
  },
  {
    requiredKeys: [
      ...["displayName", "labels", "scheduleId", "webhookName", "causedById", "chainDepth"],
      ...["displayName", "labels", "redrivenFrom", "redrivenAs"],
      ...["id", "kind", "subjectId", "status", "temporalWorkflowId", "temporalRunId", "definitionHash"],
      ...["workflowVersion", "outputBytes", "error", "errorCode", "errorNodeId", "createdAt", "startedAt"],
      "completedAt",
    ] as (keyof ExecutionRecord)[],
  },
) as fc.Arbitrary<ExecutionRecord>;

it("gives every execution back as it was, with and without its input and output", () => {
  fc.assert(
    fc.property(execution, (record) => {
      expect(decodeExecution(overTheWire(Execution, encodeExecution(record)))).toEqual(record);
    }),
  );
});

const event: fc.Arbitrary<ExecutionEvent> = fc
  .record({
    offset: someText,
    type: fc.constantFrom(...EVENT_TYPES),
    timestamp: date.map((value) => value.toISOString()),
    nodeId: fc.option(text, { nil: undefined }),
    data: jsonObject.filter((data) => !("offset" in data)),
    error: fc.option(text, { nil: undefined }),
  })
  .map(({ nodeId, error, ...rest }) => ({
    ...rest,
    ...(nodeId === undefined ? {} : { nodeId }),
    ...(error === undefined ? {} : { error }),
  }));

it("gives every event back as it was", () => {
  fc.assert(
    fc.property(event, (original) => {
      expect(decodeEvent(overTheWire(Event, encodeEvent("execution", original)))).toEqual(original);
    }),
  );
});

it("gives back the events that ExecuteTask carries, with the offset in their data, and leaves out the others", () => {
  fc.assert(
    fc.property(event, ({ nodeId: _, ...original }) => {
      const encoded = encodeTaskEvent("task", original);
      const isCarried = !["NODE_ENTERED", "NODE_COMPLETED", "CHECKPOINT"].includes(original.type);
      expect(encoded !== undefined).toBe(isCarried);
      if (encoded === undefined) return;
      expect(JSON.parse(encoded.data ?? "")).toMatchObject({ offset: original.offset });
      expect(decodeTaskEvent(overTheWire(WireTaskEvent, encoded))).toEqual(original);
    }),
  );
});

it("gives back the events that ExecuteWorkflow carries, with the offset in their data, and leaves out the others", () => {
  fc.assert(
    fc.property(event, (original) => {
      const encoded = encodeWorkflowEvent("workflow", original);
      const isCarried = !["PROGRESS", "OUTPUT", "TOOL_CALL", "TOOL_RESULT"].includes(original.type);
      expect(encoded !== undefined).toBe(isCarried);
      if (encoded === undefined) return;
      expect(decodeWorkflowEvent(overTheWire(WorkflowEvent, encoded))).toEqual(original);
    }),
  );
});

it("refuses to decode what no server of this version sends", () => {
  const wire = { ...encodeTask(fc.sample(task, 1)[0] as TaskRecord), status: 99 };
  expect(() => decodeTask(wire)).toThrow("unknown task status 99");
});

const workflowVersion: fc.Arbitrary<WorkflowVersionRecord> = fc.record(
  {
    workflowId: id.map((value) => parseWorkflowId(value)),
    version: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    definitionHash: text,
    createdAt: date,
    definition: jsonObject,
  },
  { requiredKeys: ["workflowId", "version", "definitionHash", "createdAt"] },
);

it("gives every version of a workflow back as it was", () => {
  fc.assert(
    fc.property(workflowVersion, (record) => {
      expect(decodeWorkflowVersion(overTheWire(WorkflowVersion, encodeWorkflowVersion(record)))).toEqual(record);
    }),
  );
});

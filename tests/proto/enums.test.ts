import { EVENT_TYPES, RUNNER_EVENT_TYPES } from "../../src/events/event-types";
import * as postgresql from "../../src/gen/prisma/postgresql/enums";
import * as sqlite from "../../src/gen/prisma/sqlite/enums";
import { EventType, ExecutionKind, ExecutionStatus } from "../../src/gen/proto/executions";
import { HealthStatus } from "../../src/gen/proto/health";
import { ExecutionEventType, TaskStatus } from "../../src/gen/proto/tasks";
import { WorkflowEventType, WorkflowStatus } from "../../src/gen/proto/workflows";
import { EXECUTION_KINDS, EXECUTION_STATUSES, TASK_STATUSES, WORKFLOW_STATUSES } from "../../src/store/records";

type GeneratedEnum = Readonly<Record<string, string | number>>;

/** An enum's values by name; TypeScript keeps the reverse of it in the same object. */
function valuesOf(generated: GeneratedEnum): Record<string, number> {
  const pairs = Object.entries(generated).flatMap(([name, value]) =>
    typeof value === "number" ? [[name, value]] : [],
  );
  return Object.fromEntries(pairs) as Record<string, number>;
}

/** The names without their prefix and without UNSPECIFIED, sorted. */
function namesOf(generated: GeneratedEnum, prefix: string): string[] {
  const names = Object.keys(valuesOf(generated)).map((name) => {
    expect(name.startsWith(prefix)).toBe(true);
    return name.slice(prefix.length);
  });
  return names.filter((name) => name !== "UNSPECIFIED").sort();
}

const upperCased = (values: readonly string[]): string[] => values.map((value) => value.toUpperCase()).sort();

describe("every enum has exactly the contract's values", () => {
  test("TaskStatus", () => {
    expect(valuesOf(TaskStatus)).toEqual({
      TASK_STATUS_UNSPECIFIED: 0,
      TASK_STATUS_PENDING: 1,
      TASK_STATUS_RUNNING: 2,
      TASK_STATUS_COMPLETED: 3,
      TASK_STATUS_FAILED: 4,
      TASK_STATUS_CANCELLED: 5,
    });
  });

  test("ExecutionEventType", () => {
    expect(valuesOf(ExecutionEventType)).toEqual({
      EXECUTION_EVENT_TYPE_UNSPECIFIED: 0,
      EXECUTION_EVENT_TYPE_STARTED: 1,
      EXECUTION_EVENT_TYPE_PROGRESS: 2,
      EXECUTION_EVENT_TYPE_OUTPUT: 3,
      EXECUTION_EVENT_TYPE_COMPLETED: 4,
      EXECUTION_EVENT_TYPE_FAILED: 5,
      EXECUTION_EVENT_TYPE_TOOL_CALL: 6,
      EXECUTION_EVENT_TYPE_TOOL_RESULT: 7,
    });
  });

  test("WorkflowStatus", () => {
    expect(valuesOf(WorkflowStatus)).toEqual({
      WORKFLOW_STATUS_UNSPECIFIED: 0,
      WORKFLOW_STATUS_DRAFT: 1,
      WORKFLOW_STATUS_ACTIVE: 2,
      WORKFLOW_STATUS_ARCHIVED: 3,
    });
  });

  test("WorkflowEventType", () => {
    expect(valuesOf(WorkflowEventType)).toEqual({
      WORKFLOW_EVENT_TYPE_UNSPECIFIED: 0,
      WORKFLOW_EVENT_TYPE_STARTED: 1,
      WORKFLOW_EVENT_TYPE_NODE_ENTERED: 2,
      WORKFLOW_EVENT_TYPE_NODE_COMPLETED: 3,
      WORKFLOW_EVENT_TYPE_CHECKPOINT: 4,
      WORKFLOW_EVENT_TYPE_COMPLETED: 5,
      WORKFLOW_EVENT_TYPE_FAILED: 6,
    });
  });

  test("HealthStatus", () => {
    expect(valuesOf(HealthStatus)).toEqual({
      HEALTH_STATUS_UNSPECIFIED: 0,
      HEALTH_STATUS_SERVING: 1,
      HEALTH_STATUS_NOT_SERVING: 2,
      HEALTH_STATUS_UNKNOWN: 3,
    });
  });
});

describe("every stored state has its value on the wire, and the wire has no other", () => {
  test.each<[string, GeneratedEnum, string, readonly string[]]>([
    ["TaskStatus", TaskStatus, "TASK_STATUS_", TASK_STATUSES],
    ["WorkflowStatus", WorkflowStatus, "WORKFLOW_STATUS_", WORKFLOW_STATUSES],
    ["ExecutionStatus", ExecutionStatus, "EXECUTION_STATUS_", EXECUTION_STATUSES],
    ["ExecutionKind", ExecutionKind, "EXECUTION_KIND_", EXECUTION_KINDS],
    ["EventType", EventType, "EVENT_TYPE_", EVENT_TYPES],
  ])("%s", (_name, generated, prefix, stored) => {
    expect(namesOf(generated, prefix)).toEqual(upperCased(stored));
  });
});

describe.each([
  ["SQLite", sqlite],
  ["PostgreSQL", postgresql],
])("the enums of %s hold exactly what records may say", (_database, enums) => {
  test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ["TaskStatus", enums.TaskStatus, TASK_STATUSES],
    ["WorkflowStatus", enums.WorkflowStatus, WORKFLOW_STATUSES],
    ["ExecutionStatus", enums.ExecutionStatus, EXECUTION_STATUSES],
    ["ExecutionKind", enums.ExecutionKind, EXECUTION_KINDS],
  ])("%s", (_name, columns, stored) => {
    expect(Object.values(columns).sort()).toEqual([...stored].sort());
  });
});

describe("events", () => {
  test("all that a runner says can be told in a task's stream", () => {
    const told = namesOf(ExecutionEventType, "EXECUTION_EVENT_TYPE_");
    expect(told).toEqual(upperCased([...RUNNER_EVENT_TYPES, "STARTED", "COMPLETED", "FAILED"]));
  });

  test("the streams of tasks and workflows together tell every event there is", () => {
    const told = [
      ...namesOf(ExecutionEventType, "EXECUTION_EVENT_TYPE_"),
      ...namesOf(WorkflowEventType, "WORKFLOW_EVENT_TYPE_"),
    ];
    expect([...new Set(told)].sort()).toEqual(upperCased(EVENT_TYPES));
  });
});

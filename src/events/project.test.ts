import type { JsonValue } from "../core/json";
import type { ExecutionEvent } from "./event-types";
import type { HistoryFact, HistoryItem } from "./history-item";
import { project } from "./project";
import { emptyProjection } from "./projection-state";

const RUN = "01a202f1-c195-7d19-84ea-944f95f728a2";
const EXECUTION = "0192f0c1-0000-7000-8000-000000000001";
const START_MS = Date.parse("2026-01-02T03:04:05.678Z");

/** Each fact a history event of its own, 10 ms after the one before, with the ids 1, 2, 3, ... */
function events(...facts: HistoryFact[]): ExecutionEvent[] {
  let state = emptyProjection(RUN);
  return facts.flatMap((fact, at) => {
    const item: HistoryItem = { eventId: at + 1, timeMs: START_MS + at * 10, ...fact };
    const projected = project(state, item);
    state = projected.state;
    return projected.events;
  });
}

const TASK: HistoryFact = {
  type: "run_started",
  runId: RUN,
  kind: "task",
  continued: false,
  input: { executionId: EXECUTION, taskType: "shell", config: { command: "true" } },
};

const GRAPH: HistoryFact = {
  type: "run_started",
  runId: RUN,
  kind: "workflow",
  continued: false,
  input: {
    executionId: EXECUTION,
    input: { n: 1 },
    snapshot: { hash: "abc", definition: { nodes: [{ id: "a", type: "task" }] } },
  },
};

const scheduled = (activityId: string, nodeId?: string): HistoryFact => ({
  type: "activity_scheduled",
  activityId,
  input: { config: { command: "ls" }, ...(nodeId === undefined ? {} : { nodeId }) },
});

const spoke = (activityId: string, attempt: number, text: string, nodeId?: string): HistoryFact => ({
  type: "runner_spoke",
  argument: {
    activityId,
    attempt,
    ...(nodeId === undefined ? {} : { nodeId }),
    events: [{ type: "OUTPUT", sequence: 1, timestamp: "2026-01-02T03:04:06.001Z", data: { stream: "stdout", text } }],
  },
});

const data = (found: ExecutionEvent[]) => found.map((event) => [event.type, event.data]);

describe("the execution of a task", () => {
  test("starts, speaks and completes without node events", () => {
    const found = events(
      TASK,
      { type: "workflow_task_completed" },
      scheduled("task"),
      spoke("task", 1, "hello"),
      { type: "activity_started", scheduledEventId: 3, attempt: 1 },
      { type: "activity_completed", scheduledEventId: 3, output: { exit_code: 0 } },
      { type: "workflow_task_completed" },
      { type: "run_completed", output: { exit_code: 0 } },
    );
    expect(data(found)).toEqual([
      ["STARTED", { execution_id: EXECUTION, task_type: "shell", input: { command: "true" } }],
      ["OUTPUT", { execution_id: EXECUTION, stream: "stdout", text: "hello", attempt: 1, sequence: 1 }],
      ["COMPLETED", { execution_id: EXECUTION, output: { exit_code: 0 } }],
    ]);
    expect(found.map(({ timestamp }) => timestamp)).toEqual([
      "2026-01-02T03:04:05.678Z",
      "2026-01-02T03:04:06.001Z",
      "2026-01-02T03:04:05.748Z",
    ]);
    expect(found.every((event) => !("nodeId" in event))).toBe(true);
  });

  test("retracts an attempt before the first word of the next", () => {
    const found = events(TASK, scheduled("task"), spoke("task", 1, "a"), spoke("task", 1, "b"), spoke("task", 3, "c"));
    expect(
      found
        .slice(1)
        .map((event) => [event.type, event.data["text"], event.data["attempt"], event.data["retracted_attempt"]]),
    ).toEqual([
      ["OUTPUT", "a", 1, undefined],
      ["OUTPUT", "b", 1, undefined],
      ["PROGRESS", undefined, 3, 1],
      ["OUTPUT", "c", 3, undefined],
    ]);
  });

  test("leaves out what a retracted attempt still says, and what is said after the end", () => {
    const found = events(
      TASK,
      scheduled("task"),
      spoke("task", 2, "b"),
      spoke("task", 1, "late"),
      { type: "activity_completed", scheduledEventId: 2, output: null },
      spoke("task", 2, "later"),
    );
    expect(found.map(({ type }) => type)).toEqual(["STARTED", "OUTPUT"]);
  });

  test("retracts the last words of an attempt when a silent one ends the task", () => {
    const found = events(
      TASK,
      scheduled("task"),
      spoke("task", 1, "a"),
      { type: "activity_started", scheduledEventId: 2, attempt: 2 },
      { type: "activity_completed", scheduledEventId: 2, output: null },
    );
    expect(found.at(-1)?.data).toEqual({ execution_id: EXECUTION, attempt: 2, retracted_attempt: 1 });
  });

  test("ignores signals that no runner of ours sent", () => {
    const malformed: JsonValue[] = [
      null,
      7,
      "x",
      {},
      { activityId: "task", attempt: 0, events: [] },
      { activityId: 1 },
    ];
    const facts = malformed.map((argument): HistoryFact => ({ type: "runner_spoke", argument }));
    expect(events(TASK, scheduled("task"), ...facts)).toHaveLength(1);
  });
});

describe("the execution of a workflow", () => {
  test("enters and completes nodes, with a checkpoint after the workflow task that follows an end", () => {
    const found = events(
      GRAPH,
      { type: "workflow_task_completed" },
      scheduled("a", "a"),
      { type: "activity_started", scheduledEventId: 3, attempt: 1 },
      { type: "activity_completed", scheduledEventId: 3, output: 5 },
      { type: "workflow_task_completed" },
      { type: "run_completed", output: { a: 5 } },
    );
    expect(data(found)).toEqual([
      ["STARTED", { execution_id: EXECUTION, definition_hash: "abc", input: { n: 1 } }],
      ["NODE_ENTERED", { execution_id: EXECUTION, node_id: "a", node_type: "task", input: { command: "ls" } }],
      [
        "NODE_COMPLETED",
        {
          execution_id: EXECUTION,
          node_id: "a",
          node_type: "task",
          status: "completed",
          attempt: 1,
          duration_ms: 20,
          output: 5,
        },
      ],
      ["CHECKPOINT", { execution_id: EXECUTION, run_id: RUN, event_id: 6, completed: ["a"] }],
      ["COMPLETED", { execution_id: EXECUTION, output: { a: 5 } }],
    ]);
    expect(found.map(({ nodeId }) => nodeId)).toEqual([undefined, "a", "a", undefined, undefined]);
  });

  test("says why a node failed and which node ended the execution", () => {
    const failure = { code: "SHELL_EXIT_CODE", message: "exit code 1", details: { exit_code: 1 } };
    const found = events(
      GRAPH,
      scheduled("a", "a"),
      { type: "activity_failed", scheduledEventId: 2, failure },
      { type: "run_failed", failure, nodeId: "a", output: { b: 1 } },
    );
    expect(found[2]).toMatchObject({
      type: "NODE_COMPLETED",
      error: "exit code 1",
      data: { status: "failed", code: "SHELL_EXIT_CODE" },
    });
    expect(found[3]).toMatchObject({ type: "FAILED", error: "exit code 1" });
    expect(found[3]?.data).toEqual({
      execution_id: EXECUTION,
      code: "SHELL_EXIT_CODE",
      node_id: "a",
      output: { b: 1 },
      details: { exit_code: 1 },
    });
  });

  test("tells of nodes without an activity from the journal", () => {
    const journal: JsonValue = [
      { kind: "completed", nodeId: "b", nodeType: "task", status: "skipped" },
      { kind: "entered", nodeId: "c", nodeType: "task" },
      {
        kind: "completed",
        nodeId: "c",
        nodeType: "task",
        status: "failed",
        failure: { code: "EXPRESSION_FAILED", message: "no such key: x" },
      },
    ];
    const found = events(GRAPH, { type: "journal_written", journal }, { type: "workflow_task_completed" });
    expect(found.slice(1).map(({ type, nodeId, error }) => [type, nodeId, error])).toEqual([
      ["NODE_COMPLETED", "b", undefined],
      ["NODE_ENTERED", "c", undefined],
      ["NODE_COMPLETED", "c", "no such key: x"],
      ["CHECKPOINT", undefined, undefined],
    ]);
    const skipped = { node_id: "b", node_type: "task", status: "skipped", duration_ms: 0 };
    expect(found[1]?.data).toEqual({ execution_id: EXECUTION, ...skipped });
    expect(found[4]?.data["completed"]).toEqual(["b", "c"]);
  });

  test("counts the time of a node without an activity from its entry to its end", () => {
    const found = events(
      GRAPH,
      { type: "journal_written", journal: [{ kind: "entered", nodeId: "w", nodeType: "wait" }] },
      { type: "workflow_task_completed" },
      { type: "journal_written", journal: [{ kind: "completed", nodeId: "w", nodeType: "wait", status: "completed" }] },
    );
    expect(found[2]).toMatchObject({ type: "NODE_COMPLETED", data: { node_id: "w", duration_ms: 20 } });
  });

  test("goes on in the next run without a word", () => {
    const found = events(
      GRAPH,
      { type: "continued_as_new", newRunId: "next" },
      { ...GRAPH, runId: "next", continued: true },
      { type: "run_completed", output: null },
    );
    expect(found.map(({ type }) => type)).toEqual(["STARTED", "COMPLETED"]);
    expect(found[1]?.offset).toMatch(/-0001-0000004-000000$/);
  });
});

describe("the end of an execution", () => {
  test("is FAILED with the code CANCELLED and the reason when it was cancelled", () => {
    const found = events(TASK, { type: "cancel_requested", reason: "not needed" }, { type: "run_cancelled" });
    expect(found[1]).toMatchObject({ type: "FAILED", error: "cancelled: not needed" });
    expect(found[1]?.data).toEqual({ execution_id: EXECUTION, code: "CANCELLED" });
  });

  test("says cancelled where no reason was given", () => {
    expect(events(TASK, { type: "run_cancelled" })[1]?.error).toBe("cancelled");
  });

  test("counts nodes that still ran as cancelled when the run was terminated", () => {
    const found = events(GRAPH, scheduled("a", "a"), { type: "run_terminated", reason: "by hand" });
    expect(found.slice(2)).toMatchObject([
      { type: "NODE_COMPLETED", data: { node_id: "a", status: "cancelled" } },
      { type: "FAILED", data: { code: "TERMINATED" }, error: "terminated: by hand" },
    ]);
  });

  test("is FAILED with TIMEOUT when Temporal timed the run out", () => {
    expect(events(TASK, { type: "run_timed_out" })[1]).toMatchObject({ type: "FAILED", data: { code: "TIMEOUT" } });
  });
});

describe("outputs", () => {
  const ofBytes = (size: number) => "x".repeat(size - 2);

  test("are inline at 64 KiB", () => {
    const output = ofBytes(64 * 1024);
    expect(events(TASK, { type: "run_completed", output })[1]?.data["output"]).toBe(output);
  });

  test("give way to their size one byte above", () => {
    const found = events(TASK, { type: "run_completed", output: ofBytes(64 * 1024 + 1) });
    expect(found[1]?.data).toEqual({ execution_id: EXECUTION, output_bytes: 64 * 1024 + 1 });
  });
});

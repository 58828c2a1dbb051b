import type { JsonValue } from "../core/json";
import type { ExecutionEvent } from "./event-types";
import type { HistoryFact, HistoryItem } from "./history-item";
import { project } from "./project";
import { emptyProjection, type ProjectionState } from "./projection-state";

const RUN = "01a202f1-c195-7d19-84ea-944f95f728a2";

const GRAPH: HistoryFact = {
  type: "run_started",
  runId: RUN,
  kind: "workflow",
  continued: false,
  input: { executionId: "e", input: null, snapshot: { hash: "abc" } },
};
const TASK_ENDED: HistoryFact = { type: "workflow_task_completed" };

function run(facts: readonly HistoryFact[]): { events: ExecutionEvent[]; state: ProjectionState } {
  let state = emptyProjection(RUN);
  const events = facts.flatMap((fact, at) => {
    const item: HistoryItem = { eventId: at + 1, timeMs: at * 10, ...fact };
    const projected = project(state, item);
    state = projected.state;
    return projected.events;
  });
  return { events, state };
}

/** The events after STARTED, each with what is told here of it. */
function told(...facts: HistoryFact[]) {
  return run([GRAPH, ...facts])
    .events.slice(1)
    .map(({ type, nodeId, data, error }) => {
      const { execution_id: _, node_id: inData, ...rest } = data;
      if (nodeId !== undefined) expect(inData).toBe(nodeId);
      return [type, nodeId, error === undefined ? rest : { ...rest, error }];
    });
}

const scheduled = (activityId: string, nodeId: string): HistoryFact => ({
  type: "activity_scheduled",
  activityId,
  input: { nodeId, config: {} },
});
const completed = (scheduledEventId: number): HistoryFact => ({
  type: "activity_completed",
  scheduledEventId,
  output: 1,
});
const failed = (scheduledEventId: number): HistoryFact => ({
  type: "activity_failed",
  scheduledEventId,
  failure: { code: "HTTP_STATUS", message: "got 500" },
});
const journal = (...entries: JsonValue[]): HistoryFact => ({ type: "journal_written", journal: entries });
const spoke = (activityId: string, attempt: number): HistoryFact => ({
  type: "runner_spoke",
  argument: {
    activityId,
    nodeId: "b",
    attempt,
    events: [{ type: "PROGRESS", sequence: 1, timestamp: "2026-01-02T03:04:06.001Z", data: { percent: 5 } }],
  },
});

describe("instances of one node", () => {
  test("have events of their own, under the ids that say which of them it is", () => {
    const ended = { node_type: "task", status: "completed", output: 1 };
    expect(
      told(scheduled("b[3]", "b"), scheduled("b#2", "b"), spoke("b#2", 1), completed(3), completed(2), TASK_ENDED),
    ).toEqual([
      ["NODE_ENTERED", "b[3]", { node_type: "task", input: {} }],
      ["NODE_ENTERED", "b#2", { node_type: "task", input: {} }],
      ["PROGRESS", "b#2", { percent: 5, attempt: 1, sequence: 1 }],
      ["NODE_COMPLETED", "b#2", { ...ended, duration_ms: 20 }],
      ["NODE_COMPLETED", "b[3]", { ...ended, duration_ms: 40 }],
      ["CHECKPOINT", undefined, { run_id: RUN, event_id: 7, completed: ["b#2", "b[3]"] }],
    ]);
  });

  test("may be compensations, which are tasks", () => {
    expect(told(scheduled("b/compensate", "b"))).toEqual([
      ["NODE_ENTERED", "b/compensate", { node_type: "task", input: {} }],
    ]);
  });

  test("may run in the workflow's own process, and speak while they do", () => {
    const entry = { nodeId: "b[1]", nodeType: "task" };
    expect(
      told(
        journal({ kind: "entered", ...entry }),
        spoke("b[1]", 1),
        journal({ kind: "completed", ...entry, status: "completed", output: 2 }),
        spoke("b[1]", 1),
      ),
    ).toEqual([
      ["NODE_ENTERED", "b[1]", { node_type: "task" }],
      ["PROGRESS", "b[1]", { percent: 5, attempt: 1, sequence: 1 }],
      ["NODE_COMPLETED", "b[1]", { node_type: "task", status: "completed", duration_ms: 20, output: 2 }],
    ]);
  });
});

test("an activity that names no node is not told of", () => {
  const own: HistoryFact = { type: "activity_scheduled", activityId: "1", input: null };
  expect(told(own, spoke("1", 1), completed(2), TASK_ENDED)).toEqual([]);
});

describe("a node that waits", () => {
  const entered = { kind: "entered", nodeId: "ask", nodeType: "approval" };

  test("says with its entry what it waits for", () => {
    const input = { message: "Deploy?", form: { type: "object" } };
    expect(told(journal({ ...entered, input }))).toEqual([["NODE_ENTERED", "ask", { node_type: "approval", input }]]);
  });

  test("says the size of what is too large to say", () => {
    expect(told(journal({ ...entered, input: "x".repeat(70_000) }))).toEqual([
      ["NODE_ENTERED", "ask", { node_type: "approval", input_bytes: 70_002 }],
    ]);
    expect(told(journal({ ...entered, inputBytes: 99 }))).toEqual([
      ["NODE_ENTERED", "ask", { node_type: "approval", input_bytes: 99 }],
    ]);
  });

  test("is entered once, and counts as cancelled when the run is ended from outside", () => {
    const found = told(journal(entered), journal(entered), { type: "run_terminated", reason: "" });
    expect(found.slice(0, 2)).toEqual([
      ["NODE_ENTERED", "ask", { node_type: "approval" }],
      ["NODE_COMPLETED", "ask", { node_type: "approval", status: "cancelled", duration_ms: 20 }],
    ]);
  });
});

describe("a failed task", () => {
  const failure = { code: "HTTP_STATUS", message: "got 500" };
  const entry = { kind: "completed", nodeId: "b", nodeType: "task" };
  const end = { node_type: "task", attempt: 2, code: "HTTP_STATUS", error: "got 500", duration_ms: 20 };
  const tried: HistoryFact = { type: "activity_started", scheduledEventId: 2, attempt: 2 };

  test("that the engine catches completes after all, with the time since it was entered", () => {
    const caught = { ...entry, status: "completed", output: "instead" };
    expect(
      told(scheduled("b", "b"), tried, failed(2), TASK_ENDED, journal(caught), TASK_ENDED, journal(caught)),
    ).toEqual([
      ["NODE_ENTERED", "b", { node_type: "task", input: {} }],
      ["NODE_COMPLETED", "b", { ...end, status: "failed" }],
      ["CHECKPOINT", undefined, { run_id: RUN, event_id: 5, completed: ["b"] }],
      [
        "NODE_COMPLETED",
        "b",
        { node_type: "task", status: "completed", attempt: 2, duration_ms: 40, output: "instead" },
      ],
    ]);
  });

  test("is told of once where the journal only says it again", () => {
    const again = { ...entry, status: "failed", failure };
    expect(told(scheduled("b", "b"), tried, failed(2), journal(again))).toHaveLength(2);
    const other = { ...entry, status: "failed", failure: { code: "LOOP_EXHAUSTED", message: "x" } };
    expect(told(scheduled("b", "b"), tried, failed(2), journal(other))).toHaveLength(3);
  });

  test("of which the journal told before its activity closed is told of once", () => {
    const cancelled = { ...entry, status: "cancelled" };
    const found = told(scheduled("b", "b"), journal(cancelled), { type: "activity_cancelled", scheduledEventId: 2 });
    expect(found.map(([type]) => type)).toEqual(["NODE_ENTERED", "NODE_COMPLETED"]);
  });
});

describe("a run that goes on in the next of its chain", () => {
  const goesOn: HistoryFact[] = [
    { type: "continued_as_new", newRunId: "next" },
    { ...GRAPH, runId: "next", continued: true },
  ];

  test("keeps the time at which its nodes were entered", () => {
    const ask = { nodeId: "ask", nodeType: "approval" };
    const found = told(
      journal({ kind: "entered", ...ask }),
      ...goesOn,
      journal({ kind: "completed", ...ask, status: "completed", output: null }),
    );
    expect(found[1]?.[2]).toMatchObject({ status: "completed", duration_ms: 30 });
  });

  test("does not enter again what it schedules again", () => {
    const found = told(scheduled("b", "b"), ...goesOn, scheduled("b", "b"), completed(5));
    expect(found.map(([type, id]) => [type, id])).toEqual([
      ["NODE_ENTERED", "b"],
      ["NODE_COMPLETED", "b"],
    ]);
    expect(found[1]?.[2]).toMatchObject({ duration_ms: 40 });
  });
});

test("remembers little, however long the execution", () => {
  const facts: HistoryFact[] = [GRAPH];
  for (let iteration = 1; iteration <= 25_000; iteration += 1) {
    const id = `b#${iteration}`;
    const waiting = { nodeId: `w#${iteration}`, nodeType: "wait" };
    const eventId = facts.length + 1;
    facts.push(scheduled(id, "b"), spoke(id, 1), journal({ kind: "entered", ...waiting }), failed(eventId));
    facts.push(journal({ kind: "completed", ...waiting, status: "completed" }), TASK_ENDED);
  }
  const { state } = run(facts);
  expect([state.open.size, state.scheduled.size, state.endedNodes.length]).toEqual([0, 0, 0]);
  expect(state.closed.newer.size + state.closed.older.size).toBeLessThanOrEqual(2_000);
});

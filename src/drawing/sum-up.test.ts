import { drawingOf } from "../../tests/drawings";
import type { JsonObject } from "../core/json";
import type { EventType, ExecutionEvent } from "../events/event-types";
import { EventFold } from "../events/fold-events";
import { stateText } from "./node-state";
import { sumUp } from "./sum-up";

const task = (id: string, more: JsonObject = {}) => ({
  id,
  type: "task",
  config: { task_type: "shell", config: {} },
  ...more,
});
const DEFINITION: JsonObject = {
  nodes: [
    task("a"),
    { id: "m", type: "map", config: { items: "input.items", task: { task_type: "shell", config: {} } } },
    { id: "each", type: "map", config: { items: "input.items", body: { nodes: [task("b"), task("c")], edges: [] } } },
    { id: "l", type: "loop", config: { until: "true", max_iterations: 9, body: { nodes: [task("d")] } } },
  ],
  edges: [],
};

const START_MS = Date.UTC(2026, 0, 1);

/** Events one second apart. */
function fold(...events: readonly (readonly [type: EventType, nodeId: string | undefined, data?: JsonObject])[]) {
  const folded = new EventFold();
  for (const [index, [type, nodeId, data = {}]] of events.entries()) {
    const timestamp = new Date(START_MS + index * 1_000).toISOString();
    folded.add({
      offset: String(index),
      type,
      timestamp,
      data,
      ...(nodeId === undefined ? {} : { nodeId }),
    } as ExecutionEvent);
  }
  const states = sumUp(drawingOf(DEFINITION), folded.folded(), START_MS + 60_000);
  return Object.fromEntries([...states].map(([id, state]) => [id, stateText(state)]));
}

const entered = (id: string, data: JsonObject = {}) => ["NODE_ENTERED", id, data] as const;
const ended = (id: string, status = "completed", data: JsonObject = {}) =>
  ["NODE_COMPLETED", id, { status, duration_ms: 1_000, ...data }] as const;

test("says status, attempt and duration of a node that runs once", () => {
  expect(fold(["STARTED", undefined], entered("a"), ["OUTPUT", "a", { attempt: 3 }])).toEqual({
    a: "running, attempt 3, 59.0s",
  });
  expect(fold(entered("a"), ended("a", "failed", { code: "TIMEOUT", attempt: 2 }))).toEqual({
    a: "failed TIMEOUT, attempt 2, 1.0s",
  });
  expect(fold(["NODE_COMPLETED", "a", { status: "skipped", duration_ms: 0 }])).toEqual({ a: "skipped" });
});

test("takes a failure that was caught for what became of it", () => {
  expect(fold(entered("a"), ended("a", "failed", { code: "X" }), ended("a"))["a"]).toBe("completed, 1.0s");
});

test("counts the items of a map whose items are tasks", () => {
  const events = [
    entered("m", { input: { items: 4 } }),
    entered("m[0]"),
    entered("m[1]"),
    ended("m[0]"),
    ended("m[1]", "failed"),
    entered("m[2]"),
  ];
  expect(fold(...events)["m"]).toBe("running, 1/4 done, 1 failed, 1m00s");
  const output = { outputs: [1, null, 3, 4], failed: [{ index: 1 }] };
  const end = ["NODE_COMPLETED", "m", { node_type: "map", status: "completed", duration_ms: 9_000, output }] as const;
  expect(fold(...events, end)["m"]).toBe("completed, 3/4 done, 1 failed, 9.0s");
});

test("sums up what is inside a map's body, and counts the items of which nothing runs any more", () => {
  const states = fold(
    entered("each", { input: { items: 3 } }),
    entered("b[0]"),
    entered("b[1]"),
    ended("b[0]"),
    entered("c[0]"),
    ended("c[0]"),
    ended("b[1]", "failed"),
    entered("b[2]"),
  );
  expect(states).toMatchObject({
    each: "running, 1/3 done, 1 failed, 1m00s",
    b: "running, 1/3 done, 1 failed",
    c: expect.stringContaining("completed"),
  });
});

test("shows the latest iteration of a loop, and of a back edge", () => {
  expect(
    fold(entered("l"), entered("d"), ended("d", "failed"), entered("d#2"), ended("d#2"), entered("d#3"))["d"],
  ).toBe("running, iteration 3, 55.0s");
});

test("marks what has been undone", () => {
  expect(fold(entered("a"), ended("a"), entered("a/compensate"), ended("a/compensate"))["a"]).toBe(
    "completed, 1.0s, undone",
  );
});

test("takes what still ran when the run ended for cancelled", () => {
  expect(fold(entered("a"), ["FAILED", undefined, { code: "TERMINATED" }])["a"]).toBe("cancelled");
});

test("passes over what is no node's", () => {
  expect(fold(["NODE_ENTERED", "../x"], ["NODE_ENTERED", "zz"], ["CHECKPOINT", undefined])).toEqual({});
});

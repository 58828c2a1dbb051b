import { parseDefinition } from "../definition/parse-definition";
import { mockKinds } from "./kinds";
import type { Mocks } from "./mocks";
import { mocksFromEvents, withMocks } from "./mocks-from-events";
import { simulate } from "./simulate";

const task = (id: string, more = {}) => ({ id, type: "task", config: { task_type: "noop", config: {} }, ...more });
const definition = {
  nodes: [
    task("a", { retry: { max_attempts: 3, initial_interval: "1m" } }),
    { id: "ok", type: "approval", config: { message: "Go?", on_reject: "continue" } },
    { id: "paid", type: "signal", config: { name: "paid" } },
    { id: "child", type: "workflow", config: { workflow_id: "w" }, catch: { output: "caught" } },
    { id: "m", type: "map", config: { items: "[1, 2]", max_failures: 1, task: { task_type: "noop", config: {} } } },
    task("last", { catch: { codes: ["X"], output: "${{ error.code }}" } }),
  ],
  edges: ["ok", "paid", "child", "m", "last"].map((target, index) => ({
    source: ["a", "ok", "paid", "child", "m"][index] ?? "",
    target,
  })),
};
const mocks: Mocks = {
  a: [
    { error: { code: "HTTP_STATUS" }, after: "10s" },
    { output: { n: 1 }, after: "20s" },
  ],
  ok: { approved: false, by: "ada", comment: "no", form: { x: 1 }, after: "1d" },
  paid: { payload: 7, after: "2h" },
  child: { error: { code: "MAP_FAILED", message: "all bad" }, after: "1h" },
  "m[0]": { output: "zero" },
  "m[1]": { error: { code: "Y", message: "no" } },
  last: { error: { code: "X", message: "last", details: { a: 1 } } },
};
const parsed = parseDefinition(definition);
if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
const kindOf = mockKinds(parsed.value);

test("what an execution's stream tells, simulated, comes to the same", () => {
  const first = simulate(definition, { input: { n: 1 }, mocks });
  expect(first.outcome).toMatchObject({ status: "completed" });
  const past = mocksFromEvents(first.events, kindOf);
  expect(past).toMatchObject({ input: { n: 1 }, startedAtMs: first.startedAtMs, tooLarge: [] });
  const second = simulate(definition, { input: past.input ?? null, mocks: past.mocks, nowMs: past.startedAtMs });
  const shapeOf = ({ path, outcome }: typeof first) => ({
    outcome: { ...outcome, output: null },
    path: path.map(({ id, status, failure }) => ({ id, status, failure })),
  });
  expect(shapeOf(second)).toEqual(shapeOf(first));
  expect(second.notMocked).toEqual([]);
});

test("reads answers, payloads and failures as mocks", () => {
  const { mocks: read } = mocksFromEvents(simulate(definition, { mocks }).events, kindOf);
  expect(read).toMatchObject({
    // Ninety seconds of two attempts and a wait.
    a: { output: { n: 1 }, after: "45000ms" },
    ok: { approved: false, by: "ada", comment: "no", form: { x: 1 }, after: "86400000ms" },
    paid: { payload: 7, after: "7200000ms" },
    "m[0]": { output: "zero" },
    "m[1]": { error: { code: "Y", message: "no", retryable: false } },
    last: { error: { code: "X", message: "last", details: { a: 1 }, retryable: false } },
  });
});

test("a cancelled execution is cancelled again at the same time", () => {
  const { events } = simulate(definition, { mocks: { ...mocks, $cancel: { after: "1h" } } });
  const past = mocksFromEvents(events, kindOf);
  expect(past.mocks.$cancel).toEqual({ after: "3600000ms" });
  expect(simulate(definition, { mocks: past.mocks })).toMatchObject({
    outcome: { status: "cancelled" },
    durationMs: 3_600_000,
  });
});

test("says which outputs were too large for the stream", () => {
  const large = { a: { output: "x".repeat(70_000) } };
  const { events } = simulate({ nodes: [task("a")] }, { mocks: large });
  expect(mocksFromEvents(events, kindOf)).toMatchObject({ mocks: {}, tooLarge: ["a"] });
});

test("a mock for a node goes before all that its instances gave", () => {
  const past: Mocks = { "m[0]": { output: 1 }, "m[1]": { output: 2 }, a: { output: 3 } };
  expect(withMocks(past, { m: { output: 0 } })).toEqual({ m: { output: 0 }, a: { output: 3 } });
  expect(withMocks(past, { "m[1]": { output: 0 } })).toEqual({ ...past, "m[1]": { output: 0 } });
});

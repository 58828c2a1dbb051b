import { path, work } from "../../tests/play-graph";
import { NOW_MS, snapshotOf } from "../../tests/run-graph";
import type { JsonObject, JsonValue } from "../core/json";
import type { NodeSeed } from "../engine/seeds";
import { mockKinds } from "../simulation/kinds";
import { parseMocks } from "../simulation/mocks";
import { Simulation } from "../simulation/simulation";
import { readPastRun } from "./past-run";
import { planRedrive } from "./plan-redrive";
import type { RedriveQuestion } from "./redrive-types";

const PAST = "01900000-0000-7000-8000-0000000000aa";
const FAILS = { error: { code: "HTTP_STATUS", retryable: false } };

/** A task that acts on the world. */
const shell = (id: string, more: JsonObject = {}): JsonObject => ({
  id,
  type: "task",
  config: { task_type: "shell", config: { command: "true" } },
  ...more,
});

function play(definition: JsonObject, mocks: JsonObject, seeds?: readonly NodeSeed[], input: JsonValue = {}) {
  const snapshot = snapshotOf(definition);
  const checked = parseMocks(mocks, mockKinds(snapshot.definition));
  if (!checked.ok) throw new Error(JSON.stringify(checked.error));
  const simulation = new Simulation({
    ...{ snapshot, input, executionId: PAST, mocks: checked.value, nowMs: NOW_MS, isStrict: false, maxSteps: 1_000 },
    ...(seeds === undefined ? {} : { seeds: { from: PAST, ends: seeds } }),
  });
  const outcome = simulation.run();
  const { events } = simulation.world.history;
  const entered = events.flatMap(({ type, nodeId }) => (type === "NODE_ENTERED" && nodeId ? [nodeId] : []));
  return { outcome, events, entered };
}

function ask(definition: JsonObject, mocks: JsonObject, more: Partial<RedriveQuestion> & { now?: JsonObject } = {}) {
  const { now = definition, ...rest } = more;
  const before = snapshotOf(definition);
  const question: RedriveQuestion = {
    executionId: PAST,
    past: readPastRun(play(definition, mocks).events),
    before,
    after: snapshotOf(now),
    input: {},
    isInputNew: false,
    from: [],
    outputs: new Map(),
    nowMs: NOW_MS,
    ...rest,
  };
  const plan = planRedrive(question);
  if (!plan.ok) return { problems: plan.error, actions: {}, effects: [], seeds: [], reasons: {}, again: [] };
  const { nodes, seeds } = plan.value;
  return {
    problems: [],
    actions: Object.fromEntries(nodes.map(({ nodeId, action }) => [nodeId, action])),
    reasons: Object.fromEntries(nodes.map(({ nodeId, reason }) => [nodeId, reason])),
    effects: nodes.filter(({ repeatsEffects }) => repeatsEffects).map(({ nodeId }) => nodeId),
    again: nodes.flatMap(({ again }) => again),
    seeds,
  };
}

const ROW = { nodes: [shell("a"), shell("b"), shell("c")], edges: path("a", "b", "c") };

test("reuses what completed before the node that failed, and runs the rest", () => {
  const { actions, effects, seeds, reasons } = ask(ROW, { b: FAILS });
  expect(actions).toEqual({ a: "REUSED", b: "RUNS_AGAIN", c: "RUNS" });
  expect(reasons).toMatchObject({ b: "it failed: HTTP_STATUS" });
  expect(effects).toEqual(["b"]);
  expect(play(ROW, {}, seeds).entered).toEqual(["b", "c"]);
});

test("runs a named node of a run that completed again, with all that comes after it, and says what that does once more", () => {
  const { actions, effects } = ask(ROW, {}, { from: ["b"] });
  expect(actions).toEqual({ a: "REUSED", b: "RUNS_AGAIN", c: "RUNS_AGAIN" });
  expect(effects).toEqual(["b", "c"]);
});

test("flags no node that acts on nothing", () => {
  const definition = {
    nodes: [work("a"), { id: "t", type: "transform", config: { output: 1 } }, shell("s")],
    edges: path("a", "t", "s"),
  };
  expect(ask(definition, {}, { from: ["a"] }).effects).toEqual(["s"]);
});

test("gives a node an output in place of running it, and runs what comes after it", () => {
  const { actions, seeds } = ask(ROW, { b: FAILS }, { outputs: new Map([["b", { n: 1 }]]) });
  expect(actions).toEqual({ a: "REUSED", b: "INJECTED", c: "RUNS" });
  const definition = { ...ROW, output: "${{ nodes.b.output }}" };
  const again = play(definition, {}, seeds);
  expect(again).toMatchObject({ entered: ["c"], outcome: { output: { n: 1 } } });
  const told = again.events.find(({ type, nodeId }) => type === "NODE_COMPLETED" && nodeId === "b");
  expect(told?.data).toMatchObject({ injected: true });
});

test("says of another definition what is new, what is gone and what has changed", () => {
  const now = {
    nodes: [shell("a", { name: "A" }), shell("x"), shell("b", { retry: { max_attempts: 7 } }), shell("d")],
    edges: [...path("a", "b", "d"), { source: "a", target: "x" }],
  };
  const { actions, reasons, effects } = ask(ROW, {}, { now });
  expect(actions).toEqual({ a: "REUSED", x: "NEW", b: "RUNS_AGAIN", d: "NEW", c: "DISAPPEARS" });
  expect(reasons).toMatchObject({ a: "", b: "its definition has changed" });
  expect(effects).toEqual(["b"]);
});

test("reuses nothing behind a node that is put in between", () => {
  const now = { nodes: [...ROW.nodes, shell("x")], edges: path("a", "x", "b", "c") };
  expect(ask(ROW, { c: FAILS }, { now }).actions).toEqual({ a: "REUSED", x: "NEW", b: "RUNS_AGAIN", c: "RUNS_AGAIN" });
});

const ITEMS = {
  nodes: [
    { id: "m", type: "map", config: { items: [1, 2, 3, 4], concurrency: 1, max_failures: 1, body: bodyOf("f", "g") } },
    shell("z"),
  ],
  edges: path("m", "z"),
};

function bodyOf(...ids: readonly string[]): JsonObject {
  return { nodes: ids.map((id) => shell(id)), edges: path(...ids) };
}

test("goes on with a map where it was: items that completed are reused, wherever they stand", () => {
  const mocks = { "f[1]": FAILS, "g[2]": FAILS };
  const { actions, seeds, effects } = ask(ITEMS, mocks);
  expect(actions).toEqual({ m: "RUNS_AGAIN", z: "RUNS", f: "RUNS_AGAIN", g: "RUNS_AGAIN" });
  expect(effects).toEqual(["f", "g"]);
  expect(seeds.map(({ nodeId }) => nodeId).sort()).toEqual(["f[0]", "f[2]", "g[0]"]);
  expect(play(ITEMS, {}, seeds).entered).toEqual(["m", "f[1]", "g[1]", "g[2]", "f[3]", "g[3]", "z"]);
});

test("reuses a node of a body whole where all items have got past it, and not where items are left", () => {
  const items = (concurrency: number) => ({
    nodes: [{ id: "m", type: "map", config: { items: [1, 2, 3], concurrency, body: bodyOf("f", "g") } }],
    edges: [],
  });
  expect(ask(items(3), { "g[1]": FAILS }).actions).toEqual({ m: "RUNS_AGAIN", f: "REUSED", g: "RUNS_AGAIN" });
  const { actions, seeds } = ask(items(1), { "g[1]": FAILS });
  expect(actions).toEqual({ m: "RUNS_AGAIN", f: "RUNS", g: "RUNS_AGAIN" });
  expect(play(items(1), {}, seeds).entered).toEqual(["m", "g[1]", "f[2]", "g[2]"]);
});

test("runs one item of a map that completed again, and what comes after the map", () => {
  const { seeds } = ask(ITEMS, {}, { from: ["f[2]"] });
  expect(play(ITEMS, {}, seeds).entered).toEqual(["m", "f[2]", "g[2]", "z"]);
});

test("goes on with a loop in the iteration that failed, and starts one anew that went round too often", () => {
  const loop = (max: number) => ({
    nodes: [{ id: "l", type: "loop", config: { until: "iteration == 3", max_iterations: max, body: bodyOf("f") } }],
    edges: [],
  });
  const failed = ask(loop(3), { "f#2": FAILS });
  expect(play(loop(3), {}, failed.seeds).entered).toEqual(["l", "f#2", "f#3"]);
  const exhausted = ask(loop(2), {});
  expect(exhausted.seeds).toEqual([]);
  expect(exhausted.reasons).toMatchObject({ l: "it failed: LOOP_EXHAUSTED" });
});

test("reuses with a loop all its rounds, whatever loops and maps it is in", () => {
  const loop = (id: string, until: string, body: JsonObject) => ({
    id,
    type: "loop",
    config: { until, max_iterations: 5, body },
  });
  const inner = { nodes: [loop("inner", "iteration == 2", bodyOf("f"))], edges: [] };
  const each = { id: "each", type: "map", config: { items: [1, 2], concurrency: 1, body: inner } };
  const definition = { nodes: [loop("outer", "iteration == 2", { nodes: [each], edges: [] })], edges: [] };
  const { again, seeds } = ask(definition, { "f[1]": FAILS });
  expect(again).toEqual(["outer", "each", "inner[1]", "f[1]"]);
  expect(seeds.map(({ nodeId }) => nodeId)).toEqual(["inner[0]"]);
});

test("keeps a failure that the graph handled, unless nothing but the end that it led to is left to run", () => {
  const handled = {
    nodes: [shell("a"), shell("mend"), shell("c")],
    edges: [
      { source: "a", target: "mend", on: "error" },
      { source: "mend", target: "c" },
    ],
  };
  const { actions, seeds } = ask(handled, { a: FAILS, c: FAILS });
  expect(actions).toEqual({ a: "REUSED", mend: "REUSED", c: "RUNS_AGAIN" });
  expect(play(handled, {}, seeds)).toMatchObject({ entered: ["c"], outcome: { status: "completed" } });
  const given = {
    nodes: [shell("a"), { id: "stop", type: "fail", config: { code: "GIVEN_UP", message: "no" } }],
    edges: [{ source: "a", target: "stop", on: "error" }],
  };
  expect(ask(given, { a: FAILS }).actions).toEqual({ a: "RUNS_AGAIN", stop: "RUNS_AGAIN" });
});

test("goes on from where a back edge had led to", () => {
  const retried = {
    nodes: [shell("a"), shell("b"), shell("c")],
    edges: [...path("a", "b", "c"), { source: "b", target: "a", on: "error", loop: true, max: 2 }],
  };
  const mocks = { b: [FAILS, { output: 1 }], c: FAILS };
  const { seeds } = ask(retried, mocks);
  expect(play(retried, {}, seeds).entered).toEqual(["c#2"]);
});

test("runs again what was undone, and undoes what is reused where the new run fails", () => {
  const undo = { task_type: "shell", config: { command: "undo" } };
  const definition = { nodes: [shell("a", { compensate: undo }), shell("b")], edges: path("a", "b") };
  const undone = ask(definition, { b: FAILS });
  expect(undone.actions).toEqual({ a: "RUNS_AGAIN", b: "RUNS_AGAIN" });
  expect(undone.reasons).toMatchObject({ a: "what it did was undone" });
  const { seeds } = ask(definition, {}, { from: ["b"] });
  expect(play(definition, { b: FAILS }, seeds).entered).toEqual(["b", "a/compensate"]);
});

test("does not take over what a map gave that has something in it to be undone", () => {
  const undo = { task_type: "shell", config: { command: "undo" } };
  const body = { nodes: [shell("f", { compensate: undo })], edges: [] };
  const definition = {
    nodes: [{ id: "m", type: "map", config: { items: [1, 2], body } }, shell("z")],
    edges: path("m", "z"),
  };
  const { seeds, actions } = ask(definition, {}, { from: ["z"] });
  expect(seeds.map(({ nodeId }) => nodeId)).toEqual(["f[0]", "f[1]"]);
  expect(actions).toMatchObject({ m: "REUSED", f: "REUSED" });
  expect(play(definition, { z: FAILS }, seeds).entered).toEqual(["m", "z", "f[1]/compensate", "f[0]/compensate"]);
});

test("runs what is to happen at the end of each run, and says so", () => {
  const definition = { ...ROW, finally: bodyOf("last"), on_failure: bodyOf("alarm") };
  const { actions, effects, reasons } = ask(definition, { c: FAILS });
  expect(actions).toMatchObject({ b: "REUSED", c: "RUNS_AGAIN", last: "RUNS_AGAIN", alarm: "RUNS_AGAIN" });
  expect(effects).toEqual(["c", "alarm", "last"]);
  expect(reasons).toMatchObject({ last: "it runs at the end of each execution" });
});

test("decides anew by another input, and warns of what was made of the old one", () => {
  const when = (n: number) => ({ name: `case${n}`, when: `input.n == ${n}` });
  const definition = {
    nodes: [
      shell("a", { config: { task_type: "shell", config: { command: "echo ${{ input.n }}" } } }),
      { id: "s", type: "switch", config: { cases: [when(1), when(2)] } },
      shell("one"),
      shell("two"),
    ],
    edges: [
      ...path("a", "s"),
      { source: "s", target: "one", case: "case1" },
      { source: "s", target: "two", case: "case2" },
    ],
  };
  const before = { ...definition, nodes: definition.nodes.map((node) => JSON.parse(JSON.stringify(node))) };
  const past = readPastRun(play(before, { one: FAILS }, undefined, { n: 1 }).events);
  const { actions, reasons } = ask(definition, {}, { past, input: { n: 2 }, isInputNew: true });
  expect(actions).toEqual({ a: "REUSED", s: "REUSED", one: "SKIPPED", two: "RUNS" });
  expect(reasons).toMatchObject({ a: "it may have seen the old input", s: "it is evaluated once more" });
});

test("refuses what cannot be, and says why", () => {
  expect(ask(ROW, {}).problems).toEqual([{ message: expect.stringContaining("nothing of the execution failed") }]);
  const { problems } = ask(ROW, {}, { from: ["aa", "b[1]"], outputs: new Map([["q", 1]]) });
  expect(problems).toEqual([
    { field: "from", message: "there is no node 'aa'; did you mean 'a'?" },
    { field: "from", message: "the execution has no instance 'b[1]'; there are: b" },
    { field: "outputs", message: "there is no node 'q'; did you mean 'a'?" },
  ]);
  const both = ask(ROW, {}, { from: ["a"], outputs: new Map([["a", 1]]) });
  expect(both.problems).toEqual([{ field: "outputs", message: "'a' cannot both run again and be given an output" }]);
  const ended = { ...ROW, finally: bodyOf("last") };
  expect(ask(ended, {}, { from: ["last"] }).problems).toMatchObject([{ field: "from" }]);
  expect(ask(ITEMS, {}, { from: ["m[1]"] }).problems).toEqual([
    {
      field: "from",
      message: "the execution has no instance 'm[1]'; there are: m; what runs in it has names of its own: f[1], g[1]",
    },
  ]);
  expect(ask(ITEMS, {}, { outputs: new Map([["f", 1]]) }).problems).toEqual([
    { field: "outputs", message: expect.stringContaining("it runs in an item of 'm', as 'f[0]'") },
  ]);
});

import { isOrchestratorError } from "../core/errors";
import type { JsonObject } from "../core/json";
import type { Mocks } from "./mocks";
import type { SimulationReport } from "./report";
import { type SimulationOptions, simulate } from "./simulate";

const DAY_MS = 86_400_000;

function task(id: string, more: JsonObject = {}): JsonObject {
  return { id, type: "task", config: { task_type: "shell", config: { command: "false" } }, ...more };
}

/** Nodes, and edges as `a -> b`. */
function graph(nodes: readonly JsonObject[], ...edges: readonly (string | JsonObject)[]): JsonObject {
  const read = edges.map((edge) => {
    if (typeof edge !== "string") return edge;
    const [source = "", target = ""] = edge.split(" -> ");
    return { source, target };
  });
  return { nodes, edges: read };
}

const ids = ({ path }: SimulationReport) =>
  path.map(({ id, status }) => (status === "completed" ? id : `${id} ${status}`));

/** The violations of a call that is refused. */
function refusedWith(definition: unknown, options: SimulationOptions): readonly string[] {
  try {
    simulate(definition, options);
    return [];
  } catch (error) {
    if (!isOrchestratorError(error)) throw error;
    return error.violations.map(({ field, description }) => `${field}: ${description}`);
  }
}

test("runs a definition on what the mocks give", () => {
  const definition = {
    ...graph(
      [task("a"), task("b", { config: { task_type: "shell", config: { command: "${{ nodes.a.output.stdout }}" } } })],
      "a -> b",
    ),
    output: "${{ nodes.a.output.stdout + nodes.b.output.stdout }}",
  };
  const report = simulate(definition, {
    mocks: { a: { output: { stdout: "x" }, after: "2s" }, b: { output: { stdout: "y" } } },
  });
  expect(report).toMatchObject({
    outcome: { status: "completed" },
    output: "xy",
    durationMs: 2_000,
    notMocked: [],
    unusedMocks: [],
    untaken: { nodes: [], edges: [] },
  });
  expect(report.path).toEqual([
    { id: "a", type: "task", status: "completed", enteredMs: 0, endedMs: 2_000, attempts: 1, output: { stdout: "x" } },
    {
      id: "b",
      type: "task",
      status: "completed",
      enteredMs: 2_000,
      endedMs: 2_000,
      attempts: 1,
      output: { stdout: "y" },
    },
  ]);
});

test("gives every event that the stream would have", () => {
  const { events } = simulate(graph([task("a")]), {
    input: { n: 1 },
    mocks: { a: { output: 5 } },
    definitionHash: "ab",
  });
  expect(events.map(({ type }) => type)).toEqual([
    "STARTED",
    "NODE_ENTERED",
    "NODE_COMPLETED",
    "CHECKPOINT",
    "COMPLETED",
  ]);
  expect(events[0]).toMatchObject({ data: { definition_hash: "ab", input: { n: 1 } } });
  expect(events[1]).toMatchObject({ nodeId: "a", data: { input: { command: "false" } } });
  expect(new Set(events.map(({ offset }) => offset)).size).toBe(events.length);
});

test("a wait of thirty days takes no time, and its time is in the events", () => {
  const report = simulate(graph([{ id: "w", type: "wait", config: { duration: "30d" } }]), { nowMs: 0 });
  expect(report).toMatchObject({ outcome: { status: "completed" }, durationMs: 30 * DAY_MS, cost: { timers: 1 } });
  expect(report.events.at(-1)?.timestamp).toBe("1970-01-31T00:00:00.000Z");
});

test("tries a failing task again, in virtual time", () => {
  const retry = { max_attempts: 3, initial_interval: "1h", max_interval: "1d", backoff: 2 };
  const mocks: Mocks = { a: [{ error: { code: "SHELL_EXIT_CODE" } }, { error: { code: "X" } }, { output: 1 }] };
  expect(simulate(graph([task("a", { retry })]), { mocks })).toMatchObject({
    outcome: { status: "completed" },
    durationMs: 3 * 3_600_000,
    path: [{ id: "a", attempts: 3 }],
    cost: { activities: 1, attempts: 3 },
  });
});

test("says which nodes and edges a run did not come to", () => {
  const definition = graph(
    [task("a"), task("b"), task("c"), task("d")],
    { source: "a", target: "b", condition: "nodes.a.output.exit_code == 1" },
    { source: "a", target: "c", else: true },
    "c -> d",
  );
  const report = simulate(definition, { mocks: { a: { output: { exit_code: 1 } } } });
  expect(ids(report)).toEqual(["a", "c skipped", "d skipped", "b"]);
  expect(report.untaken).toEqual({
    nodes: ["c", "d"],
    edges: [
      { source: "a", target: "c", pointer: "/edges/1" },
      { source: "c", target: "d", pointer: "/edges/2" },
    ],
  });
  expect(report.notMocked).toEqual(["b"]);
});

test("a task without a mock completes with null, or fails where the simulation is strict", () => {
  expect(simulate(graph([task("a")]))).toMatchObject({ outcome: { status: "completed", output: { a: null } } });
  expect(simulate(graph([task("a")]), { strict: true })).toMatchObject({
    outcome: { status: "failed", nodeId: "a", failure: { code: "NOT_MOCKED" } },
    notMocked: ["a"],
  });
});

test("takes mocks by instance before those by node, and lists entry by entry", () => {
  const body = graph([task("b")]);
  const definition = graph([{ id: "m", type: "map", config: { items: "input", body, concurrency: 1 } }]);
  const mocks: Mocks = { "b[1]": { output: "own" }, b: [{ output: 1 }, { output: 2 }] };
  expect(simulate(definition, { input: ["x", "y", "z", "z"], mocks }).output).toEqual({
    m: { outputs: [{ b: 1 }, { b: "own" }, { b: 2 }, { b: 2 }], failed: [] },
  });
});

test("the short form of a map is mocked under the map's own id", () => {
  const config = { items: "[1, 2]", task: { task_type: "noop", config: {} }, max_failures: 1 };
  const report = simulate(graph([{ id: "m", type: "map", config }]), {
    mocks: { "m[0]": { output: "a" }, "m[1]": { error: { code: "X", message: "no" } } },
  });
  expect(report.output).toEqual({ m: { outputs: ["a", null], failed: [{ index: 1, code: "X", message: "no" }] } });
});

describe("people and messages", () => {
  const approval = (more: JsonObject = {}) => ({ id: "ok", type: "approval", config: { message: "Go?", ...more } });
  const signal = (more: JsonObject = {}) => ({ id: "s", type: "signal", config: { name: "paid", ...more } });

  test("an approval takes the answer of its mock", () => {
    const report = simulate(graph([approval({ timeout: "30d" })]), {
      mocks: { ok: { approved: true, by: "ada", after: "3d" } },
    });
    expect(report).toMatchObject({ output: { ok: { approved: true, by: "ada" } }, durationMs: 3 * DAY_MS });
  });

  test("an answer that the run would refuse is told, and the next one is taken", () => {
    const mocks: Mocks = { ok: { approved: true, by: "bob" }, $messages: [] };
    const report = simulate(graph([approval({ approvers: ["ada"], timeout: "1d" })]), { mocks });
    expect(report.refused).toMatchObject([{ to: "ok", failure: { code: "APPROVER_REFUSED" } }]);
    expect(report).toMatchObject({ outcome: { failure: { code: "APPROVAL_TIMEOUT" } }, durationMs: DAY_MS });
  });

  test("a signal takes the message of its mock, or one that came before", () => {
    expect(simulate(graph([signal()]), { mocks: { s: { payload: 3, after: "1h" } } })).toMatchObject({
      output: { s: 3 },
      durationMs: 3_600_000,
    });
    const early: Mocks = { $messages: [{ name: "paid", payload: 4 }], a: { after: "1m" } };
    expect(simulate(graph([task("a"), signal()], "a -> s"), { mocks: early })).toMatchObject({
      output: { s: 4 },
      durationMs: 60_000,
    });
  });

  test("what nothing ends is told as waiting", () => {
    expect(simulate(graph([approval(), signal()])).outcome).toMatchObject({
      status: "waiting",
      nodes: [
        { id: "ok", waiting: { for: "approval", message: "Go?" } },
        { id: "s", waiting: { for: "message", name: "paid" } },
      ],
    });
  });
});

test("a child run gives what its mock says", () => {
  const child = { id: "c", type: "workflow", config: { workflow_id: "w-1", input: { n: 1 } } };
  expect(simulate(graph([child]), { mocks: { c: { output: 9, after: "1h" } } })).toMatchObject({
    output: { c: 9 },
    durationMs: 3_600_000,
    cost: { children: 1 },
  });
  expect(simulate(graph([child]), { mocks: { c: { error: { code: "MAP_FAILED" } } } })).toMatchObject({
    outcome: { status: "failed", failure: { code: "MAP_FAILED" }, nodeId: "c" },
  });
});

test("a cancel stops what runs and undoes what is done", () => {
  const undo = { task_type: "shell", config: { command: "undo ${{ nodes.a.output }}" } };
  const report = simulate(graph([task("a", { compensate: undo }), task("b")], "a -> b"), {
    mocks: {
      a: { output: 1 },
      b: { after: "1h" },
      "a/compensate": { output: null },
      $cancel: { after: "5m", reason: "stop" },
    },
  });
  expect(report).toMatchObject({ outcome: { status: "cancelled", reason: "stop" }, durationMs: 300_000 });
  expect(ids(report)).toEqual(["a", "b cancelled", "a/compensate"]);
  expect(report.events.at(-1)).toMatchObject({ type: "FAILED", data: { code: "CANCELLED" } });
});

test("a timer that is no longer needed does not hold the run up", () => {
  const nodes = [task("a", { join: "any" }), { id: "w", type: "wait", config: { duration: "10d" } }];
  const end = { id: "e", type: "end", join: "any", config: { output: 1 } };
  expect(simulate(graph([...nodes, end], "a -> e", "w -> e"))).toMatchObject({ output: 1, durationMs: 0 });
});

test("a stored task that is not at hand does what its mock says, and its override is rendered", () => {
  const stored = { id: "a", type: "task", config: { task_id: "t-1", override: { command: "${{ input.x.y }}" } } };
  const mocks: Mocks = { a: { output: 1 } };
  expect(simulate(graph([stored]), { input: { x: { y: "z" } }, mocks }).output).toEqual({ a: 1 });
  expect(simulate(graph([stored]), { mocks })).toMatchObject({ outcome: { failure: { code: "EXPRESSION_FAILED" } } });
});

test("takes a cached result for as long as it is young enough", () => {
  const body = graph([task("b", { cache: { key: "k", ttl: "90m" } })]);
  const config = { while: "iteration <= 4", max_iterations: 5, delay: "1h", body };
  const report = simulate(graph([{ id: "l", type: "loop", config }]), {
    mocks: { b: [{ output: 1 }, { output: 2 }, { output: 3 }] },
  });
  const outputs = report.path.flatMap(({ id, output }) => (id.startsWith("b") ? [output] : []));
  expect(outputs).toEqual([1, 1, 2, 2]);
});

test("counts what Temporal would keep", () => {
  const { cost } = simulate(graph([task("a"), task("b")], "a -> b"));
  // Started; three workflow tasks of three events; two activities of three; completed.
  expect(cost).toMatchObject({ historyEvents: 1 + 9 + 6 + 1, activities: 2, workflowTasks: 3 });
  expect(cost.historyBytes).toBeGreaterThan(5_000);
});

test("stops where it takes too long", () => {
  const loop = {
    id: "l",
    type: "loop",
    config: { while: "true", max_iterations: 1_000_000, body: graph([task("a")]) },
  };
  expect(simulate(graph([loop]), { maxSteps: 100 }).outcome).toEqual({
    status: "stopped",
    reason: "it takes more than 100 steps",
  });
});

test("refuses with everything that is wrong, by its field", () => {
  expect(refusedWith({ nodes: [{ id: "a", type: "tsk" }] }, {})).toEqual([
    expect.stringMatching(/^definition\/nodes\/0\/type: unknown node type "tsk".*did you mean 'task'/),
  ]);
  const wait = { id: "w", type: "wait", config: { duration: "1s" } };
  const definition = { ...graph([task("build"), wait]), input_schema: { required: ["x"] } };
  const mocks = {
    biuld: { output: 1 },
    $mesages: [],
    w: { output: 1 },
    build: [{ outptu: 1 }, { output: 1, after: "soon" }],
    "build/compensate": {},
    $cancel: { reason: 5 },
  };
  expect(refusedWith(definition, { mocks: mocks as unknown as Mocks })).toEqual([
    "input: must have required property 'x'",
    "mocks/biuld: there is no node 'biuld'; did you mean 'build'?",
    "mocks/$mesages: there is no node '$mesages'; did you mean '$messages'?",
    "mocks/w: node 'w' is of type wait and runs as it is; leave the mock out",
    expect.stringMatching(
      /^mocks\/build\/0\/outptu: .*did you mean 'output'.*a mock of this node is \{output, after\?\}/,
    ),
    expect.stringMatching(/^mocks\/build\/1\/after: must be a duration such as/),
    "mocks/build~1compensate: node 'build' has no 'compensate'",
    expect.stringMatching(/^mocks\/\$cancel\/reason: must be a string/),
  ]);
});

test("ends before it begins where its concurrency key cannot be made", () => {
  const concurrency = { key: "${{ input.customer }}" };
  const definition = { ...graph([task("a")]), concurrency };
  expect(simulate(definition, { input: {} })).toMatchObject({
    outcome: { status: "failed", failure: { code: "EXPRESSION_FAILED" } },
    path: [],
  });
  expect(simulate(definition, { input: { customer: "c" } })).toMatchObject({ outcome: { status: "completed" } });
});

test("counts large outputs of transforms by their size alone, as they stand in histories and events", () => {
  const transform = (id: string, output: string) => ({ id, type: "transform", config: { output } });
  const bytesOf = (text: string) => {
    const report = simulate({ ...graph([transform("t", "${{ input }}")]), output: null }, { input: text });
    const [ended] = report.events.filter(({ type }) => type === "NODE_COMPLETED");
    return { data: ended?.data, historyBytes: report.cost.historyBytes - text.length };
  };
  const [small, large] = [bytesOf("x".repeat(1_000)), bytesOf("x".repeat(100_000))];
  expect(small.data).toMatchObject({ output: "x".repeat(1_000) });
  expect(large.data).toMatchObject({ output_bytes: 100_002 });
  expect(large.historyBytes).toBeLessThan(small.historyBytes);
});

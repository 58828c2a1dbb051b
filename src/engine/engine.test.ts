import {
  cancelled,
  completed,
  configOf,
  EXECUTION,
  failed,
  NOW_MS,
  outcome,
  run,
  started,
  statuses,
  TASK_ID,
  task,
} from "../../tests/run-graph";
import type { JsonObject, JsonValue } from "../core/json";
import { step, viewNodes } from "./engine";
import type { EngineInput } from "./engine-types";

const diamond: JsonObject = {
  nodes: ["a", "b", "c", "d"].map((id) => task(id)),
  edges: [
    { source: "a", target: "b" },
    { source: "a", target: "c" },
    { source: "b", target: "d" },
    { source: "c", target: "d" },
  ],
};

describe("running a graph", () => {
  test("starts the nodes that nothing leads to", () => {
    const result = run({ nodes: [task("a"), task("b")] });
    expect(started(result)).toEqual(["a", "b"]);
    expect(result.commands[0]).toEqual({
      type: "run_task",
      activityId: "a",
      nodeId: "a",
      summary: "a",
      taskType: "shell",
      config: { command: "true", success_exit_codes: [0] },
      options: {
        maxAttempts: 1,
        initialIntervalMs: 1_000,
        maxIntervalMs: 60_000,
        backoff: 2,
        nonRetryable: [],
        attemptTimeoutMs: 600_000,
        heartbeatTimeoutMs: 10_000,
      },
    });
  });

  test("follows every edge out of a node, and joins when all of them have come", () => {
    expect(started(run(diamond, [completed("a")]))).toEqual(["b", "c"]);
    expect(started(run(diamond, [completed("a"), completed("c")]))).toEqual([]);
    expect(started(run(diamond, [completed("a"), completed("c"), completed("b")]))).toEqual(["d"]);
  });

  test("ends with the outputs of the nodes at which it ended", () => {
    const result = run({ nodes: [task("a"), task("b"), task("c")], edges: [{ source: "a", target: "b" }] }, [
      completed("a", 1),
      completed("c", { c: 3 }),
      completed("b", [2]),
    ]);
    expect(outcome(result)).toEqual({ status: "completed", output: { b: [2], c: { c: 3 } } });
    expect(result.state.isFinished).toBe(true);
  });

  test("takes only the edges whose condition is true, bare or in braces, and skips what no path leads to", () => {
    const definition = {
      nodes: ["a", "big", "small", "after", "join"].map((id) => task(id)),
      edges: [
        { source: "a", target: "big", condition: "nodes.a.output.exit_code > input.limit" },
        { source: "a", target: "small", condition: "${{ nodes.a.output.exit_code <= input.limit }}" },
        { source: "small", target: "after" },
        { source: "after", target: "join" },
        { source: "big", target: "join" },
      ],
    };
    const branched = run(definition, [completed("a", { exit_code: 5 })], { limit: 3 });
    expect(started(branched)).toEqual(["big"]);
    expect(branched.journal).toEqual([
      { kind: "completed", nodeId: "small", nodeType: "task", status: "skipped" },
      { kind: "completed", nodeId: "after", nodeType: "task", status: "skipped" },
    ]);
    expect(started(step(branched.state, completed("big"), NOW_MS))).toEqual(["join"]);
  });

  test("skips everything after a branch that nothing takes, and still completes", () => {
    const definition = {
      nodes: [task("a"), task("b"), task("c")],
      edges: [
        { source: "a", target: "b", condition: "false" },
        { source: "b", target: "c" },
      ],
    };
    const result = run(definition, [completed("a", "end")]);
    expect(outcome(result)).toEqual({ status: "completed", output: { a: "end" } });
    expect(statuses(result.state)).toEqual({ a: "completed", b: "skipped", c: "skipped" });
  });

  test("renders templates over input, outputs, errors and the execution", () => {
    const definition = {
      nodes: [
        task("a"),
        task("b", {
          argv: ["echo", "${{ nodes.a.output.stdout }}", "id ${{ execution.id }}", "$${{ literal }}", "${HOME}"],
          success_exit_codes: "${{ input.codes }}",
          env: { STATUS: "${{ nodes.a.status }}", ERROR: "${{ json(nodes.a.error) }}" },
        }),
      ],
      edges: [{ source: "a", target: "b" }],
    };
    const result = run(definition, [completed("a", { stdout: "hi" })], { codes: [0, 3] });
    expect(configOf(result, "b")).toEqual({
      argv: ["echo", "hi", `id ${EXECUTION.id}`, "${{ literal }}", "${HOME}"],
      success_exit_codes: [0, 3],
      env: { STATUS: "completed", ERROR: "null" },
    });
  });

  test("gives a node that was skipped a status, and null for output and error", () => {
    const definition = {
      nodes: [task("a"), task("b"), task("c")],
      edges: [
        { source: "a", target: "b", condition: "false" },
        { source: "a", target: "c" },
        { source: "b", target: "c" },
      ],
      output: "${{ [nodes.b.status, nodes.b.output, nodes.b.error, nodes.map(id, id)] }}",
    };
    const result = run(definition, [completed("a"), completed("c")]);
    expect(outcome(result)).toEqual({ status: "completed", output: ["skipped", null, null, ["a", "b", "c"]] });
  });

  test("merges a rendered override over a stored task, whose own config is not rendered", () => {
    const override = { env: { A: null, C: "${{ input.c }}" }, retry: { max_attempts: 2 } };
    const node = { id: "a", type: "task", name: "Build it", config: { task_id: TASK_ID, override } };
    const { commands } = run({ nodes: [{ ...node, timeout: "5s" }] }, [], { c: "3" });
    expect(commands).toMatchObject([
      {
        summary: "Build it",
        taskId: TASK_ID,
        workspacePath: "/w/build",
        config: { command: "make", env: { B: "2", C: "3" } },
        options: { maxAttempts: 2, attemptTimeoutMs: 5_000 },
      },
    ]);
  });

  test("lets a node's own retry and timeout go before those of the config", () => {
    const config = { command: "true", retry: { max_attempts: 5, backoff: 3 }, timeout: { attempt: "1m", total: "1h" } };
    const node = {
      ...task("a", config),
      retry: { max_attempts: 2, initial_interval: "2m" },
      timeout: { attempt: "2s" },
    };
    expect(run({ nodes: [node] }).commands).toMatchObject([
      {
        options: {
          maxAttempts: 2,
          backoff: 3,
          initialIntervalMs: 120_000,
          maxIntervalMs: 120_000,
          attemptTimeoutMs: 2_000,
          totalTimeoutMs: 3_600_000,
        },
      },
    ]);
  });
});

describe("cancelling", () => {
  test("cancels what runs and ends cancelled once it has ended", () => {
    const stopping = run(diamond, [completed("a"), { type: "cancel", reason: "enough" }]);
    expect(stopping.commands).toEqual([
      { type: "cancel_task", activityId: "b" },
      { type: "cancel_task", activityId: "c" },
    ]);
    const waiting = step(stopping.state, cancelled("b"), NOW_MS);
    expect(waiting.commands).toEqual([]);
    expect(outcome(step(waiting.state, completed("c"), NOW_MS))).toEqual({ status: "cancelled", reason: "enough" });
  });

  test("stays cancelled when cancelled again or when a task fails meanwhile", () => {
    const again: EngineInput = { type: "cancel", reason: "more" };
    const done = run({ nodes: [task("a")] }, [{ type: "cancel", reason: "enough" }, again, failed("a")]);
    expect(outcome(done)).toEqual({ status: "cancelled", reason: "enough" });
  });

  test("takes a task that was cancelled by itself for a failed one", () => {
    expect(outcome(run({ nodes: [task("a")] }, [cancelled("a")]))).toMatchObject({ failure: { code: "CANCELLED" } });
  });
});

describe("inputs that mean nothing", () => {
  test.each([
    ["of an unknown activity", completed("nobody")],
    ["of a node that has not started", completed("d")],
    ["that came before", completed("a")],
    ["of a name that every object has", failed("constructor")],
  ])("ignores a result %s", (_, input) => {
    const { state } = run(diamond, [completed("a")]);
    expect(step(state, input, NOW_MS)).toEqual({ state, commands: [], journal: [] });
  });

  test("ignores everything after the end", () => {
    const { state } = run({ nodes: [task("a")] }, [completed("a")]);
    for (const input of [completed("a"), { type: "cancel", reason: "late" } as const])
      expect(step(state, input, NOW_MS)).toEqual({ state, commands: [], journal: [] });
  });
});

describe("viewNodes", () => {
  test("tells status, size of output and what is waited for", () => {
    expect(viewNodes(run(diamond, [completed("a", "xy"), completed("b")]).state)).toEqual([
      { id: "a", type: "task", name: "a", status: "completed", outputSize: 4 },
      { id: "b", type: "task", name: "b", status: "completed", outputSize: 4 },
      { id: "c", type: "task", name: "c", status: "running" },
      { id: "d", type: "task", name: "d", status: "pending", waitsFor: ["c"] },
    ]);
  });
});

describe("hostile names and values", () => {
  test("runs nodes whose ids are members of every object", () => {
    const definition = {
      nodes: [task("constructor"), task("toString", { command: "echo ${{ nodes.constructor.output.exit_code }}" })],
      edges: [{ source: "constructor", target: "toString" }],
    };
    const result = run(definition, [completed("constructor", { exit_code: 1 })]);
    expect(configOf(result, "toString")).toMatchObject({ command: "echo 1" });
    expect(outcome(step(result.state, completed("toString", 2), NOW_MS))).toEqual({
      status: "completed",
      output: Object.fromEntries([["toString", 2]]),
    });
  });

  test("carries an output with a member __proto__ as it is", () => {
    const output = JSON.parse('{"__proto__":{"polluted":true},"constructor":1}') as JsonValue;
    const definition = { nodes: [task("a")], output: { all: "${{ nodes.a.output }}" } };
    const result = outcome(run(definition, [completed("a", output)]));
    expect(JSON.stringify(result)).toBe(
      '{"status":"completed","output":{"all":{"__proto__":{"polluted":true},"constructor":1}}}',
    );
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

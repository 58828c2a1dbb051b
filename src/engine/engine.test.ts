import type { JsonObject, JsonValue } from "../core/json";
import type { DefinitionSnapshot } from "../definition/graph-types";
import { parseDefinition } from "../definition/parse-definition";
import { type EngineState, type StepResult, start, step, viewNodes } from "./engine";
import type { EngineInput } from "./engine-types";

const EXECUTION = { id: "01900000-0000-7000-8000-000000000001" };
const TASK_ID = "01900000-0000-7000-8000-0000000000aa";

function task(id: string, config: JsonObject = { command: "true" }): JsonObject {
  return { id, type: "task", config: { task_type: "shell", config } };
}

function snapshotOf(definition: JsonObject): DefinitionSnapshot {
  const parsed = parseDefinition(definition);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const stored = { taskType: "shell", title: "Build", config: { command: "make", env: { A: "1", B: "2" } } };
  return { definition: parsed.value, hash: "0", tasks: { [TASK_ID]: { ...stored, workspacePath: "/w/build" } } };
}

/** Starts a run and feeds it inputs; what is returned is the last step's result. */
function run(definition: JsonObject, inputs: readonly EngineInput[] = [], input: JsonValue = {}): StepResult {
  let result = start(snapshotOf(definition), input, EXECUTION);
  for (const next of inputs) result = step(result.state, next);
  return result;
}

const completed = (activityId: string, output: JsonValue = null): EngineInput => ({
  type: "task_completed",
  activityId,
  output,
});
const failed = (activityId: string, code = "SHELL_EXIT_CODE"): EngineInput => ({
  type: "task_failed",
  activityId,
  failure: { code, message: "exit code 1", details: { exit_code: 1 } },
});
const cancelled = (activityId: string): EngineInput => ({ type: "task_cancelled", activityId });

const started = ({ commands }: StepResult) =>
  commands.flatMap((command) => (command.type === "run_task" ? [command.nodeId] : []));
const outcome = ({ commands }: StepResult) =>
  commands.flatMap((command) => (command.type === "finish" ? [command.outcome] : []))[0];
const statuses = (state: EngineState) => Object.fromEntries(viewNodes(state).map(({ id, status }) => [id, status]));
const configOf = ({ commands }: StepResult, nodeId: string) =>
  commands.flatMap((command) => (command.type === "run_task" && command.nodeId === nodeId ? [command.config] : []))[0];

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
        { source: "a", target: "big", condition: "nodes.a.output.n > input.limit" },
        { source: "a", target: "small", condition: "${{ nodes.a.output.n <= input.limit }}" },
        { source: "small", target: "after" },
        { source: "after", target: "join" },
        { source: "big", target: "join" },
      ],
    };
    const branched = run(definition, [completed("a", { n: 5 })], { limit: 3 });
    expect(started(branched)).toEqual(["big"]);
    expect(branched.journal).toEqual([
      { kind: "completed", nodeId: "small", nodeType: "task", status: "skipped" },
      { kind: "completed", nodeId: "after", nodeType: "task", status: "skipped" },
    ]);
    expect(started(step(branched.state, completed("big")))).toEqual(["join"]);
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
          argv: ["echo", "${{ nodes.a.output.text }}", "id ${{ execution.id }}", "$${{ literal }}", "${HOME}"],
          success_exit_codes: "${{ input.codes }}",
          env: { STATUS: "${{ nodes.a.status }}", ERROR: "${{ json(nodes.a.error) }}" },
        }),
      ],
      edges: [{ source: "a", target: "b" }],
    };
    const result = run(definition, [completed("a", { text: "hi" })], { codes: [0, 3] });
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

describe("failing", () => {
  const withHandler = (on: string) => ({
    nodes: [task("a"), task("next"), task("handler", { command: "${{ 'echo ' + nodes.a.error.code }}" })],
    edges: [
      { source: "a", target: "next" },
      { source: "a", target: "handler", on },
    ],
  });

  test.each(["error", "always"])("goes on along an '%s' edge", (on) => {
    const result = run(withHandler(on), [failed("a")]);
    expect(started(result)).toEqual(["handler"]);
    expect(configOf(result, "handler")).toMatchObject({ command: "echo SHELL_EXIT_CODE" });
    const done = step(result.state, completed("handler", "mended"));
    expect(outcome(done)).toEqual({ status: "completed", output: { handler: "mended" } });
    expect(statuses(done.state)).toEqual({ a: "failed", next: "skipped", handler: "completed" });
  });

  test("does not take an error edge when the node completes, but takes an 'always' edge", () => {
    expect(started(run(withHandler("error"), [completed("a")]))).toEqual(["next"]);
    expect(run(withHandler("always"), [completed("a")]).journal).toMatchObject([
      { nodeId: "handler", kind: "entered" },
      { nodeId: "handler", kind: "completed", status: "failed" },
    ]);
  });

  test("fails the run where no edge takes a failure, cancels what runs, and ends once that has ended", () => {
    const parallel = { nodes: [task("a"), task("b"), task("c")], edges: [{ source: "a", target: "c" }] };
    const stopping = run(parallel, [failed("a")]);
    expect(stopping.commands).toEqual([{ type: "cancel_task", activityId: "b" }]);
    const done = step(stopping.state, cancelled("b"));
    expect(outcome(done)).toEqual({
      status: "failed",
      nodeId: "a",
      failure: { code: "SHELL_EXIT_CODE", message: "exit code 1", details: { exit_code: 1 } },
    });
    expect(statuses(done.state)).toEqual({ a: "failed", b: "cancelled", c: "pending" });
  });

  test("keeps the first failure when a task fails or completes while the run stops", () => {
    const parallel = { nodes: [task("a"), task("b"), task("c")] };
    const done = run(parallel, [failed("a", "TIMEOUT"), completed("c", 3), failed("b")]);
    expect(outcome(done)).toMatchObject({ status: "failed", nodeId: "a", failure: { code: "TIMEOUT" } });
    expect(statuses(done.state)).toEqual({ a: "failed", b: "failed", c: "completed" });
  });

  test("follows an error edge only where its condition holds", () => {
    const definition = {
      nodes: [task("a"), task("b")],
      edges: [{ source: "a", target: "b", on: "error", condition: "nodes.a.error.code == 'TIMEOUT'" }],
    };
    expect(started(run(definition, [failed("a", "TIMEOUT")]))).toEqual(["b"]);
    expect(outcome(run(definition, [failed("a", "HTTP_STATUS")]))).toMatchObject({ failure: { code: "HTTP_STATUS" } });
  });

  test("fails the run, with the place, when a condition does not evaluate or is neither true nor false", () => {
    const definition = (condition: string) => ({
      nodes: [task("a"), task("b")],
      edges: [{ source: "a", target: "b", condition }],
    });
    expect(outcome(run(definition("nodes.a.output.x > 1"), [completed("a", {})]))).toEqual({
      status: "failed",
      nodeId: "a",
      failure: {
        code: "EXPRESSION_FAILED",
        message: "/edges/0/condition: No such key: x",
        details: { pointer: "/edges/0/condition", expression: "nodes.a.output.x > 1", column: 16 },
      },
    });
    expect(outcome(run(definition("nodes.a.output"), [completed("a", 1)]))).toMatchObject({
      failure: { code: "EXPRESSION_FAILED", message: "/edges/0/condition: must be true or false, but is 1" },
    });
  });

  test("fails a node whose template does not evaluate, in the journal, and lets an error edge take it", () => {
    const definition = {
      nodes: [task("a", { command: "echo ${{ input.missing }}" }), task("b")],
      edges: [{ source: "a", target: "b", on: "error" }],
    };
    const result = run(definition);
    expect(started(result)).toEqual(["b"]);
    expect(result.journal).toMatchObject([
      { kind: "entered", nodeId: "a" },
      { kind: "completed", nodeId: "a", status: "failed", failure: { code: "EXPRESSION_FAILED" } },
    ]);
    expect(result.journal[1]?.failure?.message).toBe(
      "/nodes/0/config/config/command: No such key: missing (column 16)",
    );
  });

  test("fails a node whose rendered config is invalid", () => {
    const result = run({ nodes: [task("a", { argv: "${{ input.argv }}" })] }, [], { argv: [1] });
    expect(outcome(result)).toMatchObject({
      status: "failed",
      nodeId: "a",
      failure: { code: "CONFIG_INVALID", message: "/argv/0: must be a string" },
    });
  });

  test("does not start what the same step finds that it must not", () => {
    const result = run({ nodes: [task("a"), task("b", { command: "${{ input.missing }}" })] });
    expect(result.commands).toMatchObject([{ type: "finish", outcome: { status: "failed", nodeId: "b" } }]);
    expect(statuses(result.state)).toEqual({ a: "pending", b: "failed" });
  });

  test("fails a node whose output is over the limit, and no other", () => {
    const edges = [{ source: "a", target: "b", on: "error" }];
    const definition = { nodes: [task("a"), task("b")], edges, output: "short" };
    const limit = 2 * 1_024 * 1_024 - 64 * 1_024 - 2;
    expect(outcome(run(definition, [completed("a", "x".repeat(limit))]))).toMatchObject({ status: "completed" });
    const result = run(definition, [completed("a", "x".repeat(limit + 1))]);
    expect(started(result)).toEqual(["b"]);
    expect(result.journal).toMatchObject([{ nodeId: "a", status: "failed", failure: { code: "OUTPUT_TOO_LARGE" } }]);
  });

  test("fails a run whose output does not match its schema", () => {
    const schema = { type: "object", required: ["n"], properties: { n: { type: "integer" } } };
    const definition = { nodes: [task("a")], output: { n: "${{ nodes.a.output }}" }, output_schema: schema };
    expect(outcome(run(definition, [completed("a", 3)]))).toEqual({ status: "completed", output: { n: 3 } });
    expect(outcome(run(definition, [completed("a", "3")]))).toMatchObject({
      status: "failed",
      failure: { code: "OUTPUT_INVALID", message: "/n: must be integer" },
    });
  });

  test("fails a run whose output template does not evaluate", () => {
    const result = run({ nodes: [task("a")], output: "${{ nodes.a.output.x }}" }, [completed("a", 1)]);
    expect(outcome(result)).toMatchObject({ status: "failed", failure: { code: "EXPRESSION_FAILED" } });
  });

  test("fails a node of a kind that it does not know, as an old worker may meet one", () => {
    const snapshot = snapshotOf({ nodes: [task("a")] });
    const newer = JSON.parse(JSON.stringify(snapshot).replace('"type":"task"', '"type":"approval"'));
    expect(outcome(start(newer, {}, EXECUTION))).toMatchObject({ failure: { code: "NODE_TYPE_UNKNOWN" } });
  });
});

describe("cancelling", () => {
  test("cancels what runs and ends cancelled once it has ended", () => {
    const stopping = run(diamond, [completed("a"), { type: "cancel", reason: "enough" }]);
    expect(stopping.commands).toEqual([
      { type: "cancel_task", activityId: "b" },
      { type: "cancel_task", activityId: "c" },
    ]);
    const waiting = step(stopping.state, cancelled("b"));
    expect(waiting.commands).toEqual([]);
    expect(outcome(step(waiting.state, completed("c")))).toEqual({ status: "cancelled", reason: "enough" });
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
    expect(step(state, input)).toEqual({ state, commands: [], journal: [] });
  });

  test("ignores everything after the end", () => {
    const { state } = run({ nodes: [task("a")] }, [completed("a")]);
    for (const input of [completed("a"), { type: "cancel", reason: "late" } as const])
      expect(step(state, input)).toEqual({ state, commands: [], journal: [] });
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
      nodes: [task("constructor"), task("toString", { command: "echo ${{ nodes.constructor.output.x }}" })],
      edges: [{ source: "constructor", target: "toString" }],
    };
    const result = run(definition, [completed("constructor", { x: 1 })]);
    expect(configOf(result, "toString")).toMatchObject({ command: "echo 1" });
    expect(outcome(step(result.state, completed("toString", 2)))).toEqual({
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

import {
  cancelled,
  completed,
  configOf,
  EXECUTION,
  failed,
  NOW_MS,
  outcome,
  run,
  snapshotOf,
  started,
  statuses,
  task,
} from "../../tests/run-graph";
import { start, step } from "./engine";

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
    const done = step(result.state, completed("handler", "mended"), NOW_MS);
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
    const done = step(stopping.state, cancelled("b"), NOW_MS);
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
    expect(outcome(run(definition("nodes.a.output.exit_code > 1"), [completed("a", {})]))).toEqual({
      status: "failed",
      nodeId: "a",
      failure: {
        code: "EXPRESSION_FAILED",
        message: "/edges/0/condition: No such key: exit_code",
        details: { pointer: "/edges/0/condition", expression: "nodes.a.output.exit_code > 1", column: 16 },
      },
    });
    expect(outcome(run(definition("input.n"), [completed("a", 1)], { n: 1 }))).toMatchObject({
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
    const definition = { nodes: [task("a")], output: { n: "${{ input.n }}" }, output_schema: schema };
    expect(outcome(run(definition, [completed("a")], { n: 3 }))).toEqual({ status: "completed", output: { n: 3 } });
    expect(outcome(run(definition, [completed("a")], { n: "3" }))).toMatchObject({
      status: "failed",
      failure: { code: "OUTPUT_INVALID", message: "/n: must be integer" },
    });
  });

  test("fails a run whose output template does not evaluate", () => {
    const result = run({ nodes: [task("a")], output: "${{ nodes.a.output.exit_code }}" }, [completed("a", 1)]);
    expect(outcome(result)).toMatchObject({ status: "failed", failure: { code: "EXPRESSION_FAILED" } });
  });

  test("fails a node of a kind that it does not know, as an old worker may meet one", () => {
    const snapshot = snapshotOf({ nodes: [task("a")] });
    const newer = JSON.parse(JSON.stringify(snapshot).replace('"type":"task"', '"type":"teleport"'));
    expect(outcome(start(newer, {}, EXECUTION, NOW_MS))).toMatchObject({ failure: { code: "NODE_TYPE_UNKNOWN" } });
  });
});

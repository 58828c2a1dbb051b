import { nodeContext } from "../../../tests/node-context";
import { completed, configOf, NOW_MS, outcome, run as runGraph, task } from "../../../tests/run-graph";
import type { JsonValue } from "../../core/json";
import type { LoopNode } from "../../definition/graph-types";
import { loopBehaviour } from "./loop";
import type { NodeAction } from "./node-behaviour";

const body = { nodes: [], edges: [] };
const nodeWith = (config: Partial<LoopNode["config"]>): LoopNode => ({
  id: "l",
  type: "loop",
  config: { max_iterations: 5, body, ...config },
});
const context = nodeContext({
  output: (progress) => ({ l: { output: progress === undefined ? null : (loopBehaviour.output?.(progress) ?? null) } }),
});

/** Runs it with an output for each iteration; stops where it ends or the outputs do. */
function run(config: Partial<LoopNode["config"]>, outputs: readonly JsonValue[]): readonly NodeAction[] {
  const node = nodeWith(config);
  const actions = [loopBehaviour.enter(node, context)];
  for (const [index, output] of outputs.entries()) {
    const before = actions.at(-1);
    if (before?.type !== "wait") break;
    const outcome = { status: "completed", output } as const;
    const event = { type: "body_ended", suffix: `#${index + 1}`, outcome } as const;
    const action = loopBehaviour.resume?.(node, context, before.progress, event);
    if (action !== undefined) actions.push(action);
  }
  return actions;
}
const startOf = (iteration: number) => ({
  effects: [{ type: "start_body", suffix: `#${iteration}`, variables: { iteration } }],
});

test("goes on until the condition holds of what the iteration gave", () => {
  const actions = run({ until: "nodes.l.output.done" }, [{ done: false }, { done: true, n: 2 }, { done: false }]);
  expect(actions).toEqual([
    expect.objectContaining(startOf(1)),
    expect.objectContaining(startOf(2)),
    { type: "complete", output: { done: true, n: 2 } },
  ]);
  expect(loopBehaviour.iteration?.({ iteration: 2, output: null })).toBe(2);
});

test("looks at `while` before each iteration, with the last one's output", () => {
  const config = { while: "iteration == 1 || nodes.l.output < 3" };
  expect(run(config, [1, 2, 3]).at(-1)).toEqual({ type: "complete", output: 3 });
  expect(run({ while: "false" }, [])).toEqual([{ type: "complete", output: null }]);
  expect(run({ while: "nodes.l.output == null" }, [7]).at(-1)).toEqual({ type: "complete", output: 7 });
});

test("ends at its limit where it is done, and fails one past it", () => {
  const outputs = [1, 2, 3, 4, 5];
  expect(run({ until: "iteration == 5" }, outputs).at(-1)).toEqual({ type: "complete", output: 5 });
  expect(run({ while: "iteration <= 5" }, outputs).at(-1)).toEqual({ type: "complete", output: 5 });
  expect(run({ until: "iteration == 6" }, outputs).at(-1)).toMatchObject({ failure: { code: "LOOP_EXHAUSTED" } });
});

test("waits between two iterations, and not before the first or after the last", () => {
  const config = { until: "iteration == 2", delay: "10s" };
  const [first, second] = run(config, ["a"]);
  expect(first).toMatchObject(startOf(1));
  const progress = { iteration: 2, output: "a" };
  expect(second).toEqual({
    type: "wait",
    progress,
    effects: [{ type: "start_timer", name: "delay", dueAtMs: NOW_MS + 10_000 }],
  });
  const fired = { type: "timer_fired", name: "delay" } as const;
  expect(loopBehaviour.resume?.(nodeWith(config), context, progress, fired)).toMatchObject({ progress, ...startOf(2) });
  const ended = { type: "body_ended", suffix: "#2", outcome: { status: "completed", output: "b" } } as const;
  expect(loopBehaviour.resume?.(nodeWith(config), context, progress, ended)).toEqual({ type: "complete", output: "b" });
});

test("a failed iteration fails it", () => {
  const failure = { code: "HTTP_STATUS", message: "got 500" };
  const ended = { type: "body_ended", suffix: "#1", outcome: { status: "failed", failure } } as const;
  const progress = { iteration: 1, output: null };
  expect(loopBehaviour.resume?.(nodeWith({ until: "true" }), context, progress, ended)).toEqual({
    type: "fail",
    failure,
  });
});

test.each([
  ["1 + 1", "/config/until: must be true or false, but is 2"],
  ["nodes.l.output.x", "/config/until: "],
])("a condition that gives %p fails it", (until, message) => {
  expect(run({ until }, [1]).at(-1)).toMatchObject({
    failure: { code: "EXPRESSION_FAILED", message: expect.stringContaining(message) },
  });
});

test("in a run, body and conditions see the last iteration's output", () => {
  const page = task("page", { command: "fetch ${{ nodes.l.output == null ? 'start' : nodes.l.output.page.stdout }}" });
  const config = { until: "nodes.l.output.page.stdout == 'end'", max_iterations: 9, body: { nodes: [page] } };
  const definition = { nodes: [{ id: "l", type: "loop", config }] };
  expect(configOf(runGraph(definition), "page")).toMatchObject({ command: "fetch start" });
  const second = runGraph(definition, [completed("page", { stdout: "p2" })]);
  expect(second.commands).toMatchObject([{ activityId: "page#2", config: { command: "fetch p2" } }]);
  const ended = runGraph(definition, [completed("page", { stdout: "p2" }), completed("page#2", { stdout: "end" })]);
  expect(outcome(ended)).toEqual({ status: "completed", output: { l: { page: { stdout: "end" } } } });
});

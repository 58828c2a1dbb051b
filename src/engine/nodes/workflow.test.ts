import { nodeContext } from "../../../tests/node-context";
import { EXECUTION, NOW_MS, outcome, snapshotOf, task } from "../../../tests/run-graph";
import type { WorkflowNode } from "../../definition/graph-types";
import { start, step } from "../engine";
import { workflowBehaviour } from "./workflow";

const input_schema = { type: "object", properties: { n: { type: "integer" } } };
const { definition, hash } = snapshotOf({ input_schema, nodes: [task("a")] });
const workflows = { child: { name: "child", version: 3, definition, hash } };
const nodeWith = (config: WorkflowNode["config"]): WorkflowNode => ({ id: "w", type: "workflow", config });
const enter = (config: WorkflowNode["config"], input = {}) =>
  workflowBehaviour.enter(nodeWith(config), nodeContext({ workflows, input }));
const ended = (outcome: Parameters<NonNullable<typeof workflowBehaviour.resume>>[3]) =>
  workflowBehaviour.resume?.(nodeWith({ workflow_id: "child" }), nodeContext(), null, outcome);

test("starts a child run with a rendered input", () => {
  expect(enter({ workflow_id: "child", input: { n: "${{ input.n }}" } }, { n: 2 })).toEqual({
    type: "wait",
    progress: null,
    effects: [{ type: "start_child", workflowId: "child", input: { n: 2 } }],
    input: { workflow_id: "child", input: { n: 2 } },
  });
  expect(enter({ workflow_id: "child" })).toMatchObject({ effects: [{ input: {} }] });
  expect(workflowBehaviour.waiting?.(nodeWith({ workflow_id: "child" }), null)).toEqual({
    for: "child",
    workflowId: "child",
  });
});

test("ends as the child ends", () => {
  expect(ended({ type: "child_ended", outcome: { status: "completed", output: 5 } })).toEqual({
    type: "complete",
    output: 5,
  });
  const failure = { code: "MAP_FAILED", message: "no" };
  expect(ended({ type: "child_ended", outcome: { status: "failed", failure } })).toEqual({ type: "fail", failure });
  expect(ended({ type: "child_ended", outcome: { status: "cancelled" } })).toMatchObject({
    failure: { code: "CANCELLED" },
  });
  expect(ended({ type: "message" })).toEqual({ type: "wait", progress: null });
});

test("fails where the workflow is not there, or its input does not match", () => {
  expect(enter({ workflow_id: "gone" })).toMatchObject({ failure: { code: "WORKFLOW_NOT_FOUND" } });
  expect(enter({ workflow_id: "child", input: { n: "x" } })).toMatchObject({
    failure: { code: "CONFIG_INVALID", message: "/config/input/n: must be integer" },
  });
  expect(enter({ workflow_id: "child", input: "${{ input.a.b }}" })).toMatchObject({
    failure: { code: "EXPRESSION_FAILED" },
  });
  expect(enter({ workflow_id: "child", input: { x: "y".repeat(2_097_152) } })).toMatchObject({
    failure: { code: "CONFIG_INVALID", message: expect.stringContaining("larger than") },
  });
});

test("in a run, the child's end is the node's", () => {
  const parent = snapshotOf({ nodes: [{ id: "w", type: "workflow", config: { workflow_id: "child" } }] });
  const { state, commands } = start({ ...parent, workflows }, {}, EXECUTION, NOW_MS);
  expect(commands).toMatchObject([{ type: "start_child", childId: "w", workflowId: "child", input: {} }]);
  const ended = step(state, { type: "child_completed", childId: "w", output: 5 }, NOW_MS);
  expect(outcome(ended)).toEqual({ status: "completed", output: { w: 5 } });
});

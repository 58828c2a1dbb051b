import type { Failure } from "../../core/errors";
import type { JsonValue } from "../../core/json";
import { err, ok, type Result } from "../../core/result";
import { isLargerThan } from "../../core/utf8-size";
import type { WorkflowNode } from "../../definition/graph-types";
import { checkAgainstSchema } from "../../definition/json-schema";
import { problemsFailure, renderFailure } from "../failures";
import { MAX_CONFIG_BYTES } from "../limits";
import type { BodyOutcome, NodeAction, NodeBehaviour, NodeContext } from "./node-behaviour";

/** Runs another workflow, as it stood when this run was started, and takes its output. */
export const workflowBehaviour: NodeBehaviour<WorkflowNode> = {
  type: "workflow",
  enter: (node, context) => {
    const workflowId = node.config.workflow_id;
    const input = childInput(node, context);
    if (!input.ok) return { type: "fail", failure: input.error };
    return {
      type: "wait",
      progress: null,
      effects: [{ type: "start_child", workflowId, input: input.value }],
      input: { workflow_id: workflowId, input: input.value },
    };
  },
  resume: (_node, _context, progress, event) =>
    event.type === "child_ended" ? ended(event.outcome) : { type: "wait", progress },
  waiting: ({ config }) => ({ for: "child", workflowId: config.workflow_id }),
};

function childInput({ config }: WorkflowNode, context: NodeContext): Result<JsonValue, Failure> {
  const workflow = context.workflow(config.workflow_id);
  if (workflow === undefined) {
    const message = `workflow ${config.workflow_id} was not there when the run was started`;
    return err({ code: "WORKFLOW_NOT_FOUND", message, details: { workflow_id: config.workflow_id } });
  }
  const input = context.render(config.input ?? {}, "/config/input");
  if (!input.ok) return err(renderFailure(input.error));
  if (isLargerThan(JSON.stringify(input.value), MAX_CONFIG_BYTES))
    return err({ code: "CONFIG_INVALID", message: `/config/input: is larger than ${MAX_CONFIG_BYTES} bytes` });
  // A run that is started by a person is refused so as well, before it exists.
  const { input_schema } = workflow.definition;
  const problems = input_schema === undefined ? [] : checkAgainstSchema(input_schema, input.value);
  if (problems.length === 0) return ok(input.value);
  const under = problems.map((problem) => ({ ...problem, pointer: `/config/input${problem.pointer}` }));
  return err(problemsFailure("CONFIG_INVALID", under));
}

function ended(outcome: BodyOutcome): NodeAction {
  switch (outcome.status) {
    case "completed":
      return { type: "complete", output: outcome.output };
    case "failed":
      return { type: "fail", failure: outcome.failure };
    case "cancelled":
      return { type: "fail", failure: { code: "CANCELLED", message: "the child run was cancelled by itself" } };
  }
}

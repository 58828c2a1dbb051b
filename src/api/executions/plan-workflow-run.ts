import type { JsonValue } from "../../core/json";
import { prepareGraphRun } from "../../starting/prepare-graph-run";
import type { WorkflowRecord } from "../../store/records";
import type { ApiContext } from "../api-context";
import { MAX_INPUT_BYTES } from "../limits";
import { RequestCheck } from "../requests/request-check";
import type { RunPlan } from "./start-execution";

/** Snapshots the definition with what it names, and checks the input. Throws as `prepareGraphRun` does. */
export async function planWorkflowRun(
  { store, runs }: ApiContext,
  workflow: WorkflowRecord,
  inputText: string | undefined,
): Promise<RunPlan> {
  const input = decodeInput(inputText);
  const { run, requestHash } = await prepareGraphRun(store, workflow, input);
  return {
    kind: "workflow",
    subjectId: workflow.id,
    requestHash,
    input,
    definitionHash: workflow.definitionHash,
    workflowVersion: workflow.version,
    start: (executionId) => runs.startGraph({ ...run, executionId }, requestHash),
  };
}

function decodeInput(text: string | undefined): JsonValue {
  if (text === undefined) return {};
  const check = new RequestCheck();
  const input = check.json("input", text, MAX_INPUT_BYTES);
  check.finish();
  return input;
}

import type { JsonObject, JsonValue } from "../../core/json";
import type { Breakpoints } from "../../engine/steering";
import { contentHash } from "../../starting/content-hash";
import { prepareGraphRun } from "../../starting/prepare-graph-run";
import { namesOf, type RunNames } from "../../starting/run-names";
import type { WorkflowRecord } from "../../store/records";
import type { ApiContext } from "../api-context";
import { MAX_INPUT_BYTES } from "../limits";
import { RequestCheck } from "../requests/request-check";
import { checkBreakpoints } from "./breakpoints";
import type { RunPlan, RunRequest } from "./start-execution";

/** Snapshots the definition with what it names, and checks the input. Throws as `prepareGraphRun` does. */
export async function planWorkflowRun(
  { store, runs }: ApiContext,
  workflow: WorkflowRecord,
  inputText: string | undefined,
  { names, breakpoints }: { readonly names: RunNames; readonly breakpoints?: Breakpoints | undefined },
): Promise<RunPlan> {
  const input = decodeInput(inputText);
  const prepared = await prepareGraphRun(store, workflow, input, names);
  if (breakpoints !== undefined) checkBreakpoints(prepared.run.snapshot.definition, breakpoints);
  const run = breakpoints === undefined ? prepared.run : { ...prepared.run, breakpoints };
  const request = workflowRequest(workflow.id, input, breakpoints);
  return {
    ...request,
    input,
    definitionHash: workflow.definitionHash,
    workflowVersion: workflow.version,
    ...namesOf(run),
    start: (executionId) => runs.startGraph({ ...run, executionId }, request.requestHash),
  };
}

/** The same of a call that is not planned yet. Throws INVALID_ARGUMENT. */
export function readWorkflowRequest(
  workflowId: string,
  inputText: string | undefined,
  breakpoints: Breakpoints | undefined,
): RunRequest {
  return workflowRequest(workflowId, decodeInput(inputText), breakpoints);
}

function workflowRequest(subjectId: string, input: JsonValue, breakpoints: Breakpoints | undefined): RunRequest {
  // A request without them hashes as it always did.
  const asked: JsonObject = breakpoints === undefined ? { input } : { input, breakpoints: { ...breakpoints } };
  return { kind: "workflow", subjectId, requestHash: contentHash(asked) };
}

function decodeInput(text: string | undefined): JsonValue {
  if (text === undefined) return {};
  const check = new RequestCheck();
  const input = check.json("input", text, MAX_INPUT_BYTES);
  check.finish();
  return input;
}

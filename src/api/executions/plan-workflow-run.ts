import type { JsonValue } from "../../core/json";
import type { Breakpoints } from "../../engine/steering";
import { contentHash } from "../../starting/content-hash";
import { prepareGraphRun } from "../../starting/prepare-graph-run";
import { namesOf, type RunNames } from "../../starting/run-names";
import type { WorkflowRecord } from "../../store/records";
import type { ApiContext } from "../api-context";
import { MAX_INPUT_BYTES } from "../limits";
import { RequestCheck } from "../requests/request-check";
import { checkBreakpoints } from "./breakpoints";
import type { RunPlan } from "./start-execution";

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
  // A request without them hashes as it always did.
  const requestHash =
    breakpoints === undefined ? prepared.requestHash : contentHash({ input, breakpoints: { ...breakpoints } });
  return {
    kind: "workflow",
    subjectId: workflow.id,
    requestHash,
    input,
    definitionHash: workflow.definitionHash,
    workflowVersion: workflow.version,
    ...namesOf(run),
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

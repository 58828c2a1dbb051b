import { isOrchestratorError } from "../core/errors";
import { type ExecutionId, parseWorkflowId } from "../core/ids";
import type { JsonValue } from "../core/json";
import { executionVariable } from "../reactions/ended-execution";
import { renderReactionInput } from "../reactions/reaction-templates";
import { type PlanStore, prepareGraphRun } from "../starting/prepare-graph-run";
import { namesOf } from "../starting/run-names";
import type { ReactionRecord } from "../store/reaction-records";
import type { ExecutionRecord } from "../store/records";
import type { Store } from "../store/store-port";
import type { Runs } from "../temporal/runs-port";

/**
 * How many executions may start one another by their ends. Workflows that start each other would go on for ever; a chain that is
 * meant to be longer belongs into one workflow.
 */
export const MAX_CHAIN_DEPTH = 10;

export type FollowUpStore = PlanStore & Pick<Store, "getWorkflow" | "recordStarted">;

interface FollowUp {
  readonly store: FollowUpStore;
  readonly runs: Pick<Runs, "startGraph">;
  /** The id under which it is started, the same however often this is tried; null where the delivery is gone. */
  claim(): Promise<ExecutionId | null>;
}

/**
 * Starts the workflow that is to follow an execution, with the workflow as it stands now; a second start under the same id is
 * none. Returns why it could not, in words for a person; null where it did. Throws UNAVAILABLE.
 */
export async function startFollowUp(
  { store, runs, claim }: FollowUp,
  ended: ExecutionRecord,
  reaction: ReactionRecord,
): Promise<string | null> {
  const chainDepth = (ended.chainDepth ?? 0) + 1;
  if (chainDepth > MAX_CHAIN_DEPTH) {
    return `executions may start each other ${MAX_CHAIN_DEPTH} times in a row, and execution ${ended.id} is the last of such a chain`;
  }
  const input = inputOf(reaction, ended);
  if (!input.ok) return input.error;
  try {
    const workflow = await store.getWorkflow(parseWorkflowId(reaction.target));
    if (workflow === null) return `there is no workflow ${reaction.target} any more`;
    const origin = { causedById: ended.id, chainDepth };
    const { run, requestHash } = await prepareGraphRun(store, workflow, input.value, { origin });
    const executionId = await claim();
    if (executionId === null) return null;
    const startedAt = new Date();
    const { temporalWorkflowId, temporalRunId } = await runs.startGraph({ ...run, executionId }, requestHash);
    // The run does so too, a second later; whoever follows the link from the execution that ended should find something.
    await store.recordStarted({
      id: executionId,
      kind: "workflow",
      subjectId: workflow.id,
      temporalWorkflowId,
      temporalRunId,
      input: input.value,
      startedAt,
      definitionHash: workflow.definitionHash,
      workflowVersion: workflow.version,
      ...namesOf(run),
    });
    return null;
  } catch (error) {
    // A refusal would be the same again; a database or a Temporal that is away comes back.
    if (isOrchestratorError(error) && error.code !== "UNAVAILABLE") return error.message;
    throw error;
  }
}

function inputOf({ input }: ReactionRecord, ended: ExecutionRecord) {
  if (input === null) return { ok: true as const, value: {} as JsonValue };
  return renderReactionInput(JSON.parse(input) as JsonValue, executionVariable(ended));
}

import {
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  defineSearchAttributeKey,
  TerminatedFailure,
  TimeoutFailure,
} from "@temporalio/common";
import { type ChildWorkflowOptions, executeChild, uuid4 } from "@temporalio/workflow";
import type { Failure } from "../core/errors";
import type { JsonValue } from "../core/json";
import type { EngineInput, StartChildCommand } from "../engine/engine-types";
import type { SeedInput } from "../engine/seeds";
import { codeOf } from "../events/activity-failure";
import { childSnapshot } from "./child-snapshot";
import { executionIdAt } from "./execution-id";
import {
  GRAPH_WORKFLOW,
  type GraphRunInput,
  graphRunId,
  MEMO_EXECUTION_ID,
  MEMO_REQUEST_HASH,
  type RedrivenRun,
  SEARCH_ATTRIBUTES,
} from "./history-contract";
import { graphDetails } from "./run-details";
import type { RunFailureDetails } from "./run-end";

/** The execution id of a child run that is about to be started. */
export function newChildExecutionId(): string {
  return executionIdAt(Date.now(), uuid4());
}

/** The input of a child run; null where the parent's snapshot lacks the workflow. */
export function childRunInput(
  parent: GraphRunInput,
  { workflowId, input, seeds }: StartChildCommand,
  executionId: string,
): GraphRunInput | null {
  const { engineVersion, snapshot, continueAfterEvents, announcesApprovals, announcesWaits, tariff } = parent;
  const workflow = snapshot.workflows?.[workflowId];
  if (workflow === undefined) return null;
  return {
    engineVersion,
    executionId,
    workflowId,
    workflowVersion: workflow.version,
    name: workflow.name,
    snapshot: childSnapshot(snapshot, workflow),
    input,
    ...(seeds === undefined ? {} : { redriven: redrivenBy(seeds) }),
    ...(workflow.definition.labels === undefined ? {} : { labels: workflow.definition.labels }),
    ...(continueAfterEvents === undefined ? {} : { continueAfterEvents }),
    ...(announcesApprovals === undefined ? {} : { announcesApprovals }),
    ...(announcesWaits === undefined ? {} : { announcesWaits }),
    ...(tariff === undefined ? {} : { tariff }),
  };
}

function redrivenBy({ from, ends, children }: SeedInput): RedrivenRun {
  return { executionId: from, ends, ...(children === undefined ? {} : { children }) };
}

/** Runs a child to its end, in the current cancellation scope. Throws what is not about the child run. */
export async function runChild(childId: string, input: GraphRunInput): Promise<EngineInput> {
  try {
    const output: JsonValue = await executeChild(GRAPH_WORKFLOW, { ...childOptions(input), args: [input] });
    return { type: "child_completed", childId, output: output ?? null };
  } catch (error) {
    return endOfChild(childId, error);
  }
}

function childOptions(input: GraphRunInput): Omit<ChildWorkflowOptions, "args"> {
  return {
    // A node counts as cancelled when its child run has ended. One whose parent is terminated is cancelled, not killed.
    cancellationType: "WAIT_CANCELLATION_COMPLETED",
    parentClosePolicy: "REQUEST_CANCEL",
    memo: { [MEMO_EXECUTION_ID]: input.executionId, [MEMO_REQUEST_HASH]: "" },
    ...graphStartOptions(input),
  };
}

/** As `src/temporal/runs.ts` starts a run: whoever looks for it finds it by the same ids and attributes. */
export function graphStartOptions(input: GraphRunInput): Omit<ChildWorkflowOptions, "args"> {
  const { workflowId, executionId, snapshot } = input;
  const attribute = (name: keyof typeof SEARCH_ATTRIBUTES, value: string) => ({
    key: defineSearchAttributeKey(SEARCH_ATTRIBUTES[name], "KEYWORD"),
    value,
  });
  return {
    workflowId: graphRunId(workflowId, executionId),
    workflowIdReusePolicy: "REJECT_DUPLICATE",
    typedSearchAttributes: [
      attribute("executionId", executionId),
      attribute("workflowId", workflowId),
      attribute("definitionHash", snapshot.hash),
    ],
    ...graphDetails(input),
  };
}

/** Reads what the SDK throws for a child run. Errors that are not about it are defects and are thrown on. */
export function endOfChild(childId: string, error: unknown): EngineInput {
  // Cancelled before it was started.
  if (error instanceof CancelledFailure) return { type: "child_cancelled", childId };
  if (!(error instanceof ChildWorkflowFailure)) throw error;
  if (error.cause instanceof CancelledFailure) return { type: "child_cancelled", childId };
  return { type: "child_failed", childId, failure: failureOf(error.cause) };
}

function failureOf(cause: Error | undefined): Failure {
  if (cause instanceof TerminatedFailure) return { code: "TERMINATED", message: "the child run was terminated" };
  if (cause instanceof TimeoutFailure) return { code: "TIMEOUT", message: "the child run took longer than it may" };
  if (!(cause instanceof ApplicationFailure))
    return { code: "INTERNAL", message: cause?.message ?? "the child run failed without saying why" };
  const told = cause.details?.[0] as RunFailureDetails | null | undefined;
  return {
    code: codeOf(cause.type ?? ""),
    message: cause.message,
    ...(told?.details === undefined ? {} : { details: told.details }),
  };
}

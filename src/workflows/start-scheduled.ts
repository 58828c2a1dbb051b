import {
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  defineSearchAttributeKey,
  WorkflowExecutionAlreadyStartedError,
} from "@temporalio/common";
import {
  CancellationScope,
  type ChildWorkflowOptions,
  executeChild,
  proxyActivities,
  sleep,
  workflowInfo,
} from "@temporalio/workflow";
import { graphStartOptions } from "./child-runs";
import {
  GRAPH_WORKFLOW,
  MEMO_EXECUTION_ID,
  MEMO_REQUEST_HASH,
  MEMO_SCHEDULE_ID,
  type PLAN_SCHEDULED_RUN,
  type PlanScheduledInput,
  type ScheduledPlan,
  SEARCH_ATTRIBUTES,
  type StartScheduledInput,
  type StartScheduledResult,
  TASK_WORKFLOW,
  taskRunId,
} from "./history-contract";
import { taskDetails } from "./run-details";

/** A few reads of the database. */
const PLAN_TIMEOUT_MS = 30_000;
const MAX_PLAN_INTERVAL_MS = 10_000;

/**
 * How long a task that runs is waited for: a run that was terminated to make way for this one closes a moment after its
 * starter. One that somebody else started is not waited for.
 */
const BUSY_TRIES = 10;
const BUSY_PAUSE_MS = 500;

/** Tried until the database answers; what is refused is refused at once. */
const { planScheduledRun } = proxyActivities<
  Record<typeof PLAN_SCHEDULED_RUN, (input: PlanScheduledInput) => Promise<ScheduledPlan>>
>({
  startToCloseTimeout: PLAN_TIMEOUT_MS,
  retry: { maximumInterval: MAX_PLAN_INTERVAL_MS, nonRetryableErrorTypes: ["TypeError"] },
});

/** Set by Temporal on what a schedule starts: the time that the start is for, without jitter and delay. */
const SCHEDULED_TIME = defineSearchAttributeKey("TemporalScheduledStartTime", "DATETIME");

/**
 * Temporal workflow that a schedule starts at each of its times: starts the execution, as a child, and ends as it ends. So
 * whether an execution still runs is to the schedule whether this one does, and cancelling or terminating this one does the
 * same to the execution. The execution's id is this run's: nothing is started twice, whatever is tried again.
 */
export async function startScheduled({ spec: _, ...input }: StartScheduledInput): Promise<StartScheduledResult> {
  const { firstExecutionRunId: executionId, typedSearchAttributes, startTime } = workflowInfo();
  const scheduledTime = (typedSearchAttributes.get(SCHEDULED_TIME) ?? startTime).toISOString();
  const plan = await planScheduledRun({ ...input, scheduledTime });
  for (let tries = 1; ; tries++) {
    try {
      await runPlan(plan, executionId, input.scheduleId);
      return { executionId };
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) return endAs(error, executionId);
    }
    if (tries === BUSY_TRIES) return { executionId, skipped: `${input.kind} ${input.subjectId} was running already` };
    await sleep(BUSY_PAUSE_MS);
  }
}

async function runPlan(plan: ScheduledPlan, executionId: string, scheduleId: string): Promise<void> {
  const memo = {
    [MEMO_EXECUTION_ID]: executionId,
    [MEMO_REQUEST_HASH]: plan.requestHash,
    [MEMO_SCHEDULE_ID]: scheduleId,
  };
  const shared: ChildWorkflowOptions = {
    memo,
    // The schedule's next time may wait until this execution has really ended.
    cancellationType: "WAIT_CANCELLATION_COMPLETED",
    parentClosePolicy: "TERMINATE",
  };
  if (plan.kind === "workflow") {
    const run = { ...plan.run, executionId };
    await executeChild(GRAPH_WORKFLOW, { ...graphStartOptions(run), ...shared, args: [run] });
    return;
  }
  const run = { ...plan.run, executionId };
  const attribute = (name: "executionId" | "taskId", value: string) => ({
    key: defineSearchAttributeKey(SEARCH_ATTRIBUTES[name], "KEYWORD"),
    value,
  });
  await executeChild(TASK_WORKFLOW, {
    ...shared,
    workflowId: taskRunId(run.taskId),
    workflowIdReusePolicy: "ALLOW_DUPLICATE",
    typedSearchAttributes: [attribute("executionId", executionId), attribute("taskId", run.taskId)],
    ...taskDetails(run),
    args: [run],
  });
}

/** A failed execution is a failed start, for `pause_on_failure`; one that a person cancelled is neither. */
function endAs(error: unknown, executionId: string): StartScheduledResult {
  if (!(error instanceof ChildWorkflowFailure)) throw error;
  const { cause } = error;
  if (cause instanceof CancelledFailure) {
    if (CancellationScope.current().consideredCancelled) throw error;
    return { executionId };
  }
  if (cause instanceof ApplicationFailure)
    throw ApplicationFailure.create({ type: cause.type ?? "INTERNAL", message: cause.message, nonRetryable: true });
  throw error;
}

import { CancellationScope, defineQuery, setHandler } from "@temporalio/workflow";
import type { JsonValue } from "../core/json";
import type { RunOutcome } from "../engine/engine-types";
import { endOfActivity } from "./activity-error";
import { cancelReason } from "./cancel-reason";
import { showWhenAsked } from "./current-details";
import { STATE_QUERY, TASK_ACTIVITY_ID, type TaskRunInput } from "./history-contract";
import { listenToRunners } from "./live-progress";
import { RecordKeeper, recordedNames } from "./record-keeping";
import { boundOutcome, endRun, failRunOnDefect, requireKnownEngine } from "./run-end";
import { runRunner } from "./run-runner";
import { SIGNALS_PER_RUN } from "./signal-budget";
import { detailsTable, type NodeStateView, type StateView } from "./state-view";

const stateQuery = defineQuery<StateView>(STATE_QUERY);

/** Temporal workflow: executes one stored task. Returns the task's output. */
export async function executeTask(input: TaskRunInput): Promise<JsonValue> {
  requireKnownEngine(input.engineVersion);
  let status: StateView["status"] = "running";
  const progress = listenToRunners();
  const view = (): NodeStateView => {
    const node = { id: TASK_ACTIVITY_ID, type: "task", name: input.title, status };
    return { ...node, ...progress.get(TASK_ACTIVITY_ID) };
  };
  showWhenAsked(() => detailsTable([view()]));
  setHandler(stateQuery, () => ({
    executionId: input.executionId,
    status,
    nodes: [view()],
  }));

  const { executionId, taskId, config } = input;
  const records = new RecordKeeper({
    executionId,
    kind: "task",
    subjectId: taskId,
    input: config,
    ...recordedNames(input),
  });
  const outcome = boundOutcome(await failRunOnDefect(() => runTask(input)));
  status = outcome.status;
  records.end(outcome);
  return endRun(outcome);
}

async function runTask(input: TaskRunInput): Promise<RunOutcome> {
  const { executionId, taskId, config, workspacePath, options, taskType, title } = input;
  try {
    const output = await CancellationScope.cancellable(() =>
      runRunner({
        taskType,
        activityId: TASK_ACTIVITY_ID,
        summary: title,
        input: { executionId, taskId, config, workspacePath, options, signalBudget: SIGNALS_PER_RUN },
      }),
    );
    return { status: "completed", output: output ?? null };
  } catch (error) {
    const end = endOfActivity(error);
    return end.cancelled ? { status: "cancelled", reason: cancelReason() } : { status: "failed", failure: end.failure };
  }
}

import { ApplicationFailure, activityInfo } from "@temporalio/activity";
import type { StartedRun } from "../../src/temporal/runs-port";
import {
  PERFORM_REACTION,
  PLAN_SCHEDULED_RUN,
  type PlanScheduledInput,
  REACT_WORKFLOW,
  type ReactInput,
  type ReactResult,
  type ScheduledPlan,
  START_SCHEDULED_WORKFLOW,
  type StartScheduledInput,
} from "../../src/workflows/history-contract";
import { graphInput, type RunsFixture, scripted, TASK_QUEUE, taskInput } from "../integration/runs-fixture";

type Scenario = (fixture: RunsFixture) => Promise<StartedRun>;

/** What these runs ask of the store, without one: the input is the command of what is planned. */
export const STARTING_ACTIVITIES = {
  [PLAN_SCHEDULED_RUN]: async (plan: PlanScheduledInput): Promise<ScheduledPlan> => {
    const command = String(plan.input);
    const origin = { scheduleId: plan.scheduleId };
    if (plan.kind === "task") return { kind: "task", requestHash: "hash", run: taskInput({ command }, { origin }) };
    const definition = { version: 1 as const, nodes: [scripted("a", command)], edges: [] };
    return { kind: "workflow", requestHash: "hash", run: graphInput(definition, {}, { origin }) };
  },
  [PERFORM_REACTION]: async (): Promise<ReactResult> => {
    if (activityInfo().attempt > 1) return { status: "DONE" };
    throw ApplicationFailure.create({ type: "CALLBACK_FAILED", message: "not yet", nextRetryDelay: 100 });
  },
};

/** Runs that are no executions: what schedules start, and what carries out reactions. */
export const STARTING_SCENARIOS: Readonly<Record<string, Scenario>> = {
  "scheduled-task": (fixture) => scheduled(fixture, "task", "say scheduled"),

  "scheduled-graph": (fixture) => scheduled(fixture, "workflow", "say scheduled"),

  "scheduled-failed": (fixture) => scheduled(fixture, "workflow", "fail SHELL_EXIT_CODE"),

  "reaction-retried": (fixture) =>
    start(fixture, REACT_WORKFLOW, { executionId: "e", reactionId: "fails once" } satisfies ReactInput),
};

function scheduled(fixture: RunsFixture, kind: "task" | "workflow", input: string): Promise<StartedRun> {
  const argument: StartScheduledInput = {
    scheduleId: "recorded",
    kind,
    subjectId: "s",
    input,
    spec: { cron: ["@daily"] },
  };
  return start(fixture, START_SCHEDULED_WORKFLOW, argument);
}

let count = 0;

async function start({ temporal }: RunsFixture, type: string, argument: object): Promise<StartedRun> {
  count += 1;
  const temporalWorkflowId = `recorded/${type}/${count}`;
  const handle = await temporal.client.workflow.start(type, {
    taskQueue: TASK_QUEUE,
    workflowId: temporalWorkflowId,
    args: [argument],
  });
  const temporalRunId = handle.firstExecutionRunId;
  return { executionId: temporalRunId, temporalWorkflowId, temporalRunId, attached: false, requestHash: "" };
}

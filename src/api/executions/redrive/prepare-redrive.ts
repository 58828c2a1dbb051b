import { type FieldViolation, invalidArgument, OrchestratorError } from "../../../core/errors";
import { parseTaskId, parseWorkflowId } from "../../../core/ids";
import type { JsonObject } from "../../../core/json";
import { jsonBytes } from "../../../core/json-size";
import type { DefinitionSnapshot } from "../../../definition/graph-types";
import type { ChildSeed } from "../../../engine/seeds";
import { RedrivePlan as WirePlan } from "../../../gen/proto/executions";
import { planRedrive } from "../../../redrive/plan-redrive";
import type { PlannedNode, RedrivePlan, RedriveProblem } from "../../../redrive/redrive-types";
import { contentHash } from "../../../starting/content-hash";
import { assertFits, fitsInStart, prepareRedrivenRun } from "../../../starting/prepare-graph-run";
import { namesOf } from "../../../starting/run-names";
import type { ExecutionRecord } from "../../../store/records";
import {
  type GraphRunInput,
  type RedrivenRun,
  TASK_ACTIVITY_ID,
  type TaskRunInput,
} from "../../../workflows/history-contract";
import type { ApiContext } from "../../api-context";
import { executionKindCodec } from "../../convert/execution";
import { encodeRedriveNode } from "../../convert/redrive";
import { startUnlessClosing } from "../plan-task-run";
import type { RunPlan } from "../start-execution";
import { childSeeds, withChildren } from "./child-redrives";
import type { RedriveWish } from "./redrive-request";
import { type RedriveSource, readSource } from "./redrive-source";

/** A redrive that could be started now. */
export interface PreparedRedrive {
  readonly plan: WirePlan;
  readonly start: RunPlan;
}

/** Says what the redrive would do, and how it is started. Throws as PlanRedrive. */
export async function prepareRedrive(
  context: ApiContext,
  record: ExecutionRecord,
  wish: RedriveWish,
): Promise<PreparedRedrive> {
  const source = await readSource(context, record);
  return source.kind === "task"
    ? await prepareTask(context, record, wish, source.run)
    : await prepareGraph(context, record, wish, source);
}

async function prepareGraph(
  context: ApiContext,
  record: ExecutionRecord,
  wish: RedriveWish,
  { run: source, past }: Extract<RedriveSource, { readonly kind: "workflow" }>,
): Promise<PreparedRedrive> {
  const { input = source.input } = wish;
  const run = await runToStart(context, wish, source, input);
  const isInputNew = contentHash({ input }) !== contentHash({ input: source.input });
  const { executionId, from, outputs } = wish;
  const asked = { executionId, past, input, isInputNew, from, outputs };
  const planned = planRedrive({ ...asked, before: source.snapshot, after: run.snapshot, nowMs: Date.now() });
  if (!planned.ok) throw refused(planned.error);
  const { seeds } = planned.value;
  const redrive = { question: { past, from, after: run.snapshot }, plan: planned.value };
  const { redriven, children } = redrivenRun(run, { executionId, ends: seeds }, await childSeeds(context, redrive));
  assertFits(redriven);
  const nodes = withChildren(planned.value.nodes, children);
  const requestHash = wish.hash;
  const plan = WirePlan.fromPartial({
    executionId,
    kind: executionKindCodec.encode("workflow"),
    running: record.status === "RUNNING" && !past.isOver,
    workflowVersion: run.workflowVersion,
    nodes: nodes.map(encodeRedriveNode),
    planToken: tokenOf(wish, { seeds, children, nodes, snapshot: run.snapshot }),
    reusedBytes: jsonBytes([...seeds, ...children] as unknown as JsonObject[]),
    warnings: [...warningsOf(nodes, { isRunning: !past.isOver, isInputNew })],
  });
  const start: RunPlan = {
    kind: "workflow",
    subjectId: source.workflowId,
    requestHash,
    input,
    definitionHash: run.snapshot.hash,
    workflowVersion: run.workflowVersion,
    redrivenFrom: executionId,
    ...namesOf(run),
    start: (id) => context.runs.startGraph({ ...redriven, executionId: id }, requestHash),
  };
  return { plan, start };
}

/** Where the child runs would make it too large to be started with what they go on from, they begin anew. */
function redrivenRun(
  run: Omit<GraphRunInput, "executionId">,
  redriven: RedrivenRun,
  children: readonly ChildSeed[],
): { readonly redriven: GraphRunInput; readonly children: readonly ChildSeed[] } {
  const without: GraphRunInput = { ...run, executionId: "", redriven };
  const whole: GraphRunInput = { ...without, redriven: { ...redriven, children } };
  return children.length > 0 && fitsInStart(whole)
    ? { redriven: whole, children }
    : { redriven: without, children: [] };
}

async function runToStart(
  { store }: ApiContext,
  { workflowVersion }: RedriveWish,
  source: GraphRunInput,
  input: GraphRunInput["input"],
): Promise<Omit<GraphRunInput, "executionId">> {
  const id = parseWorkflowId(source.workflowId);
  const workflow = await store.getWorkflow(id);
  if (workflow === null) {
    const message = `workflow ${id} was deleted, and is not executed any more; \`aco execution export\` has its definition`;
    throw new OrchestratorError("FAILED_PRECONDITION", message);
  }
  if (workflowVersion === undefined) return await prepareRedrivenRun(store, workflow, { source, input });
  const version = await store.getWorkflowVersion(id, workflowVersion);
  if (version !== null) return await prepareRedrivenRun(store, workflow, { source, version, input });
  const description = `must be one of workflow ${id}, whose newest is ${workflow.version}; got ${workflowVersion}`;
  throw invalidArgument([{ field: "workflow_version", description }]);
}

function refused(problems: readonly RedriveProblem[]): OrchestratorError {
  const violations = problems.flatMap(({ field, message }): FieldViolation[] =>
    field === undefined ? [] : [{ field, description: message }],
  );
  if (violations.length > 0) return invalidArgument(violations);
  return new OrchestratorError("FAILED_PRECONDITION", problems.map(({ message }) => message).join("; "));
}

/** Of the request, and of what would come of it: why a node runs again may be told otherwise a moment later. */
function tokenOf(
  wish: RedriveWish,
  plan: RedrivePlan & { readonly children: readonly ChildSeed[]; readonly snapshot: DefinitionSnapshot },
): string {
  const nodes = plan.nodes.map(({ reason: _, ...node }) => node);
  const result = { ...plan, nodes } as unknown as JsonObject;
  return `${wish.hash.slice(0, 16)}.${contentHash(result).slice(0, 32)}`;
}

function warningsOf(
  nodes: readonly PlannedNode[],
  { isRunning, isInputNew }: { readonly isRunning: boolean; readonly isInputNew: boolean },
): readonly string[] {
  const warnings: string[] = [];
  if (isRunning) warnings.push("the execution still runs and is left alone: both go on; cancel it if it should not");
  const old = nodes.filter(({ action, reason }) => action === "REUSED" && reason.includes("old input"));
  if (isInputNew && old.length > 0) {
    const names = old.map(({ nodeId }) => nodeId);
    warnings.push(
      `reused nodes made of the old input: ${names.slice(0, 20).join(", ")}; name one with \`from\` to run it`,
    );
  }
  if (!nodes.some(({ action }) => action === "RUNS_AGAIN" || action === "RUNS" || action === "NEW"))
    warnings.push("nothing is left to run: the new execution ends at once");
  return warnings;
}

async function prepareTask(
  context: ApiContext,
  record: ExecutionRecord,
  wish: RedriveWish,
  source: TaskRunInput,
): Promise<PreparedRedrive> {
  assertPlain(wish);
  const task = await context.store.getTask(parseTaskId(source.taskId));
  if (task === null)
    throw new OrchestratorError(
      "FAILED_PRECONDITION",
      `task ${source.taskId} was deleted, and is not executed any more`,
    );
  if (task.status === "RUNNING") throw runsAlready(source.taskId, String(task.lastExecutionId));
  const node: PlannedNode = {
    nodeId: TASK_ACTIVITY_ID,
    nodeType: "task",
    action: "RUNS_AGAIN",
    reused: 0,
    again: [TASK_ACTIVITY_ID],
    repeatsEffects: source.taskType !== "noop",
    reason: "with the config that it was started with",
  };
  const { origin: _, ...same } = source;
  const run: TaskRunInput = { ...same, redriven: { executionId: wish.executionId } };
  const plan = WirePlan.fromPartial({
    executionId: wish.executionId,
    kind: executionKindCodec.encode("task"),
    nodes: [encodeRedriveNode(node)],
    planToken: `${wish.hash.slice(0, 16)}.${contentHash(source as unknown as JsonObject).slice(0, 32)}`,
  });
  const start: RunPlan = {
    kind: "task",
    subjectId: source.taskId,
    requestHash: wish.hash,
    input: source.config,
    redrivenFrom: record.id,
    ...namesOf(same),
    start: async (executionId) => {
      const started = await startUnlessClosing(context, { ...run, executionId }, wish.hash);
      if (started.executionId !== executionId) throw runsAlready(source.taskId, started.executionId);
      return started;
    },
  };
  return { plan, start };
}

function runsAlready(taskId: string, executionId: string): OrchestratorError {
  const message = `task ${taskId} is running (execution ${executionId}), and runs once at a time; wait for its end`;
  return new OrchestratorError("FAILED_PRECONDITION", message);
}

/** A task has one node, and its config is its input. */
function assertPlain({ from, outputs, input, workflowVersion }: RedriveWish): void {
  const only = "is for executions of workflows; a task runs again with the config that it was started with";
  const given = {
    from: from.length > 0,
    outputs: outputs.size > 0,
    input: input !== undefined,
    workflow_version: workflowVersion !== undefined,
  };
  const violations = Object.entries(given).flatMap(([field, isGiven]) =>
    isGiven ? [{ field, description: only }] : [],
  );
  if (violations.length > 0) throw invalidArgument(violations);
}

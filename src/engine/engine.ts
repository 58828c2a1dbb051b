import type { Failure } from "../core/errors";
import type { JsonValue } from "../core/json";
import { graphIndex } from "../definition/graph-index";
import type { DefinitionSnapshot } from "../definition/graph-types";
import { Draft, type StepResult } from "./draft";
import type { EngineState, ExecutionInfo } from "./engine-state";
import type { EngineInput } from "./engine-types";
import type { NodeContext } from "./nodes/node-behaviour";
import { nodeBehaviour } from "./nodes/registry";
import { completedOutcome } from "./output";
import { render } from "./scope";
import { completeNode, failNode, skipNode, stopRun } from "./settle";

export { concurrencyKey } from "./concurrency-key";
export type { StepResult } from "./draft";
export type { EngineState, ExecutionInfo } from "./engine-state";
export { viewNodes } from "./view-nodes";

/** The first step of a run: enters the nodes that nothing leads to. Never throws on a checked definition. */
export function start(snapshot: DefinitionSnapshot, input: JsonValue, execution: ExecutionInfo): StepResult {
  const { definition } = snapshot;
  const { incoming } = graphIndex(definition);
  const draft = new Draft({
    snapshot,
    input,
    execution,
    nodes: incoming.map((edges) => ({ status: "pending", undecided: edges.length, taken: 0 })),
    edges: definition.edges.map(() => "open"),
    running: 0,
    isFinished: false,
  });
  for (const [position, edges] of incoming.entries()) if (edges.length === 0) draft.ready.push(position);
  return proceed(draft);
}

/**
 * What one input makes of a state, which itself stays as it was. An input that comes twice, late, or from an activity
 * that the state knows nothing of changes nothing. Never throws.
 */
export function step(state: EngineState, input: EngineInput): StepResult {
  if (state.isFinished) return { state, commands: [], journal: [] };
  const draft = new Draft(state);
  return take(draft, input) ? proceed(draft) : { state, commands: [], journal: [] };
}

/** False where the input changes nothing. */
function take(draft: Draft, input: EngineInput): boolean {
  switch (input.type) {
    case "cancel":
      if (draft.ending !== undefined) return false;
      stopRun(draft, { status: "cancelled", reason: input.reason });
      return true;
    case "task_completed":
      return ofRunning(draft, input.activityId, (position) =>
        // A runner that returns nothing leaves no output in the history.
        journalUnkept(draft, position, completeNode(draft, position, input.output ?? null)),
      );
    case "task_failed":
      return ofRunning(draft, input.activityId, (position) => failNode(draft, position, input.failure));
    case "task_cancelled":
      return ofRunning(draft, input.activityId, (position) => {
        if (draft.ending !== undefined) draft.markEnded(position, "cancelled");
        else failNode(draft, position, { code: "CANCELLED", message: "the task was cancelled by itself" });
      });
  }
}

function ofRunning(draft: Draft, activityId: string, take: (position: number) => void): boolean {
  const position = draft.runningNode(activityId);
  if (position !== undefined) take(position);
  return position !== undefined;
}

/** History says that the activity completed, so only the journal can say that its node failed. */
function journalUnkept(draft: Draft, position: number, failure: Failure | null): void {
  if (failure === null) return;
  const { id, type } = draft.node(position);
  draft.journal.push({ kind: "completed", nodeId: id, nodeType: type, status: "failed", failure });
}

/** Enters what has become ready, and ends the run when nothing is left to wait for. */
function proceed(draft: Draft): StepResult {
  // Grows while it is gone through: a node that is skipped or that ends at once makes others ready.
  for (const position of draft.ready) {
    if (draft.ending !== undefined) break;
    const { taken } = draft.state(position);
    const isStart = (draft.index.incoming[position]?.length ?? 0) === 0;
    if (isStart || taken > 0) enter(draft, position);
    else skipNode(draft, position);
  }
  if (draft.running === 0) draft.finish(draft.ending ?? completedOutcome(draft));
  return draft.result();
}

function enter(draft: Draft, position: number): void {
  const node = draft.node(position);
  const behaviour = nodeBehaviour(node.type);
  const unknown = (): Failure => ({ code: "NODE_TYPE_UNKNOWN", message: `unknown node type '${node.type}'` });
  const action = behaviour?.enter(node, contextOf(draft, position)) ?? { type: "fail", failure: unknown() };
  switch (action.type) {
    case "run": {
      const summary = node.name ?? node.id;
      draft.markRunning(position);
      draft.commands.push({ type: "run_task", activityId: node.id, nodeId: node.id, summary, ...action.command });
      return;
    }
    case "complete": {
      draft.journal.push({ kind: "entered", nodeId: node.id, nodeType: node.type });
      const failure = completeNode(draft, position, action.output);
      journalUnkept(draft, position, failure);
      if (failure !== null) return;
      const { output } = action;
      draft.journal.push({ kind: "completed", nodeId: node.id, nodeType: node.type, status: "completed", output });
      return;
    }
    case "fail": {
      const { failure } = action;
      draft.journal.push({ kind: "entered", nodeId: node.id, nodeType: node.type });
      draft.journal.push({ kind: "completed", nodeId: node.id, nodeType: node.type, status: "failed", failure });
      failNode(draft, position, failure);
      return;
    }
  }
}

function contextOf(draft: Draft, position: number): NodeContext {
  const { tasks } = draft.before.snapshot;
  return {
    task: (taskId) => (Object.hasOwn(tasks, taskId) ? tasks[taskId] : undefined),
    render: (template, pointer) => render(draft, template, position, `/nodes/${position}${pointer}`),
  };
}

import type { Failure } from "../core/errors";
import type { JsonValue } from "../core/json";
import { err, ok, type Result } from "../core/result";
import type { Edge } from "../definition/graph-types";
import { expressionText } from "../definition/templates";
import type { Draft } from "./draft";
import type { RunOutcome } from "./engine-types";
import { conditionFailure } from "./failures";
import { outputSize } from "./output";
import { evaluateCondition } from "./scope";

/** Ends a node with an output and decides its outgoing edges. Null; or the failure, where the output cannot be kept. */
export function completeNode(draft: Draft, position: number, output: JsonValue): Failure | null {
  const size = outputSize(output);
  if (!size.ok) {
    failNode(draft, position, size.error);
    return size.error;
  }
  draft.markCompleted(position, output, size.value);
  const decided = decideEdges(draft, position, "success");
  if (!decided.ok) stopRun(draft, { status: "failed", failure: decided.error, nodeId: draft.node(position).id });
  return null;
}

/** Ends a node with a failure. Unless an edge takes it from there, the run fails with it. */
export function failNode(draft: Draft, position: number, failure: Failure): void {
  draft.markFailed(position, failure);
  const nodeId = draft.node(position).id;
  const decided = decideEdges(draft, position, "error");
  if (!decided.ok) stopRun(draft, { status: "failed", failure: decided.error, nodeId });
  else if (decided.value === 0) stopRun(draft, { status: "failed", failure, nodeId });
}

/** No path led here: the node ends without having run, and so do the paths that only it leads to. */
export function skipNode(draft: Draft, position: number): void {
  const { id, type } = draft.node(position);
  draft.markEnded(position, "skipped");
  draft.journal.push({ kind: "completed", nodeId: id, nodeType: type, status: "skipped" });
  for (const edge of draft.index.outgoing[position] ?? []) draft.decideEdge(edge, false);
}

/** Decides all edges out of a node, or none where a condition does not evaluate. The value is how many were taken. */
function decideEdges(draft: Draft, position: number, end: "success" | "error"): Result<number, Failure> {
  if (draft.ending !== undefined) return ok(0);
  const outgoing = draft.index.outgoing[position] ?? [];
  const decisions: boolean[] = [];
  for (const edge of outgoing) {
    const isTaken = followsEdge(draft, edge, position, end);
    if (!isTaken.ok) return isTaken;
    decisions.push(isTaken.value);
  }
  for (const [order, edge] of outgoing.entries()) draft.decideEdge(edge, decisions[order] ?? false);
  return ok(decisions.filter(Boolean).length);
}

function followsEdge(draft: Draft, edge: number, source: number, end: "success" | "error"): Result<boolean, Failure> {
  const { on, condition } = draft.edge(edge);
  if (!matchesEnd(on ?? "success", end)) return ok(false);
  if (condition === undefined) return ok(true);
  const text = expressionText(condition);
  if (!text.ok) return err(conditionFailure(text.error, edge, condition));
  const result = evaluateCondition(draft, text.value.source, source);
  if (result.ok) return result;
  const { message, column } = result.error;
  const at = column === undefined ? { message } : { message, column: text.value.start + column };
  return err(conditionFailure(at, edge, condition));
}

function matchesEnd(on: NonNullable<Edge["on"]>, end: "success" | "error"): boolean {
  switch (on) {
    case "success":
    case "error":
      return on === end;
    case "always":
      return true;
  }
}

/** Nothing new starts from here on; what runs is cancelled, and the run ends when the last of it has ended. */
export function stopRun(draft: Draft, outcome: RunOutcome): void {
  if (draft.ending !== undefined) return;
  draft.endWith(outcome);
  dropUnsentTasks(draft);
  for (const [id, position] of draft.index.positions)
    if (draft.state(position).status === "running") draft.commands.push({ type: "cancel_task", activityId: id });
}

/** Tasks that this very step wanted to start need not be started only to be cancelled. */
function dropUnsentTasks(draft: Draft): void {
  for (const command of draft.commands.splice(0)) {
    if (command.type !== "run_task") draft.commands.push(command);
    else draft.unmarkRunning(draft.index.positions.get(command.nodeId) ?? -1);
  }
}

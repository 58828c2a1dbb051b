import { isJsonObject } from "../core/json";
import type { EngineInput, JournalEntry, RunTaskCommand } from "../engine/engine-types";

/**
 * What the journal says before the commands are carried out: the engine's entries, with child runs' the execution id under which
 * each can be watched.
 */
export function announced(
  journal: readonly JournalEntry[],
  childIds: ReadonlyMap<string, string>,
): readonly JournalEntry[] {
  return journal.map((entry) => withChildId(entry, childIds));
}

function withChildId(entry: JournalEntry, childIds: ReadonlyMap<string, string>): JournalEntry {
  const executionId = childIds.get(entry.nodeId);
  if (entry.kind !== "entered" || executionId === undefined || !isJsonObject(entry.input)) return entry;
  return { ...entry, input: { ...entry.input, execution_id: executionId } };
}

export function taskEntered({ activityId, config }: RunTaskCommand): JournalEntry {
  return { kind: "entered", nodeId: activityId, nodeType: "task", input: config };
}

/** How a task ended that no activity speaks for. */
export function taskEnded(input: EngineInput): readonly JournalEntry[] {
  switch (input.type) {
    case "task_completed":
      return [{ ...completed(input.activityId), status: "completed", output: input.output }];
    case "task_failed":
      return [{ ...completed(input.activityId), status: "failed", failure: input.failure }];
    case "task_cancelled":
      return [{ ...completed(input.activityId), status: "cancelled" }];
    default:
      return [];
  }
}

function completed(nodeId: string) {
  return { kind: "completed", nodeId, nodeType: "task" } as const;
}

/** The driver's entries, without the ends of which the engine has a word of its own, and then the engine's. */
export function merged(own: readonly JournalEntry[], ofEngine: readonly JournalEntry[]): readonly JournalEntry[] {
  const isTold = ({ kind, nodeId }: JournalEntry) =>
    kind === "completed" && ofEngine.some((entry) => entry.kind === "completed" && entry.nodeId === nodeId);
  return [...own.filter((entry) => !isTold(entry)), ...ofEngine];
}

import type { DefinitionSnapshot, WorkflowSnapshot } from "../definition/graph-types";
import { namesIn, taskReferences, workflowReferences } from "../definition/references";

/** What a child run needs of all that its parent's run knows: the tasks and workflows that it may come to. */
export function childSnapshot(parent: DefinitionSnapshot, { definition, hash }: WorkflowSnapshot): DefinitionSnapshot {
  const { tasks, workflows = {} } = parent;
  const called = calledFrom(definition, workflows);
  const definitions = [definition, ...Object.values(called).map((workflow) => workflow.definition)];
  const taskIds = namesIn(definitions.flatMap(taskReferences));
  return { definition, hash, tasks: pick(tasks, taskIds), workflows: called };
}

function calledFrom(
  definition: DefinitionSnapshot["definition"],
  workflows: Readonly<Record<string, WorkflowSnapshot>>,
): Readonly<Record<string, WorkflowSnapshot>> {
  // Grows while it is gone through.
  const ids = new Set(namesIn(workflowReferences(definition)));
  for (const id of ids) {
    const called = Object.hasOwn(workflows, id) ? workflows[id] : undefined;
    if (called !== undefined) for (const name of namesIn(workflowReferences(called.definition))) ids.add(name);
  }
  return pick(workflows, [...ids]);
}

function pick<T>(all: Readonly<Record<string, T>>, ids: readonly string[]): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(all).filter(([id]) => ids.includes(id)));
}

import { allNodes, type NodeAt } from "./bodies";
import type { Definition, TaskCall } from "./graph-types";

/** Where a definition names a stored task or workflow. */
export interface Reference {
  /** As it stands there. */
  readonly id: string;
  /** JSON pointer from the definition's root. */
  readonly pointer: string;
}

/** Every place that names a stored task: nodes, what undoes them, and the tasks of maps; nested graphs included. */
export function taskReferences(definition: Definition): readonly Reference[] {
  return allNodes(definition).flatMap(({ node, pointer }: NodeAt): readonly Reference[] => {
    if (node.type === "map") return ofCall(node.config.task, `${pointer}/config/task`);
    if (node.type !== "task") return [];
    return [...ofCall(node.config, `${pointer}/config`), ...ofCall(node.compensate, `${pointer}/compensate`)];
  });
}

/** Every place that names a stored workflow; nested graphs included. */
export function workflowReferences(definition: Definition): readonly Reference[] {
  return allNodes(definition).flatMap(({ node, pointer }: NodeAt): readonly Reference[] =>
    node.type === "workflow" ? [{ id: node.config.workflow_id, pointer: `${pointer}/config/workflow_id` }] : [],
  );
}

/** Each id once, in order of first mention. */
export function namesIn(references: readonly Reference[]): readonly string[] {
  return [...new Set(references.map(({ id }) => id))];
}

function ofCall(call: TaskCall | undefined, pointer: string): readonly Reference[] {
  return call !== undefined && "task_id" in call ? [{ id: call.task_id, pointer: `${pointer}/task_id` }] : [];
}

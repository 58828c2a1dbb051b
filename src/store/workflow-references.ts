import { invalidArgument } from "../core/errors";
import type { TaskId, WorkflowId } from "../core/ids";
import type { Database, Transaction } from "./database";
import { isForeignKeyViolation } from "./store-errors";

/** The stored tasks and workflows that a definition names, each once, in order of first mention. */
export interface References {
  readonly taskIds: readonly TaskId[];
  readonly workflowIds: readonly WorkflowId[];
}

/** Replaces what the workflow's last definition named. */
export async function writeReferences(
  transaction: Transaction,
  workflowId: WorkflowId,
  { taskIds, workflowIds }: References,
): Promise<void> {
  await transaction.workflowTask.deleteMany({ where: { workflowId } });
  await transaction.workflowCall.deleteMany({ where: { workflowId } });
  const tasks = taskIds.map((taskId, position) => ({ workflowId, position, taskId }));
  const calls = workflowIds.map((calledId, position) => ({ workflowId, position, calledId }));
  if (tasks.length > 0) await transaction.workflowTask.createMany({ data: tasks });
  if (calls.length > 0) await transaction.workflowCall.createMany({ data: calls });
}

/** Says which tasks and workflows a definition names in vain: they were deleted since the caller looked. */
export async function withKnownReferences<T>(
  database: Database,
  references: References | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (references === undefined || !isForeignKeyViolation(error)) throw error;
    const { taskIds, workflowIds } = references;
    const select = { id: true };
    const tasks = await database.run((client) => client.task.findMany({ where: { id: { in: [...taskIds] } }, select }));
    const workflows = await database.run((client) =>
      client.workflow.findMany({ where: { id: { in: [...workflowIds] } }, select }),
    );
    throw invalidArgument([...missing("tasks", taskIds, tasks), ...missing("workflows", workflowIds, workflows)]);
  }
}

function missing(what: string, named: readonly string[], known: readonly { readonly id: string }[]) {
  const gone = named.filter((name) => !known.some(({ id }) => id === name));
  if (gone.length === 0) return [];
  return [{ field: "definition", description: `names ${what} that do not exist: ${gone.join(", ")}` }];
}

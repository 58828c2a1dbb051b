import { parseTaskId, parseWorkflowId, type WorkflowId } from "../../core/ids";
import type { JsonValue } from "../../core/json";
import { MAX_DEFINITION_BYTES } from "../../definition/limits";
import { looseReferences } from "../../definition/loose-references";
import { parseDefinition } from "../../definition/parse-definition";
import { namesIn, type Reference, taskReferences, workflowReferences } from "../../definition/references";
import type { StoredParts } from "../../definition/stored-parts";
import { findCalledWorkflows } from "../../starting/called-workflows";
import { contentHash } from "../../starting/content-hash";
import { isRecordId } from "../../starting/record-ids";
import type { TaskRecord } from "../../store/records";
import type { NewWorkflow, Store } from "../../store/store-port";
import type { RequestCheck } from "../requests/request-check";

/** A definition as the store takes it: as the client wrote it, with the hash of what runs, `version` and `edges` filled in. */
export type DecodedDefinition = Pick<NewWorkflow, "definition" | "definitionHash" | "taskIds" | "workflowIds">;

const NOTHING: DecodedDefinition = { definition: {}, definitionHash: "", taskIds: [], workflowIds: [] };

/**
 * Notes everything that is wrong with the field `definition`, tasks and workflows that do not exist included. `id` is the
 * workflow's that is updated.
 */
export async function decodeDefinition(
  check: RequestCheck,
  store: Store,
  text: string,
  id?: WorkflowId,
): Promise<DecodedDefinition> {
  if (text === "") {
    check.add("definition", "is required: the graph as JSON");
    return NOTHING;
  }
  const definition = check.jsonObject("definition", text, MAX_DEFINITION_BYTES);
  if (check.mentions("definition")) return NOTHING;
  const parsed = parseDefinition(definition);
  if (!parsed.ok) {
    check.addProblems("definition", parsed.error);
    // What is not there is told at once with all else.
    await checkReferences(check, store, { ...looseReferences(definition), id });
    return NOTHING;
  }
  const tasks = taskReferences(parsed.value);
  const workflows = workflowReferences(parsed.value);
  const stored = await checkReferences(check, store, { tasks, workflows, id });
  if (stored.tasks.size + stored.workflows.size > 0) {
    const again = parseDefinition(definition, stored);
    if (!again.ok) check.addProblems("definition", again.error);
  }
  return {
    definition,
    definitionHash: contentHash(parsed.value as unknown as JsonValue),
    taskIds: idsIn(tasks).map((name) => parseTaskId(name)),
    workflowIds: idsIn(workflows).map((name) => parseWorkflowId(name)),
  };
}

interface References {
  readonly tasks: readonly Reference[];
  readonly workflows: readonly Reference[];
  /** Of the workflow that names them. */
  readonly id: WorkflowId | undefined;
}

/** Gives what is there of what is named. */
async function checkReferences(
  check: RequestCheck,
  store: Store,
  { tasks, workflows, id }: References,
): Promise<StoredParts> {
  const known = await checkTasks(check, store, tasks);
  const called = await findCalledWorkflows(store, { references: workflows, ...(id === undefined ? {} : { id }) });
  check.addProblems("definition", called.problems);
  return {
    tasks: new Map(known.map((task) => [task.id, task])),
    workflows: new Map(
      Object.entries(called.workflows).map(([name, { name: title, definition }]) => [
        name.toLowerCase(),
        { name: title, inputSchema: definition.input_schema },
      ]),
    ),
  };
}

/** Each task that is not there is a violation at every place that names it. */
async function checkTasks(
  check: RequestCheck,
  store: Store,
  references: readonly Reference[],
): Promise<readonly TaskRecord[]> {
  const ids = idsIn(references).map((id) => parseTaskId(id));
  const tasks = await store.getTasks(ids);
  const known = new Set<string>(tasks.map((task) => task.id));
  for (const { id, pointer } of references) {
    if (known.has(id.toLowerCase())) continue;
    check.add(`definition${pointer}`, `there is no task ${JSON.stringify(id.slice(0, 64))}`, "TASK_REFERENCE");
  }
  return tasks;
}

/** The ids among the names, each once however it is spelt. */
function idsIn(references: readonly Reference[]): readonly string[] {
  return [
    ...new Set(
      namesIn(references)
        .filter(isRecordId)
        .map((name) => name.toLowerCase()),
    ),
  ];
}

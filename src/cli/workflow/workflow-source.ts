import { createHash } from "node:crypto";
import fs from "node:fs";
import { isJsonObject, type JsonValue } from "../../core/json";
import { canonicalJson } from "../../definition/canonical-json";
import type { TaskSnapshot, ValidDefinition } from "../../definition/graph-types";
import { parseDefinition } from "../../definition/parse-definition";
import type { Task } from "../../gen/proto/tasks";
import type { Workflow } from "../../gen/proto/workflows";
import { withSession } from "../connection/client-session";
import type { Connection } from "../connection/connection";
import { isServiceError, STATUS } from "../connection/rpc-errors";
import { usageError } from "../exit-codes";
import type { ClientOptions } from "../options/command-options";
import { parseDocument } from "../options/values";
import { readWorkflowFile } from "./definition-file";
import { problemText } from "./problem-text";
import { workflowVersion } from "./workflow-version";

/** A workflow from a file or from a server. */
export interface WorkflowSource {
  readonly name: string;
  readonly description: string;
  /** Of a stored one. */
  readonly id?: string;
  readonly version?: number;
  /** SHA-256 of the definition's canonical JSON, as records and events have it. */
  readonly hash: string;
  readonly definition: ValidDefinition;
  /** The stored tasks that it names, where a server could be asked for them. */
  readonly tasks: Readonly<Record<string, TaskSnapshot>>;
}

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether what was named is a stored workflow: it looks like an id, and no file has that name. */
export function isWorkflowId(fileOrId: string): boolean {
  return ID.test(fileOrId) && !fs.existsSync(fileOrId);
}

/** Reads a file without a server, or asks the server for an id. Throws a usage error that names every problem. */
export async function readWorkflowSource(fileOrId: string, options: ClientOptions): Promise<WorkflowSource> {
  if (!isWorkflowId(fileOrId)) {
    const file = await readWorkflowFile(fileOrId, "Only workflows have a graph.");
    const { name, description } = file;
    return { name, description, ...checked(file.definition, fileOrId), tasks: {} };
  }
  let source: WorkflowSource | undefined;
  await withSession(options, async ({ connection }) => {
    source = await storedWorkflow(connection, fileOrId);
  });
  if (source === undefined) throw new Error(`no answer for workflow ${fileOrId}`);
  return source;
}

async function storedWorkflow(connection: Connection, id: string): Promise<WorkflowSource> {
  const workflow = await connection.call<Workflow>((...call) => connection.workflows.getWorkflow({ id }, ...call));
  const newest = await workflowVersion(connection, { workflowId: id });
  const snapshots = await Promise.all(workflow.taskIds.map((taskId) => taskSnapshot(connection, taskId)));
  return {
    id,
    name: workflow.name,
    description: workflow.description,
    ...(newest === undefined ? {} : { version: newest.version }),
    ...checked(await parseDocument(workflow.definition, `workflow ${id}`), `workflow ${id}`),
    tasks: Object.fromEntries(snapshots.flat()),
  };
}

/** None where the task has been deleted since. */
async function taskSnapshot(connection: Connection, id: string): Promise<readonly [string, TaskSnapshot][]> {
  try {
    const task = await connection.call<Task>((...call) => connection.tasks.getTask({ id }, ...call));
    const config: JsonValue = JSON.parse(task.config);
    const { title, taskType, workspacePath } = task;
    return isJsonObject(config) ? [[id, { title, taskType, config, workspacePath }]] : [];
  } catch (error) {
    if (isServiceError(error) && error.code === STATUS.notFound) return [];
    throw error;
  }
}

function checked(value: JsonValue, name: string): Pick<WorkflowSource, "definition" | "hash"> {
  const parsed = parseDefinition(value);
  if (!parsed.ok) throw usageError(`${name} is no valid definition\n${parsed.error.map(problemText).join("\n")}`);
  const definition = parsed.value;
  const hash = createHash("sha256")
    .update(canonicalJson(definition as unknown as JsonValue), "utf8")
    .digest("hex");
  return { definition, hash };
}

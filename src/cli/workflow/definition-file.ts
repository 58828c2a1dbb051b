import path from "node:path";
import { isJsonObject, type JsonObject, type JsonValue } from "../../core/json";
import { usageError } from "../exit-codes";
import { parseDocument, readSource, readStandardInput, type TextSource } from "../options/values";

/** A file of one task. Field names as in `CreateTaskRequest`. */
export interface TaskFile {
  readonly kind: "task";
  readonly title: string;
  readonly description: string;
  readonly taskType: string;
  readonly config: JsonObject;
  readonly metadata?: JsonObject;
  readonly workspacePath?: string;
}

/** A file of a graph definition. */
export interface WorkflowFile {
  readonly kind: "workflow";
  readonly name: string;
  readonly description: string;
  /** Not checked here: the server says all that is wrong with it at once. */
  readonly definition: JsonObject;
  readonly source: SourceText;
}

/** Where a definition was read. */
export interface SourceText {
  /** For messages. */
  readonly name: string;
  readonly text: string;
}

const TASK_FIELDS = ["title", "description", "task_type", "config", "metadata", "workspace_path"];

const WHAT_FILES_HOLD =
  "A workflow holds `nodes` and `edges` (and may hold `name` and `description` beside them); a task holds `task_type` and `config`.";

/**
 * Reads a JSON or YAML file, or standard input for `-`. A workflow's `name` and `description` may stand beside its nodes:
 * they are fields of the record and not part of the definition. Without a name it is the file's. Throws usage errors.
 */
export async function readDefinitionFile(file: string, stdin: TextSource): Promise<TaskFile | WorkflowFile> {
  const text = readSource(file, stdin);
  return definitionIn(await parseDocument(text, nameOf(file)), file, text);
}

/** The same where only a workflow will do; `hint` says so to whoever gave a task. */
export async function readWorkflowFile(file: string, hint: string): Promise<WorkflowFile> {
  const content = await readDefinitionFile(file, readStandardInput);
  if (content.kind === "workflow") return content;
  throw usageError(`${file} holds a task`, hint);
}

/** The same of a document that was read already from that text. */
export function definitionIn(document: JsonValue, file: string, text: string): TaskFile | WorkflowFile {
  const name = nameOf(file);
  if (!isJsonObject(document)) throw usageError(`${name} must hold an object`, WHAT_FILES_HOLD);
  const fallbackName = file === "-" ? "stdin" : path.basename(file, path.extname(file));
  if ("nodes" in document) return workflowFile(document, { name, text }, fallbackName);
  if ("task_type" in document) return taskFile(document, name, fallbackName);
  throw usageError(`${name} holds neither a workflow nor a task`, WHAT_FILES_HOLD);
}

/** What a file is called in messages. */
export function nameOf(file: string): string {
  return file === "-" ? "standard input" : file;
}

function workflowFile(document: JsonObject, source: SourceText, fallbackName: string): WorkflowFile {
  // `$schema` is for editors.
  const { name, description, $schema: _, ...definition } = document;
  return {
    kind: "workflow",
    name: text(name, "name", source.name) ?? fallbackName,
    description: text(description, "description", source.name) ?? "",
    definition,
    source,
  };
}

function taskFile(document: JsonObject, file: string, fallbackName: string): TaskFile {
  const unknown = Object.keys(document).filter((key) => !TASK_FIELDS.includes(key));
  if (unknown.length > 0)
    throw usageError(`${file} holds unknown fields: ${unknown.join(", ")}`, `A task holds ${TASK_FIELDS.join(", ")}.`);
  const { metadata, workspace_path } = document;
  const workspacePath = text(workspace_path, "workspace_path", file);
  return {
    kind: "task",
    title: text(document["title"], "title", file) ?? fallbackName,
    description: text(document["description"], "description", file) ?? "",
    taskType: text(document["task_type"], "task_type", file) ?? "",
    config: object(document["config"] ?? {}, "config", file),
    ...(metadata === undefined ? {} : { metadata: object(metadata, "metadata", file) }),
    ...(workspacePath === undefined ? {} : { workspacePath }),
  };
}

function text(value: JsonValue | undefined, field: string, file: string): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  throw usageError(`${file}: ${field} must be a text`);
}

function object(value: JsonValue, field: string, file: string): JsonObject {
  if (isJsonObject(value)) return value;
  throw usageError(`${file}: ${field} must be an object`);
}

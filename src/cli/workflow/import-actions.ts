import path from "node:path";
import { isJsonObject, type JsonObject, type JsonValue } from "../../core/json";
import type { Problem } from "../../definition/graph-types";
import { type Imported, importSource, languageOf } from "../../import/import-source";
import { type MappedTask, readMapping, type TaskMapping } from "../../import/task-mapping";
import { EXIT_CODES, usageError } from "../exit-codes";
import { onceOnly, parseDocument, readSource, readStandardInput, type TextSource } from "../options/values";
import { writeText } from "../output/output";
import { harmlessLine } from "../output/terminal-text";
import { nameOf } from "./definition-file";
import { type Positions, positionsIn } from "./document-positions";
import type { ImportCommandOptions } from "./import-command";
import { placeText, problemText } from "./problem-text";

export async function importWorkflow(file: string, options: ImportCommandOptions): Promise<void> {
  const stdin = onceOnly(readStandardInput);
  const text = readSource(file, stdin);
  const source = await parseDocument(text, nameOf(file));
  const from = options.from ?? languageOf(source);
  if (from === undefined || !isJsonObject(source))
    throw usageError(
      `${nameOf(file)} holds neither a state machine nor steps`,
      "A state machine holds `StartAt` and `States`, a list of steps holds `steps`.",
    );
  const { loopMax } = options;
  const tasks = await readTasks(options, stdin);
  const imported = importSource(source, { from, tasks, ...(loopMax === undefined ? {} : { loopMax }) });
  await report(imported, nameOf(file), text);
  if (imported.definition === null) {
    process.exitCode = EXIT_CODES.usage;
    return;
  }
  writeText(await yamlOf(imported, file), options.output);
}

async function readTasks({ task = [], tasks }: ImportCommandOptions, stdin: TextSource): Promise<TaskMapping> {
  const found = new Map<string, MappedTask>();
  const add = (name: string, given: JsonValue, where: string) => {
    const read = readMapping(given);
    if (!read.ok) throw usageError(`${where}: ${read.error}`);
    found.set(name, read.value);
  };
  if (tasks !== undefined) {
    const entries = await parseDocument(readSource(tasks, stdin), nameOf(tasks));
    if (!isJsonObject(entries)) throw usageError(`${nameOf(tasks)} must hold an object: tasks by name`);
    for (const [name, given] of Object.entries(entries)) add(name, given, `${nameOf(tasks)}: ${name}`);
  }
  for (const given of task) {
    // A resource may hold a '=', an id does not.
    const at = given.lastIndexOf("=");
    if (at < 1)
      throw usageError(`--task ${given}: must be NAME=TASK_ID, NAME=TYPE:TASK_ID or NAME=workflow:WORKFLOW_ID`);
    add(given.slice(0, at), given.slice(at + 1), `--task ${given}`);
  }
  return found;
}

/** To standard error: the definition alone goes to standard output. */
async function report({ problems, notes, problemsOfResult }: Imported, file: string, text: string): Promise<void> {
  if (problems.length + notes.length + problemsOfResult.length === 0) return;
  const positions = await positionsIn(text);
  const lines = [
    ...problems.map((problem) => problemLine(file, problem, "", positions)),
    ...problemsOfResult.map((problem) => `${file}: in the definition made of it: ${problemText(problem)}`),
    ...notes.map((note) => problemLine(file, note, "note: ", positions)),
  ];
  for (const line of lines) process.stderr.write(`${harmlessLine(line)}\n`);
}

function problemLine(file: string, problem: Problem, kind: string, positions: Positions): string {
  return `${placeText(file, positions(problem.pointer))}: ${kind}${problemText(problem)}`;
}

async function yamlOf({ definition, name, description }: Imported, file: string): Promise<string> {
  const { stringify } = await import("yaml");
  const fallback = file === "-" ? undefined : path.basename(file).replace(/(?:\.(?:asl|steps))?\.[^.]+$/, "");
  const record: JsonObject = {
    ...((name ?? fallback) === undefined ? {} : { name: name ?? fallback ?? "" }),
    ...(description === undefined ? {} : { description }),
  };
  return stringify({ ...record, ...definition }, { lineWidth: 120, aliasDuplicateObjects: false });
}

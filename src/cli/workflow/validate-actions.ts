import { readClientConfig } from "../../config";
import { isJsonObject, type JsonValue } from "../../core/json";
import { parseDefinition } from "../../definition/parse-definition";
import { publishedSchema } from "../../definition/published-schema";
import { EXIT_CODES, usageError } from "../exit-codes";
import { parseDocument, readSource, readStandardInput } from "../options/values";
import { printView } from "../output/output";
import { jsonText } from "../output/terminal-text";
import { definitionIn, nameOf } from "./definition-file";
import { worstCaseTables } from "./describe-worst-case";
import { positionsIn } from "./document-positions";
import type { OfflineOptions } from "./validate-command";
import { problemsView, validView } from "./validate-view";

/** Problems are what was asked for, so they go to standard output; the exit code tells that there are some. */
export async function validateWorkflow(file: string, options: OfflineOptions): Promise<void> {
  const { format } = readClientConfig(options);
  const text = readSource(file, readStandardInput);
  const parsed = parseDefinition(definitionOf(await parseDocument(text, nameOf(file)), file, text));
  if (parsed.ok) {
    printView(validView(nameOf(file), worstCaseTables({ definition: parsed.value, tasks: {} })), format);
    return;
  }
  printView(problemsView(nameOf(file), parsed.error, await positionsIn(text)), format);
  process.exitCode = EXIT_CODES.usage;
}

/** What holds neither nodes nor a task is looked at too: a slip in `nodes` is then told as one. */
function definitionOf(document: JsonValue, file: string, text: string): JsonValue {
  if (isJsonObject(document) && !("nodes" in document) && !("task_type" in document)) return document;
  const content = definitionIn(document, file, text);
  if (content.kind === "workflow") return content.definition;
  throw usageError(`${nameOf(file)} holds a task`, "Only workflows have a definition.");
}

/** Indented, as it is read by people too, and goes into a file. */
export function printSchema(): void {
  process.stdout.write(`${jsonText(publishedSchema(), 2)}\n`);
}

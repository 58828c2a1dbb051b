import fs from "node:fs";
import path from "node:path";
import { isJsonObject, type JsonObject, type JsonValue } from "../../core/json";
import { isDeeperThan } from "../../core/json-depth";
import { MAX_NESTING } from "../../definition/limits";
import { type CliError, isCliError, usageError } from "../exit-codes";
import { doubledKey } from "../workflow/doubled-keys";

/** The largest message that a server takes (gRPC's default); a wrong `@/dev/zero` ends here. */
export const MAX_INPUT_BYTES = 4 * 1024 * 1024;

/** Where `-` is read from; a test gives its own. */
export type TextSource = () => string;

/** Standard input whole, once; it cannot be read twice. */
export function readStandardInput(): string {
  return readBounded(0, "standard input");
}

/** Standard input can be read once; a second `-` on one command line is a mistake and would find nothing. */
export function onceOnly(source: TextSource): TextSource {
  let isRead = false;
  return () => {
    if (isRead) throw usageError("- stands for standard input, which can be read only once");
    isRead = true;
    return source();
  };
}

/** What `-` or a file's name stands for. `what` names it in messages. Throws a usage error. */
export function readSource(name: string, stdin: TextSource): string {
  return name === "-" ? stdin() : readBounded(name, name);
}

function readBounded(file: string | number, name: string): string {
  const chunks: Buffer[] = [];
  let size = 0;
  let descriptor: number | undefined;
  try {
    descriptor = typeof file === "number" ? file : fs.openSync(file, "r");
    for (;;) {
      const chunk = Buffer.alloc(65_536);
      const bytes = readSome(descriptor, chunk);
      if (bytes === 0) break;
      size += bytes;
      if (size > MAX_INPUT_BYTES) throw usageError(`${name} is larger than ${MAX_INPUT_BYTES / 1024 / 1024} MiB`);
      chunks.push(chunk.subarray(0, bytes));
    }
  } catch (error) {
    throw isSystemError(error) ? usageError(`cannot read ${name}: ${systemReason(error)}`) : error;
  } finally {
    if (descriptor !== undefined && descriptor !== 0) fs.closeSync(descriptor);
  }
  return decodeText(Buffer.concat(chunks), name);
}

/** Without a byte order mark. What is no text is refused as that: a parser would complain of some character in it. */
function decodeText(bytes: Buffer, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw usageError(`${name} is not text in UTF-8`);
  }
}

/** A pipe that is not blocking says EAGAIN while its writer is slow; wait a little and look again. */
function readSome(descriptor: number, chunk: Buffer): number {
  for (;;) {
    try {
      return fs.readSync(descriptor, chunk);
    } catch (error) {
      if (!isSystemError(error) || error.code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

/** Not by class: Node's own errors are of another realm than code under Jest. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException & { code: string } {
  return typeof error === "object" && error !== null && "syscall" in error && "code" in error;
}

function systemReason(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "there is no such file";
  if (error.code === "EISDIR") return "it is a folder";
  if (error.code === "EACCES") return "permission denied";
  return error.message;
}

/** A document in JSON or YAML: by the file's extension, otherwise JSON where it parses, and YAML, in which `{` may begin a value too. */
export async function parseDocument(text: string, name: string): Promise<JsonValue> {
  if (text.trim() === "") throw usageError(`${name} is empty`);
  const extension = path.extname(name).toLowerCase();
  if (extension === ".json") return onlyOnce(parseJson(text, name), text, name);
  if (extension !== ".yaml" && extension !== ".yml") {
    const json = tryJson(text);
    if (json !== undefined) return onlyOnce(usable(json, name), text, name);
    if (/^\s*[{[]/.test(text)) return (await tryYaml(text, name)) ?? parseJson(text, name);
  }
  return usable(await parseYaml(text, name), name);
}

/** As YAML has it of its own. */
async function onlyOnce(value: JsonValue, text: string, name: string): Promise<JsonValue> {
  const doubled = await doubledKey(text, value);
  if (doubled !== undefined) throw usageError(`${name} cannot be used: ${doubled}`);
  return value;
}

async function parseYaml(text: string, name: string): Promise<JsonValue> {
  // Loaded only here: it would cost every command a tenth of a second.
  const { parse } = await import("yaml");
  try {
    const value: unknown = parse(text, { stringKeys: true });
    return JSON.parse(JSON.stringify(value ?? null, (_key, each: unknown) => finite(each, name))) as JsonValue;
  } catch (error) {
    if (isCliError(error)) throw error;
    throw usageError(`${name} is not valid YAML: ${yamlReason(error)}`);
  }
}

/** What the parser says, but where that is advice to programmers. */
function yamlReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && error.code === "MULTIPLE_DOCS")
    return "it holds several documents (---); only one can be used";
  // The parser recurses, and passes the end of the stack on as a syntax error.
  if (error.message.startsWith("Maximum call stack size exceeded")) return TOO_DEEP;
  return error.message.trimEnd();
}

const TOO_DEEP = `it is nested deeper than ${MAX_NESTING} levels`;

/** Throws where it is nested too deep, and where sending it would change it. */
function usable(value: JsonValue, name: string): JsonValue {
  if (isDeeperThan(value, MAX_NESTING)) throw usageError(`${name} cannot be used: ${TOO_DEEP}`);
  JSON.stringify(value, (_key, each: unknown) => finite(each, name));
  return value;
}

/** Throws for `1e999`, and for YAML's `.inf` and `.nan`: written as JSON they would be null. */
function finite(value: unknown, name: string): unknown {
  if (typeof value !== "number" || Number.isFinite(value)) return value;
  throw usageError(`${name} cannot be used: it holds ${value}, which JSON has no number for`);
}

export function parseJson(text: string, name: string): JsonValue {
  try {
    return usable(JSON.parse(text) as JsonValue, name);
  } catch (error) {
    if (isCliError(error)) throw error;
    throw usageError(`${name} is not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Undefined where it is no YAML either: what JSON's parser says of it helps more then. */
async function tryYaml(text: string, name: string): Promise<JsonValue | undefined> {
  const { parseDocument: parse } = await import("yaml");
  return parse(text, { stringKeys: true }).errors.length > 0 ? undefined : usable(await parseYaml(text, name), name);
}

function tryJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** `JSON`, `@FILE` (JSON or YAML) or `-` (standard input). */
export async function readJsonValue(option: string, given: string, stdin: TextSource): Promise<JsonValue> {
  if (given === "-") return parseDocument(stdin(), "standard input");
  if (given.startsWith("@")) return parseDocument(readSource(given.slice(1), stdin), given.slice(1));
  return parseJson(given, option);
}

/** `--input` as JSON. An empty text, which removes an input, stays one; undefined where nothing is given. */
export async function readInput(given: string | undefined, stdin: TextSource): Promise<string | undefined> {
  if (given === undefined || given === "") return given;
  return JSON.stringify(await readJsonValue("--input", given, stdin));
}

/**
 * A JSON object from one or more of `JSON`, `@FILE`, `-`, `KEY=TEXT` and `KEY:=JSON`, later ones over earlier ones. The two
 * signs are those of HTTPie: a text that looks like JSON (`command=true`) stays a text.
 */
export async function readJsonObject(
  option: string,
  given: readonly string[],
  stdin: TextSource,
): Promise<JsonObject | undefined> {
  if (given.length === 0) return undefined;
  const parts: JsonObject[] = [];
  for (const text of given) {
    const [, key, sign, value] = /^([A-Za-z_][\w.-]*)(:?=)(.*)$/s.exec(text) ?? [];
    if (key === undefined && !/^(?:-$|@|\s*\{)/.test(text)) throw notAnObject(option);
    const part =
      key === undefined || value === undefined
        ? await readJsonValue(option, text, stdin)
        : { [key]: sign === "=" ? value : parseJson(value, `${option} ${key}`) };
    if (!isJsonObject(part)) throw notAnObject(option);
    parts.push(part);
  }
  return Object.assign({}, ...parts) as JsonObject;
}

function notAnObject(option: string): CliError {
  return usageError(`${option} must be a JSON object, @FILE, -, KEY=TEXT or KEY:=JSON`);
}

import fs from "node:fs";
import type { OutputFormat } from "../../config";
import { assertNever } from "../../core/assert-never";
import { usageError } from "../exit-codes";
import { jsonText } from "./terminal-text";

/** What a command found, in each format. Functions, so that only the one that is shown is made. */
export interface View {
  /** Lines for a terminal of so many columns. */
  table(width: number): readonly string[];
  /** Lines for other programs. */
  plain(): readonly string[];
  /** One JSON value, keys in snake_case. What is undefined, such as what is absent on the wire, is left out of it. */
  json(): unknown;
}

/** Where a terminal says nothing: the size of the VT100. */
export const DEFAULT_WIDTH = 80;
export const DEFAULT_HEIGHT = 24;

/** Prints to standard output. JSON stands on one line where it is piped and is indented for a person. */
export function printView(view: View, format: OutputFormat): void {
  const { stdout } = process;
  // A file or a pipe is as wide as it needs to be.
  const width = stdout.isTTY === true ? stdout.columns || DEFAULT_WIDTH : Number.POSITIVE_INFINITY;
  for (const line of viewLines(view, format, width, stdout.isTTY === true)) stdout.write(`${line}\n`);
}

/** Of `--output`: nothing, or `-` as where something is read. */
export function isStandardOutput(file: string | undefined): file is "-" | undefined {
  return file === undefined || file === "-";
}

/** Writes a text to a file, or to standard output. Throws a usage error where the file cannot be written. */
export function writeText(text: string, file: string | undefined): void {
  if (isStandardOutput(file)) {
    process.stdout.write(text);
    return;
  }
  try {
    fs.writeFileSync(file, text);
  } catch (error) {
    throw usageError(`cannot write ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function viewLines(view: View, format: OutputFormat, width: number, isTerminal: boolean): readonly string[] {
  switch (format) {
    case "table":
      return view.table(width);
    case "plain":
      return view.plain();
    case "json":
      return [isTerminal ? jsonText(view.json(), 2) : jsonText(view.json())];
    default:
      return assertNever(format, "format");
  }
}

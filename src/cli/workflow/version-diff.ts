import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import { stringify } from "yaml";
import type { WorkflowVersion } from "../../gen/proto/executions";
import { usageError } from "../exit-codes";
import type { View } from "../output/output";
import { shortHash } from "../output/short-hash";
import { harmless } from "../output/terminal-text";

/** Lines around a change, as `diff -u` has them. */
const CONTEXT_LINES = 3;

/** Two definitions of the largest size that have nothing in common take minutes; anything else takes milliseconds. */
const DIFF_TIMEOUT_MS = 5_000;

/** Long lines are not broken: a broken line would differ where its text does not. */
const YAML_OPTIONS = { lineWidth: 0 } as const;

/** SGR codes, as `git diff` has them: bold, cyan, red and green. */
const COLORS = { file: 1, place: 36, removed: 31, added: 32 } as const;

/** What leads from one version to the other; JSON has the same text with the versions beside it. */
export function diffView(from: WorkflowVersion, to: WorkflowVersion, color: boolean): View {
  const lines = diffLines(from, to);
  const version = ({ version, definitionHash }: WorkflowVersion) => ({ version, definition_hash: definitionHash });
  return {
    table: () => (lines.length === 0 ? [sameText(from, to)] : lines.map((line) => (color ? coloured(line) : line))),
    plain: () => lines,
    json: () => ({ from: version(from), to: version(to), diff: lines.map((line) => `${line}\n`).join("") }),
  };
}

/** A unified diff of the two definitions in YAML, made harmless; empty where they say the same. */
export function diffLines(from: WorkflowVersion, to: WorkflowVersion): readonly string[] {
  if (from.definitionHash === to.definitionHash) return [];
  const name = ({ version, definitionHash }: WorkflowVersion) => `version ${version} (${shortHash(definitionHash)})`;
  const patch = createTwoFilesPatch(name(from), name(to), yamlOf(from), yamlOf(to), from.createdAt, to.createdAt, {
    context: CONTEXT_LINES,
    headerOptions: FILE_HEADERS_ONLY,
    timeout: DIFF_TIMEOUT_MS,
  });
  if (patch === undefined) throw usageError("the two versions differ too much to be compared");
  return harmless(patch).trimEnd().split("\n");
}

function yamlOf({ definition }: WorkflowVersion): string {
  return stringify(JSON.parse(definition ?? "{}"), YAML_OPTIONS);
}

function sameText(from: WorkflowVersion, to: WorkflowVersion): string {
  return `versions ${from.version} and ${to.version} are the same`;
}

function coloured(line: string): string {
  const code = colorOf(line);
  return code === undefined ? line : `\u001b[${code}m${line}\u001b[0m`;
}

function colorOf(line: string): number | undefined {
  if (/^(---|\+\+\+) version /.test(line)) return COLORS.file;
  if (line.startsWith("@@")) return COLORS.place;
  if (line.startsWith("-")) return COLORS.removed;
  return line.startsWith("+") ? COLORS.added : undefined;
}

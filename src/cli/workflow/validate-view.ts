import type { Problem } from "../../definition/graph-types";
import type { View } from "../output/output";
import { tabLines, tableLines } from "../output/table";
import { harmlessLine } from "../output/terminal-text";
import { longestText, type WorstCaseTables } from "./describe-worst-case";
import type { Position, Positions } from "./document-positions";
import { placeText, problemText } from "./problem-text";

type PlacedProblem = Problem & Partial<Position>;

/** What is wrong with a definition, one problem a line, as compilers say it, from the top of the file to its end. */
export function problemsView(file: string, problems: readonly Problem[], positions: Positions): View {
  const placed = problems
    .map((problem): PlacedProblem => ({ ...problem, ...positions(problem.pointer) }))
    .sort((left, right) => (left.line ?? 0) - (right.line ?? 0) || (left.column ?? 0) - (right.column ?? 0));
  const lines = placed.map((problem) => harmlessLine(problemLine(file, problem)));
  const sum = `${file} has ${problems.length === 1 ? "1 problem" : `${problems.length} problems`}`;
  return { table: () => [...lines, "", sum], plain: () => lines, json: () => ({ valid: false, problems: placed }) };
}

/** `build.yaml:12:5: NODE_UNKNOWN /edges/0/target: there is no node 'biuld'; did you mean 'build'?` */
function problemLine(file: string, { line, column, ...problem }: PlacedProblem): string {
  const place = line === undefined || column === undefined ? undefined : { line, column };
  return `${placeText(file, place)}: ${problemText(problem)}`;
}

/** That nothing is wrong, and what a run costs at worst beside Temporal's limits. */
export function validView(file: string, { worst, verdicts, limits }: WorstCaseTables): View {
  const longest = longestText(worst.longestMs);
  return {
    table: (width) => [`${file} is valid`, "", ...tableLines(limits, width), "", `One run takes at most: ${longest}`],
    plain: () => [`valid: ${file}`, `longest: ${longest}`, ...tabLines(limits).map((line) => `limit: ${line}`)],
    json: () => ({ valid: true, problems: [], limits: verdicts, longest_ms: worst.longestMs }),
  };
}

import type { Problem } from "../../definition/graph-types";
import { fieldViolations, isServiceError, violationText } from "../connection/rpc-errors";
import { CliError, EXIT_CODES, type ExitCode } from "../exit-codes";
import type { SourceText, WorkflowFile } from "./definition-file";
import { positionsIn } from "./document-positions";
import { problemsView } from "./validate-view";

const FIELD = /^definition(?=\/|$)/;

/** Says where in the file the problems are for which a server refuses a definition, as `aco workflow validate` does. */
export async function withPlaces<T>(source: SourceText | undefined, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    const violations = isServiceError(error) ? fieldViolations(error) : [];
    const isPlaced = ({ field, reason }: (typeof violations)[number]) => FIELD.test(field) && reason !== undefined;
    const problems = violations.filter(isPlaced).map(({ field, description, reason = "" }): Problem => {
      return { code: reason, pointer: field.replace(FIELD, ""), message: description };
    });
    if (source === undefined || problems.length === 0) throw error;
    const others = violations.filter((violation) => !isPlaced(violation)).map(violationText);
    throw await refusal(source, problems, EXIT_CODES.failed, others);
  }
}

/** Throws a usage error where something is wrong with a definition. */
export async function refuseProblems({ definition, source }: WorkflowFile): Promise<void> {
  // With the whole language, which takes longer to load than all else.
  const { parseDefinition } =
    require("../../definition/parse-definition") as typeof import("../../definition/parse-definition");
  const parsed = parseDefinition(definition);
  if (!parsed.ok) throw await refusal(source, parsed.error, EXIT_CODES.usage);
}

async function refusal(
  { name, text }: SourceText,
  problems: readonly Problem[],
  exitCode: ExitCode,
  others: readonly string[] = [],
): Promise<CliError> {
  const lines = [...problemsView(name, problems, await positionsIn(text)).plain(), ...others];
  if (lines.length === 1) return new CliError(exitCode, lines.join());
  return new CliError(exitCode, `${lines.length} problems\n${lines.map((line) => `  ${line}`).join("\n")}`);
}

import { type FieldViolation, invalidArgument, type OrchestratorError } from "../core/errors";
import type { Problem } from "../definition/graph-types";

/** What the definition's parsers found in the JSON of `field`, as a request's violations. */
export function violationsOf(field: string, problems: readonly Problem[]): readonly FieldViolation[] {
  return problems.map(({ code, pointer, message, suggestion }) => {
    const hint = suggestion === undefined || message.includes(suggestion) ? "" : ` (did you mean "${suggestion}"?)`;
    return { field: `${field}${pointer}`, description: `${message}${hint}`, reason: code };
  });
}

/** INVALID_ARGUMENT for them. */
export function problemsRefused(field: string, problems: readonly Problem[]): OrchestratorError {
  return invalidArgument(violationsOf(field, problems));
}

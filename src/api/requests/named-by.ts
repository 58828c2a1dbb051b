import { OrchestratorError } from "../../core/errors";
import type { NamedBy } from "../../store/store-port";

/** A message names at most this many workflows; a person needs one to go on. */
const MAX_NAMED_WORKFLOWS = 5;

/** FAILED_PRECONDITION: what should go is named by workflows, which the message names. */
export function namedBy(what: "task" | "workflow", id: string, { namedBy }: NamedBy): OrchestratorError {
  const names = namedBy.slice(0, MAX_NAMED_WORKFLOWS).map((workflow) => `"${workflow.name}" (${workflow.id})`);
  const more = namedBy.length > names.length ? ` and ${namedBy.length - names.length} more` : "";
  return new OrchestratorError(
    "FAILED_PRECONDITION",
    `${what} ${id} is named by ${namedBy.length === 1 ? "the workflow" : "the workflows"} ${names.join(", ")}${more}; ` +
      "change or delete that first",
  );
}

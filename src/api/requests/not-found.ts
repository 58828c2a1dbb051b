import { OrchestratorError } from "../../core/errors";

/** NOT_FOUND that names what was looked for. */
export function notFound(what: "task" | "workflow" | "execution", id: string): OrchestratorError {
  return new OrchestratorError("NOT_FOUND", `there is no ${what} ${id}`);
}
